"""The whole engine: names in, explained scores out. One name and a hundred thousand take the same way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from screening.engine.alignment import Alignment, align
from screening.engine.book import Book, Ints, book
from screening.engine.evidence import MOST, birth_points, country_points
from screening.engine.features import FEATURES, measure
from screening.engine.joining import Join
from screening.engine.likeness import REASONS
from screening.engine.model import models
from screening.engine.names import Name, parse
from screening.engine.rarity import rarity
from screening.engine.score import Listed, Pair, Query, Score, value_of

UNSURE = 0.3  # a share nearer to one half than this does not tell whose name it is
CHUNK = 20_000  # pairs scored at once, which bounds memory


@dataclass(frozen=True)
class Found:
    """Listed name number `listed` for query number `query`."""

    query: int
    listed: int
    score: Score


@dataclass(frozen=True)
class _Scored:
    """Of pairs of names: contributions of features, their sums with the base, the evidence, what aligns, and the tier
    (2 alert, 1 review, 0 clear)."""

    contributions: Ints
    points: Ints
    birth: Ints
    country: Ints
    is_exact: NDArray[np.bool_]
    is_person: NDArray[np.bool_]
    alignment: Alignment
    tier: Ints


class Matcher:
    """Listed names, indexed once; then screened against as often as wanted. Of a `partial` list, at least those names are
    candidates that are some of the whole one."""

    def __init__(self, listed: Sequence[Listed], *, partial: bool = False) -> None:
        self.listed, self.partial = listed, partial
        self.book = _book(listed)
        self.entries = np.array([name.entry for name in listed], dtype=np.int64)

    def ready(self) -> "Matcher":
        """Index the names now, not at the first screening: before a fork, so that children share the index."""
        assert self.join  # noqa: S101 - made by being asked for
        return self

    @cached_property
    def join(self) -> Join:
        return Join(self.book, partial=self.partial)

    def screen(self, queries: Sequence[Query]) -> list[Found]:
        """Hits at or above the review line, in order of the queries; of each entry the name that scores best."""
        names = _book(queries)
        left, right, _ = self.join.candidates(names)
        found: list[Found] = []
        for first in _chunks(left):
            q, b = left[first], right[first]
            scored = _score(queries, names, q, self.listed, self.book, b)
            found += self._best(q, b, scored, names)
        return found

    def screen_all_pairs(self, query: Query) -> list[Found]:
        """The same for one query and every name, with no index to choose candidates: for a handful of names."""
        names, b = _book([query]), np.arange(len(self.listed))
        q = np.zeros(len(b), dtype=np.int64)
        return list(self._best(q, b, _score([query], names, q, self.listed, self.book, b), names))

    def _best(self, q: Ints, b: Ints, scored: _Scored, names: Book) -> Iterator[Found]:
        kept = np.flatnonzero(scored.tier > 0)
        order = np.lexsort((b[kept], -scored.points[kept], ~scored.is_exact[kept], self.entries[b[kept]], q[kept]))
        kept = kept[order]
        heads = np.ones(len(kept), dtype=np.bool_)
        heads[1:] = (np.diff(q[kept]) != 0) | (np.diff(self.entries[b[kept]]) != 0)
        for row in kept[heads].tolist():
            yield Found(int(q[row]), int(b[row]), _explained(row, int(q[row]), names, int(b[row]), self.book, scored))


def compare(queries: Sequence[Query], listed: Sequence[Listed]) -> Iterator[Score]:
    """The score of queries[i] with listed[i] for every i, whatever its tier; needs no list."""
    left, right = _book(queries), _book(listed)
    for first in range(0, len(queries), CHUNK):
        q = np.arange(first, min(first + CHUNK, len(queries)))
        scored = _score(queries, left, q, listed, right, q)
        for row, number in enumerate(q.tolist()):
            yield _explained(row, number, left, number, right, scored)


def _book(names: Sequence[Query] | Sequence[Listed]) -> Book:
    return book([parse(each.name) for each in names], rarity(), [each.kind for each in names])


def _chunks(queries: Ints) -> Iterator[slice]:
    """Slices of about CHUNK pairs that never part a query's pairs."""
    first = 0
    while first < len(queries):
        last = min(first + CHUNK, len(queries))
        last = int(np.searchsorted(queries, queries[last - 1], "right"))
        yield slice(first, last)
        first = last


