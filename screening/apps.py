from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"

    def ready(self) -> None:
        from screening import checks, tasks  # noqa: F401  (register checks and the outbox's subscribers)
