from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"

    def ready(self) -> None:
        from screening import tasks  # noqa: F401  (registers the outbox's subscribers)
