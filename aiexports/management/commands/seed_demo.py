from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.demo import create_cast
from aiexports.demo import demand, introductions, supply
from consortia.models import Consortium
from core import outbox
from core.actors import System
from screening.actions import confirm_release
from screening.management.commands.import_csl import BUNDLED


class Command(BaseCommand):
    help = "Load the fictional companies, packages, buyers, needs and introductions of the demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", type=Path, default=BUNDLED, help="a screening list other than the bundled one")

    def handle(self, *args: Any, **options: Any) -> None:
        if Consortium.objects.exists():
            raise CommandError("There are consortia already: the demonstration goes into an empty database only.")
        call_command("load_rules", stdout=self.stdout)
        call_command("load_notices", stdout=self.stdout)
        call_command("import_csl", options["list"], stdout=self.stdout)
        now = timezone.now()
        confirm_release(by=System("screening"), now=now)
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")  # the planner must know of the list before everybody is held against it
        with transaction.atomic():
            _plan_without_statistics()
            outbox.drain(now)
            cast = create_cast(now)
            packages = supply.build(cast, now)
            needs = demand.build(cast, now)
            introductions.build(now)
        self.stdout.write(f"{len(packages)} packages, {len(needs)} needs. Sign in at /demo/.")


def _plan_without_statistics() -> None:
    """Whatever ANALYZE finds meanwhile does not count rows that are not committed: a plan for what it takes for empty
    tables reads them whole for each row of another. Lookups by index stay quick."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
