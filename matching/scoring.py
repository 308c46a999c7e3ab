"""How well a need and a package fit, from 0 to 1000: two weighted sums on fixed scales, joined by a harmonic mean.

Pure, in whole numbers: the same facts give the same bytes. A pair's score depends on nothing but the pair, so no other
need or package can change it. Each criterion answers on a scale from 0 to 1000, or that it was *not asked* (its weight
leaves the sum), or that it is *unknown*: unknown counts as the middle of the scale, is shown as unknown, and lowers the
confidence. It is never taken for zero, nor does silence earn what a good answer would.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from matching.facts import NeedFacts, PackageFacts
from matching.gates import ARMS_EMBARGO_GROUP, CONTROLLED_COMPONENTS
from matching.states import Criterion
from matching.text import likeness

FULL = 1000
MIDDLE = FULL // 2


class Silence(Enum):
    UNKNOWN = "UNKNOWN"
    NOT_ASKED = "NOT_ASKED"


Answer = int | Silence


@dataclass(frozen=True, slots=True)
class Weights:
    """Thousandths of each side's sum. Raises ValueError unless they name each criterion once and add up to 1000."""

    buyer: Mapping[str, int]
    vendor: Mapping[str, int]

    def __post_init__(self) -> None:
        for named, criteria in ((self.buyer, Criterion.of_buyer()), (self.vendor, Criterion.of_vendor())):
            if set(named) != set(criteria) or sum(named.values()) != FULL or min(named.values()) < 0:
                raise ValueError("The weights of a side must name each of its criteria and add up to 1000.")


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's part of a sum: `points` of at most `most` (rounded up); `answer` is on its own scale."""

    criterion: Criterion
    answer: Answer
    points: int
    most: int

    @property
    def is_unknown(self) -> bool:
        return self.answer is Silence.UNKNOWN


@dataclass(frozen=True, slots=True)
class Score:
    """`buyer` and `vendor` hold the parts that add up to `buyer_utility` and `vendor_utility`."""

    score: int
    buyer_utility: int
    vendor_utility: int
    buyer: tuple[Part, ...]
    vendor: tuple[Part, ...]

    @property
    def unknowns(self) -> tuple[Criterion, ...]:
        return tuple(part.criterion for part in (*self.buyer, *self.vendor) if part.is_unknown)

    @property
    def confidence(self) -> int:
        """The share (in thousandths) of both sums that rests on known answers."""
        parts = (*self.buyer, *self.vendor)
        known = sum(part.most for part in parts if not part.is_unknown)
        return FULL * known // (sum(part.most for part in parts) or 1)


Rows = list[list[str | int]]


def rows_of(parts: Sequence[Part]) -> Rows:
    """Parts as JSON holds them: [criterion, answer, points, most]."""
    return [
        [str(p.criterion), p.answer if isinstance(p.answer, int) else p.answer.value, p.points, p.most] for p in parts
    ]


def parts_of(rows: Rows) -> tuple[Part, ...]:
    """The parts that `rows_of` stored."""
    return tuple(
        Part(Criterion(str(name)), answer if isinstance(answer, int) else Silence(answer), int(points), int(most))
        for name, answer, points, most in rows
    )


def score(need: NeedFacts, package: PackageFacts, weights: Weights) -> Score:
    """Score a pair; whether it is a match at all is the gates' business."""
    buyer_utility, buyer = _side(need, package, Criterion.of_buyer(), weights.buyer)
    vendor_utility, vendor = _side(need, package, Criterion.of_vendor(), weights.vendor)
    return Score(harmonic(buyer_utility, vendor_utility), buyer_utility, vendor_utility, buyer, vendor)


