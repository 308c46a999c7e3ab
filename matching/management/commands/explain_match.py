"""Why a need and a package match, or why they do not: every gate, every point, in words."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from buyers.models import Need
from matching import explanation, gates, scoring, selectors
from matching.states import Side
from packages.models import Package


class Command(BaseCommand):
    help = "Explain a need and a package: the gates, the points and what would improve them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("need", type=int, help="the need's number")
        parser.add_argument("package", type=int, help="the package's number")

    def handle(self, *args: Any, need: int, package: int, **options: Any) -> None:
        now = timezone.now()
        try:
            pair = selectors.pair_of(Need.objects.get(pk=need), Package.objects.get(pk=package), now)
        except (Need.DoesNotExist, Package.DoesNotExist) as error:
            raise CommandError(str(error)) from None
        if pair is None:
            raise CommandError("This package was never published.")
        self.stdout.write(f"Need {pair.need.pk} “{pair.need}” x package {package} “{pair.version}”")
        for result in gates.check(pair.need_facts, pair.package_facts):
            self.stdout.write(f"  {explanation.words_of_gate(result)}")
        model = selectors.model_at(now)
        self._print_score(pair, selectors.weights_of(model))
        self.stdout.write(f"Model {model}: {model.authority} ({model.get_certainty_display()}).")

    def _print_score(self, pair: selectors.Pair, weights: scoring.Weights) -> None:
        if not gates.is_open(pair.need_facts, pair.package_facts):
            self.stdout.write("No match: a gate is closed.")
        found = scoring.score(pair.need_facts, pair.package_facts, weights)
        self.stdout.write(explanation.summary_of(found))
        for title, utility, parts in (
            ("Buyer", found.buyer_utility, found.buyer),
            ("Consortium", found.vendor_utility, found.vendor),
        ):
            self.stdout.write(f"{title}: {utility}")
            for line in explanation.lines_of(parts, pair.need_facts, pair.package_facts):
                self.stdout.write(f"  {line.part.points:>4} of {line.part.most:<4} {line.label}: {line.words}")
        for side in Side:
            for better in explanation.improvements_for(side, pair.need_facts, pair.package_facts, weights):
                self.stdout.write(f"{side.label} could: {better.words} (+{better.gain})")
