from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from accounts.demo import create_cast
from aiexports.demo import demand, introductions, supply
from consortia.models import Consortium
from core.actors import System
from screening.actions import confirm_release


class Command(BaseCommand):
    help = "Load the fictional companies, packages, buyers, needs and introductions of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if Consortium.objects.exists():
            raise CommandError("There are consortia already: the demonstration goes into an empty database only.")
        now = timezone.now()
        for command in ("load_rules", "load_notices", "import_csl"):
            call_command(command, stdout=self.stdout)
        confirm_release(by=System("screening"), now=now)
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")  # the planner must know of the list before everybody is held against it
        with transaction.atomic():
            cast = create_cast(now)
            packages = supply.build(cast, now)
            needs = demand.build(cast, now)
            introductions.build(now)
        self.stdout.write(f"{len(packages)} packages, {len(needs)} needs. Sign in at /demo/.")