def harmonic(one: int, other: int) -> int:
    """The harmonic mean, rounded: it is low when either is low."""
    total = one + other
    return (2 * one * other + total // 2) // total if total else 0


def _side(
    need: NeedFacts, package: PackageFacts, criteria: Sequence[Criterion], weights: Mapping[str, int]
) -> tuple[int, tuple[Part, ...]]:
    answers = [SCALES[criterion](need, package) for criterion in criteria]
    asked = [0 if answer is Silence.NOT_ASKED else weights[c] for c, answer in zip(criteria, answers, strict=True)]
    earned = [w * (a if isinstance(a, int) else MIDDLE) for w, a in zip(asked, answers, strict=True)]
    whole = sum(asked) or 1
    utility = (sum(earned) + whole // 2) // whole
    points = apportion(earned, whole, utility)
    most = [-(-weight * FULL // whole) for weight in asked]
    return utility, tuple(map(Part, criteria, answers, points, most))


def apportion(shares: Sequence[int], whole: int, total: int) -> list[int]:
    """Round each `shares[i] / whole` so that together they are exactly `total`: the largest remainders go up first."""
    parts = [share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(shares[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


# --- the buyer's scales ----------------------------------------------------------------------------------------------


def _covered(asked: frozenset[str], held: frozenset[str]) -> Answer:
    """The share of what is asked that is held."""
    if not asked:
        return Silence.NOT_ASKED
    return FULL * len(asked & held) // len(asked) if held else Silence.UNKNOWN


def _budget(need: NeedFacts, package: PackageFacts) -> Answer:
    """Full where the whole price band lies below the buyer's; 600 where both are the same, since it may end above."""
    if need.budget_band is None:
        return Silence.NOT_ASKED
    if package.price_band is None:
        return Silence.UNKNOWN
    below = need.budget_band - package.price_band
    return FULL if below > 0 else 600 if below == 0 else 0


def _delivery(need: NeedFacts, package: PackageFacts) -> Answer:
    """Full within the time that the buyer has, nothing at twice that time, a straight line between."""
    if need.weeks_available is None:
        return Silence.NOT_ASKED
    if package.delivery_weeks is None:
        return Silence.UNKNOWN
    late = package.delivery_weeks - need.weeks_available
    if late <= 0:
        return FULL
    return max(0, FULL - FULL * late // need.weeks_available) if need.weeks_available else 0


LIKE_ENOUGH = 350
"""Texts of two authors about one thing share about a third of their weighted words; that is full likeness here."""


def _text(need: NeedFacts, package: PackageFacts) -> Answer:
    found = likeness(need.text, package.text)
    return Silence.UNKNOWN if found is None else min(FULL, FULL * found // LIKE_ENOUGH)


def _capacity(need: NeedFacts, package: PackageFacts) -> Answer:
    """Full from the asked band up, half one band below it."""
    if need.capacity_band is None:
        return Silence.NOT_ASKED
    if package.capacity_band is None:
        return Silence.UNKNOWN
    return max(0, FULL - MIDDLE * max(0, need.capacity_band - package.capacity_band))


def _financing(need: NeedFacts, package: PackageFacts) -> Answer:
    """Only the agencies can say whether they finance a deal, so a wish for it stays unknown."""
    return Silence.UNKNOWN if need.wants_financing else Silence.NOT_ASKED


# --- the consortium's scales -----------------------------------------------------------------------------------------


def _deal_size(need: NeedFacts, package: PackageFacts) -> Answer:
    """A step of 200 for each price band that the budget reaches."""
    return Silence.UNKNOWN if need.budget_band is None else 200 * (need.budget_band + 1)


def _market(need: NeedFacts, package: PackageFacts) -> Answer:
    """Full for a country that the package names, 600 for one inside a bloc that it targets."""
    if need.destination.country in package.target_countries:
        return FULL
    return 600 if need.destination.country in package.bloc_countries else 0


def _fit(need: NeedFacts, package: PackageFacts) -> Answer:
    """The mean of what is known of two: likeness of the texts, and sectors that both name."""
    answers = [_text(need, package), _covered(need.sectors, package.sectors)]
    known = [answer for answer in answers if isinstance(answer, int)]
    return sum(known) // len(known) if known else Silence.UNKNOWN


def needs_license_look(need: NeedFacts) -> bool | None:
    """Whether the country groups are a sign that a license may be needed; None where no rule holds.

    It is no license decision.
    """
    place = need.destination
    if place.groups is None:
        return None
    if ARMS_EMBARGO_GROUP in place.groups:
        return True
    return place.has_license_sign if need.components & CONTROLLED_COMPONENTS else False


def _license(need: NeedFacts, package: PackageFacts) -> Answer:
    """By EAR country groups: 250 for a sign; full for A:5 or without a controlled component, 800 for A:6, else 700."""
    groups = need.destination.groups
    sign = needs_license_look(need)
    if groups is None or sign is None:
        return Silence.UNKNOWN
    if sign:
        return 250
    if "A:5" in groups or not need.components & CONTROLLED_COMPONENTS:
        return FULL
    return 800 if "A:6" in groups else 700


THINGS_TO_STATE = 6


def _readiness(need: NeedFacts, package: PackageFacts) -> Answer:
    """The share of the things that a buyer who is ready can state."""
    stated = (
        need.budget_band is not None,
        need.weeks_available is not None,
        need.capacity_band is not None,
        bool(need.deployments),
        bool(need.languages),
        bool(need.sectors),
    )
    return FULL * sum(stated) // THINGS_TO_STATE


SCALES: dict[Criterion, Callable[[NeedFacts, PackageFacts], Answer]] = {
    Criterion.SECTOR: lambda need, package: _covered(need.sectors, package.sectors),
    Criterion.BUDGET: _budget,
    Criterion.DELIVERY: _delivery,
    Criterion.TEXT: _text,
    Criterion.LANGUAGES: lambda need, package: _covered(need.languages, package.languages),
    Criterion.STANDARDS: lambda need, package: _covered(need.standards, package.standards),
    Criterion.CAPACITY: _capacity,
    Criterion.FINANCING: _financing,
    Criterion.DEAL_SIZE: _deal_size,
    Criterion.MARKET: _market,
    Criterion.FIT: _fit,
    Criterion.LICENSE: _license,
    Criterion.READINESS: _readiness,
}
