from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
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
        with transaction.atomic():
            call_command("load_rules", verbosity=0, stdout=self.stdout)
            call_command("load_notices", stdout=self.stdout)
            call_command("import_csl", stdout=self.stdout)
            confirm_release(by=System("screening"), now=now)
            cast = create_cast(now)
            packages = supply.build(cast, now)
            needs = demand.build(cast, now)
            introductions.build(now)
        self.stdout.write(f"{len(packages)} packages, {len(needs)} needs. Sign in at /demo/.")
