from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import replay, selectors, wording
from screening.engine.version import engine_version


class Command(BaseCommand):
    help = "Derive a stored hit again from the facts that it holds, and tell whether everything comes out the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("hit", type=int, help="the number of the hit, as in the address of its page")

    def handle(self, *args: Any, hit: int, **options: Any) -> None:
        found = selectors.hit(hit)
        if found is None:
            raise CommandError(f"There is no hit {hit}: take the number from the address of its page.")
        if found.engine_version != engine_version():
            raise CommandError(
                f"Hit {hit} was found by engine {found.engine_version}, and {engine_version()} is installed: "
                "install the release of the portal that has that engine."
            )
        if changed := replay.differences(found.explanation):
            raise CommandError(f"Hit {hit} comes out otherwise: {', '.join(changed)}.")
        self.stdout.write(f"Hit {hit} comes out bit for bit: {found.tier}, {found.explanation['value']:.2f}.")
        self.stdout.write(wording.sentence(found.explanation, found.listed_name))
        listed = found.explanation["list"]
        self.stdout.write(f"Engine {found.engine_version}, list of {listed['as_of']} ({listed['sha256']}).")
