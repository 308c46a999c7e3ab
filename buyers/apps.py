from django.apps import AppConfig


class BuyersConfig(AppConfig):
    name = "buyers"

    def ready(self) -> None:
        from buyers import tasks  # noqa: F401  (registers the outbox's subscribers)
