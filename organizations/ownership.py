"""How much of an entity blocked persons own, as the 50 percent rules count it. Pure: facts in, bounds out.

The counting is OFAC's (FAQ 398 to 402, https://ofac.treasury.gov/faqs/401): stakes of all blocked persons are added up;
"indirectly" means through entities that are themselves owned 50 percent or more by blocked persons, and then the whole
stake of such an entity counts, never a product of shares. Control without ownership does not count here.

What is not known is kept apart, as a lower and an upper bound. Exact: shares are Decimals and are only added.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

Node = Hashable
WHOLE = Decimal(100)
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stake:
    """`owner` holds `share` percent of `owned` (None: not known) from `since` up to the day before `until`."""

    owner: Node
    owned: Node
    share: Decimal | None
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Percent: at least `lower`, at most `upper`. The upper one is a supremum: an unknown share may be next to nothing."""

    lower: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Chart:
    """The stakes of one day. `closed` nodes (people, governments) have no owners; all others are owned to 100 percent,
    by whomever. `settled` is what an officer found to be held by nobody who is blocked: percent of a node, or None for
    all of it that is in no stake.
    """

    stakes: tuple[Stake, ...]
    closed: frozenset[Node] = frozenset()
    settled: Mapping[Node, Decimal | None] = field(default_factory=dict)

    def into(self) -> dict[Node, list[Stake]]:
        """The stakes in each node."""
        found: dict[Node, list[Stake]] = {}
        for stake in self.stakes:
            found.setdefault(stake.owned, []).append(stake)
        return found

    def order(self) -> list[Node]:
        """Every node of a stake, owners before what they own. Raises CycleError where a node owns itself."""
        sorter: TopologicalSorter[Node] = TopologicalSorter()
        for stake in self.stakes:
            sorter.add(stake.owned, stake.owner)
        return list(sorter.static_order())


@dataclass(frozen=True, slots=True)
class Gap:
    """`share` percent of `node` is held by nobody known; `holders` have some of it, nobody knows how much."""

    node: Node
    share: Decimal
    holders: tuple[Node, ...]


def unknown_share(stakes: Iterable[Stake], settled: Mapping[Node, Decimal | None], node: Node) -> Decimal:
    """What of `node` is in no known share, whatever an officer found of the rest as a whole."""
    known = sum((stake.share for stake in stakes if stake.share is not None), NONE)
    return max(NONE, WHOLE - known - (settled.get(node) or NONE))


def bounds(chart: Chart, *, blocked: Collection[Node], threshold: Decimal) -> dict[Node, Bounds]:
    """How much of each node blocked persons own, given who is `blocked` in person; nodes without a stake are left out.

    Lower: only known shares of who is blocked for certain. Upper: whatever is unknown belongs to somebody blocked. Both
    are reached by some way of filling in the unknown, since a choice at one node leaves those at the others free.
    """
    found: dict[Node, Bounds] = {}
    into = chart.into()
    for node in chart.order():
        stakes = into.get(node, [])
        surely = [s for s in stakes if s.owner in blocked or found[s.owner].lower >= threshold]
        maybe = [s for s in stakes if s.owner in blocked or found[s.owner].upper >= threshold]
        found[node] = Bounds(_known(surely), _known(maybe) + _unknown_that_counts(chart, node, stakes, maybe))
    return found


def bounds_of(chart: Chart, node: Node, *, blocked: Collection[Node], threshold: Decimal) -> Bounds:
    """Of one node, which need not be in a stake: then nothing is known of its owners."""
    if node in (found := bounds(chart, blocked=blocked, threshold=threshold)):
        return found[node]
    return Bounds(NONE, _unknown_that_counts(chart, node, [], []))


def _known(stakes: Iterable[Stake]) -> Decimal:
    return sum((stake.share for stake in stakes if stake.share is not None), NONE)


def _unknown_that_counts(chart: Chart, node: Node, stakes: Collection[Stake], maybe: Collection[Stake]) -> Decimal:
    """The unknown part of a node, unless an officer settled the rest and everybody in it is known not to be blocked."""
    if node in chart.closed:
        return NONE
    rest_is_settled = node in chart.settled and chart.settled[node] is None
    if rest_is_settled and not any(stake.share is None for stake in maybe):
        return NONE
    return unknown_share(stakes, chart.settled, node)


def counted_share(chart: Chart, node: Node, holder: Node, *, threshold: Decimal) -> Decimal:
    """How much of `node` would count as blocked if `holder` alone were: its known stakes, and those of what it owns."""
    found = bounds(chart, blocked={holder}, threshold=threshold)
    return found[node].lower if node in found else NONE


def gaps(chart: Chart, node: Node, *, blocked: Collection[Node], threshold: Decimal) -> list[Gap]:
    """What is unknown that may make `node` blocked, nearest first: its own, then of those owners that may be blocked only
    because of what is unknown about them."""
    found, into = bounds(chart, blocked=blocked, threshold=threshold), chart.into()
    missing, seen, waiting = [], {node}, [node]
    for current in waiting:
        stakes = into.get(current, [])
        maybe = [s for s in stakes if s.owner in blocked or found[s.owner].upper >= threshold]
        if share := _unknown_that_counts(chart, current, stakes, maybe):
            missing.append(Gap(current, share, tuple(s.owner for s in stakes if s.share is None)))
        uncertain = [s.owner for s in maybe if s.owner not in blocked and found[s.owner].lower < threshold]
        waiting += [owner for owner in dict.fromkeys(uncertain) if owner not in seen]
        seen.update(uncertain)
    return missing


# --- what cannot be ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overfull:
    """`stakes` in `node` add up to `total`, more than 100 percent, on `day` (None: from the beginning)."""

    node: Node
    total: Decimal
    stakes: tuple[Stake, ...]
    day: date | None


@dataclass(frozen=True, slots=True)
class Circle:
    """Each of `nodes` owns the next one, and the last the first, on `day` (None: from the beginning)."""

    nodes: tuple[Node, ...]
    day: date | None


def overfull(stakes: Collection[Stake]) -> Overfull | None:
    """The first day on which more than 100 percent of something is owned."""
    for day, holding in _days(stakes):
        for node, own in Chart(tuple(holding)).into().items():
            if (total := _known(own)) > WHOLE:
                return Overfull(node, total, tuple(stake for stake in own if stake.share is not None), day)
    return None


def circle(stakes: Collection[Stake]) -> Circle | None:
    """The first day on which something owns a part of itself, directly or through others."""
    for day, holding in _days(stakes):
        try:
            Chart(tuple(holding)).order()
        except CycleError as error:
            return Circle(tuple(error.args[1][:-1]), day)
    return None


def _days(stakes: Collection[Stake]) -> Iterator[tuple[date | None, list[Stake]]]:
    """Each day on which a stake begins, with the stakes that hold then: nothing gets worse on any other day."""
    for day in sorted({stake.since or date.min for stake in stakes}):
        yield (None if day == date.min else day), [stake for stake in stakes if stake.holds_on(day)]
