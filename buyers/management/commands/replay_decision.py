from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from buyers import replaying


class Command(BaseCommand):
    help = "Derive a decision again from what was kept with it, and name whatever differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("decision", type=int, help="the number of the decision, as on its case page")

    def handle(self, *args: Any, decision: int, **options: Any) -> None:
        kept = replaying.record(decision)
        if kept is None:
            raise CommandError(f"There is no decision {decision}: take the number from the page of its case.")
        if found := replaying.differences(kept):
            for line in found:
                self.stderr.write(line)
            raise CommandError(f"Decision {decision} ({kept.act}) comes out otherwise: {len(found)} differences.")
        self.stdout.write(
            f"Decision {decision} ({kept.act} of case {kept.case_id}, {kept.decided_at:%Y-%m-%d %H:%M} UTC)"
        )
        self.stdout.write(f"comes out the same. SHA-256 {kept.sha256}, as the ledger holds it.")
