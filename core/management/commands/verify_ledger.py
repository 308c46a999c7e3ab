from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import ledger
from core.models import LedgerHead


class Command(BaseCommand):
    help = "Recompute the ledger's chain and compare every record's status with it; names each bad row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="number:hash exported before; it must still be in the chain")

    def handle(self, *args: Any, head: str | None, **options: Any) -> None:
        findings = list(ledger.verify())
        if head and not ledger.holds_head(head):
            findings.append(ledger.Finding(0, "core.ledgerseal", f"the exported head {head} is not in the chain"))
        for finding in findings:
            self.stderr.write(f"#{finding.number} {finding.row}: {finding.problem}")
        if findings:
            raise CommandError(f"The ledger is not true: {len(findings)} findings.")
        last = LedgerHead.objects.get()
        self.stdout.write(f"The ledger is true: {last.number} entries, head {last.number}:{last.hash}")
