import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from calls import actions
from calls.models import Notice
from core.actors import System

PATH = Path(__file__).resolve().parent.parent.parent / "data" / "notices.json"


class Command(BaseCommand):
    help = "Publish the notices of the program's record (calls/data/notices.json); those that exist stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        now, by = timezone.now(), System("record")
        for row in json.loads(PATH.read_text()):
            if not Notice.objects.filter(slug=row["slug"]).exists():
                fields = row | {"issued_date": date.fromisoformat(row["issued_date"])}
                actions.publish_notice(actions.draft_notice(by=by, now=now, **fields), by=by, now=now)
        self.stdout.write(f"{Notice.objects.count()} notices")
