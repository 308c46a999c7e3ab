"""The facts that go in, and the explained score that comes out."""

import math
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

KINDS = ("person", "organization", "vessel", "")


@dataclass(frozen=True, slots=True)
class Query:
    """A name to screen. `kind` as in KINDS ("" where unknown); `country` an ISO code or ""."""

    name: str
    kind: str = ""
    born: date | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed name. `entry` tells names of one party from another's; `born` as the list writes it."""

    name: str
    kind: str = ""
    entry: int = 0
    born: str = ""
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pair:
    """Words that belong together: which, how alike (0 to 1), and by what reason."""

    query: str
    listed: str
    similarity: float
    reason: str


@dataclass(frozen=True)
class Score:
    """`value` is 0 to 100, 50 the alert line; `contributions` (log-odds) add up to its logit, `points` is their sum in
    thousandths; `tier` is alert, review or clear; `model` says by which kind of names' weights."""

    value: float
    points: int
    tier: str
    model: str
    contributions: dict[str, float]
    pairs: tuple[Pair, ...]
    unmatched_query: tuple[str, ...]
    unmatched_listed: tuple[str, ...]
    exact: bool

    def explanation(self) -> dict[str, Any]:
        return asdict(self)


def value_of(points: int) -> float:
    return round(100 / (1 + math.exp(-points / 1000)), 2)
