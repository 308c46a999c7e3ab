"""`manage.py prepare_database`: the running role and its rights, before the first migration. Harmless to repeat."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction

from aiexports import roles


class Command(BaseCommand):
    help = (
        "Create the role that the portal runs as (DATABASE_URL) and give it its rights, as DATABASE_OWNER_URL's role."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        running = connections["default"].settings_dict
        try:
            with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
                roles.prepare(cursor, app=running["USER"], password=running["PASSWORD"])
        except ValueError as error:
            raise CommandError(f"{error} Name two different roles in DATABASE_URL and DATABASE_OWNER_URL.") from None
        if options["verbosity"]:
            self.stdout.write(f"Role {running['USER']} may use the tables of {running['NAME']}.")
