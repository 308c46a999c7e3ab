from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from core.actors import System
from core.errors import UnableTo
from screening import actions, csl, report

BUNDLED = Path(__file__).resolve().parent.parent.parent / "data" / "csl_consolidated_2022-05-06.csv.gz"
BUNDLED_AS_OF = date(2022, 5, 6)


class Command(BaseCommand):
    help = "Import a Consolidated Screening List (CSV, also .gz); without a file, the bundled demonstration list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=BUNDLED)
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day of the list (default: today)")
        parser.add_argument("--accept-shrink", action="store_true", help="accept that the list lost many rows")
        parser.add_argument("--by", metavar="EMAIL", help="the officer who accepts it")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if options["accept_shrink"] and not options["by"]:
            raise CommandError("--accept-shrink needs --by EMAIL: an officer accepts it.")
        if file == BUNDLED and not settings.EMBEDDED:
            raise CommandError(
                f"Name the file of today's list: the bundled one, of {BUNDLED_AS_OF}, is a demonstration."
            )
        now = timezone.now()
        by = self._officer(options["by"]) if options["by"] else System("screening")
        as_of = options["as_of"] or (BUNDLED_AS_OF if file == BUNDLED else now.date())
        try:
            release = actions.import_list(
                by=by, now=now, path=file, as_of=as_of, accept_shrink=options["accept_shrink"]
            )
        except PermissionDenied:
            raise CommandError(f"{options['by']} is not an officer or manager.") from None
        except (csl.BrokenList, UnableTo, OSError) as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        for line in report.of_release(release):
            self.stdout.write(line)

    def _officer(self, email: str) -> User:
        try:
            return User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            raise CommandError(f"There is no person with the address {email}.") from None
