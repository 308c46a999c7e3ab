from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import tasks  # noqa: F401  (registers the outbox's subscribers)
