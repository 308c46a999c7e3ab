"""Recall and alert rates of the engine, and of its peers, on one part of the labelled names, with 95 percent intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from screening.engine.matcher import Matcher
from screening.engine.score import Query
from screening.training.labelled import Data, Labelled


@dataclass(frozen=True)
class Rate:
    """`count` of `size`."""

    what: str
    kind: str
    count: int
    size: int

    @property
    def share(self) -> float:
        return self.count / self.size if self.size else 0.0

    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 percent."""
        if not self.size:
            return 0.0, 1.0
        z, n, p = 1.96, self.size, self.share
        middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


# Alerts of a list of queries: for each, the numbers of the rows of the list that it alerts on.
Screen = Callable[[Sequence[Query]], list[set[int]]]


def screen_of(matcher: Matcher, tiers: tuple[str, ...] = ("alert",)) -> Screen:
    def screen(queries: Sequence[Query]) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in queries]
        for hit in matcher.screen(queries):
            if hit.score.tier in tiers:
                found[hit.query].add(int(matcher.entries[hit.listed]))
        return found

    return screen


def rates(data: Data, part: int, full: Screen, without_aliases: Screen) -> list[Rate]:
    """`full` screens against the whole list, `without_aliases` against the list that lost the labelled aliases."""
    found = []
    for what, screen, labelled in (
        ("perturbed names found", full, data.perturbed),
        ("removed aliases found", without_aliases, data.aliases),
        ("original script found", full, data.scripts),
        ("near misses alerting", full, data.near_misses),
        ("unlisted names alerting", full, data.people),
        ("unlisted names alerting", full, data.companies),
    ):
        for kind in ("person", "organization"):
            chosen = [one for one in labelled if one.part == part and one.query.kind == kind]
            if chosen:
                found.append(Rate(what, kind, _count(chosen, screen), len(chosen)))
    return found


def _count(labelled: Sequence[Labelled], screen: Screen) -> int:
    """Names that alert; of listed ones, those that alert on the party that they are of."""
    alerts = screen([one.query for one in labelled])
    return sum(bool(found & one.truth if one.truth else found) for found, one in zip(alerts, labelled, strict=True))
