from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import replay, selectors, wording
from screening.engine.version import engine_version


class Command(BaseCommand):
    help = "Derive stored hits again from the facts that they hold, and tell whether everything comes out the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "hits", type=int, nargs="+", metavar="hit", help="its number, as in the address of its page"
        )

    def handle(self, *args: Any, hits: list[int], **options: Any) -> None:
        problems = [problem for number in hits if (problem := self._replay(number))]
        if problems:
            raise CommandError("\n".join(problems))
        if len(hits) > 1:
            self.stdout.write(f"{len(hits)} hits come out bit for bit.")

    def _replay(self, number: int) -> str:
        """What is wrong with a hit; "" for one that comes out the same, which is told."""
        found = selectors.hit(number)
        if found is None:
            return f"There is no hit {number}: take the number from the address of its page."
        if found.engine_version != engine_version():
            return (
                f"Hit {number} was found by engine {found.engine_version}, and {engine_version()} is installed: "
                "install the release of the portal that has that engine."
            )
        if changed := replay.differences(found.explanation):
            return f"Hit {number} comes out otherwise: {', '.join(changed)}."
        self.stdout.write(f"Hit {number} comes out bit for bit: {found.tier}, {found.explanation['value']:.2f}.")
        self.stdout.write(wording.sentence(found.explanation, found.listed_name))
        listed = found.explanation["list"]
        self.stdout.write(f"Engine {found.engine_version}, list of {listed['as_of']} ({listed['sha256']}).")
        return ""
