from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from core import dated


class Command(BaseCommand):
    help = "Load each room's data/dated_rules.json; versions that exist stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        for config in apps.get_app_configs():
            path = Path(config.path) / "data" / "dated_rules.json"
            if path.exists():
                self.stdout.write(f"{config.label}: {dated.load(path)} new rules")
