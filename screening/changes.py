"""What differs between two releases of the list: who came, who went, and whose row says something else. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from screening import csl


@dataclass(frozen=True)
class Fact:
    """An entry of one release, by its number in the database."""

    pk: int
    source: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Change:
    """An entry that came (`before` is None), went (`after` is None) or whose `columns` changed."""

    source: str
    name: str
    before: int | None
    after: int | None
    columns: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def changes(gone: Iterable[Fact], new: Iterable[Fact]) -> Iterator[Change]:
    """Pair what one release alone has with what the other alone has, by list and number there, or else by name."""
    left, right = _by_identity(gone), _by_identity(new)
    for identity in sorted(left.keys() | right.keys()):
        yield from _paired(left.get(identity, []), right.get(identity, []))


def totals(found: Iterable[Change]) -> dict[str, dict[str, int]]:
    """Of each list, how many were added, removed and changed."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for change in found:
        counts[change.source][change.kind] += 1
    return {source: dict(count) for source, count in sorted(counts.items())}


def lost(before: dict[str, int], after: Counter[str], share: float, rows: int) -> list[str]:
    """The lists that lost more than that share, or that many rows, or all: in words, with both counts."""
    return [
        f"{source}: {had} → {after[source]}"
        for source, had in sorted(before.items())
        if had - after[source] > min(had * share, rows) or not after[source]
    ]


def _by_identity(facts: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    found = defaultdict(list)
    for fact in facts:
        found[fact.source, fact.fields.get("entity_number") or fact.fields["name"].casefold()].append(fact)
    return found


def _paired(left: list[Fact], right: list[Fact]) -> Iterator[Change]:
    """The two that differ least first; who finds no partner came or went."""
    left, right = list(left), list(right)
    pairs = sorted(product(left, right), key=lambda pair: (len(differing(*pair)), pair[0].pk, pair[1].pk))
    for one, other in pairs:
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            yield Change(other.source, other.fields["name"], one.pk, other.pk, differing(one, other))
    yield from (Change(fact.source, fact.fields["name"], fact.pk, None) for fact in left)
    yield from (Change(fact.source, fact.fields["name"], None, fact.pk) for fact in right)


def differing(one: Fact, other: Fact) -> tuple[str, ...]:
    """The columns that say something else, links and identifiers of the day aside."""
    cells = ((name, one.fields.get(name, ""), other.fields.get(name, "")) for name in csl.CONTENT)
    return tuple(name for name, a, b in cells if csl.comparable(name, a) != csl.comparable(name, b))