def _score(queries: Sequence[Query], left: Book, q: Ints, listed: Sequence[Listed], right: Book, b: Ints) -> _Scored:
    alignment = align(left, q, right, b)
    features = measure(left, q, right, b, alignment)
    is_person = _is_person(left, q, right, b)
    contributions = np.zeros((len(q), len(FEATURES)), dtype=np.int64)
    points = np.zeros(len(q), dtype=np.int64)
    for kind, chosen in (("person", is_person), ("organization", ~is_person)):
        contributions[chosen] = models()[kind].contributions(features[chosen])
        points[chosen] = contributions[chosen].sum(axis=1) + models()[kind].base
    is_exact = (left.exact[q] == right.exact[b]) & (left.tokens[q] > 0)
    birth, country = np.zeros_like(points), np.zeros_like(points)
    for row in np.flatnonzero(is_exact | (points >= -MOST + _reviews(is_person))).tolist():
        query, name = queries[q[row]], listed[b[row]]
        birth[row] = birth_points(query.born, name.born)
        country[row] = country_points(query.country, name.countries)
    points += birth + country
    tier = _tiers(points, birth, is_exact, is_person)
    return _Scored(contributions, points, birth, country, is_exact, is_person, alignment, tier)


def _is_person(left: Book, q: Ints, right: Book, b: Ints) -> NDArray[np.bool_]:
    """By which model to score: by what the query is, or where its words do not tell, by what is listed."""
    asked, listed = left.organizational[q], right.organizational[b]
    return np.where(np.abs(asked - 0.5) < UNSURE, listed, asked) < 0.5


def _reviews(is_person: NDArray[np.bool_]) -> Ints:
    return np.where(is_person, models()["person"].review, models()["organization"].review)


def _tiers(points: Ints, birth: Ints, is_exact: NDArray[np.bool_], is_person: NDArray[np.bool_]) -> Ints:
    """An exact name always alerts; contradicted by birth dates, nothing else does."""
    alerts = np.where(is_person, models()["person"].alert, models()["organization"].alert)
    tier = np.where(points >= alerts, 2, np.where(points >= _reviews(is_person), 1, 0))
    tier = np.where((tier == 2) & (birth < 0), 1, tier)
    return np.where(is_exact, 2, tier)


def _explained(row: int, q: int, left: Book, b: int, right: Book, scored: _Scored) -> Score:
    kind = "person" if scored.is_person[row] else "organization"
    points = scored.contributions[row].tolist()
    contributions = {name: value / 1000 for name, value in zip(FEATURES, points, strict=True) if value}
    contributions["base"] = models()[kind].base / 1000
    for name, extra in (("birth_date", scored.birth[row]), ("country", scored.country[row])):
        if extra:
            contributions[name] = int(extra) / 1000
    rows = slice(*np.searchsorted(scored.alignment.pair, (row, row + 1)).tolist())
    units = scored.alignment.query_unit[rows], scored.alignment.listed_unit[rows]
    return Score(
        value=value_of(int(scored.points[row])),
        points=int(scored.points[row]),
        tier=("clear", "review", "alert")[scored.tier[row]],
        model=kind,
        contributions=contributions,
        pairs=tuple(
            Pair(_said(left, q, one), _said(right, b, other), float(alike), REASONS[reason])
            for one, other, alike, reason in zip(
                *units, scored.alignment.alike[rows], scored.alignment.reason[rows], strict=True
            )
        ),
        unmatched_query=_left(left, q, units[0]),
        unmatched_listed=_left(right, b, units[1]),
        exact=bool(scored.is_exact[row]),
    )


def _said(names: Book, number: int, unit: int) -> str:
    first = names.place[unit]
    return " ".join(token.said for token in names.names[number].tokens[first : first + names.width[unit]])


def _left(names: Book, number: int, units: Ints) -> tuple[str, ...]:
    name: Name = names.names[number]
    held = {place for unit in units for place in range(names.place[unit], names.place[unit] + names.width[unit])}
    return tuple(token.said for place, token in enumerate(name.tokens) if place not in held)
