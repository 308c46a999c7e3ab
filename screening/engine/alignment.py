"""Two names side by side: which of their words belong together. For many pairs of names at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.engine.book import Book, Floats, Ints
from screening.engine.likeness import ACRONYM, EXACT, likeness

AS_ACRONYM = 0.6
LEAST = 0.5  # below this, words are not told to belong together


@dataclass(frozen=True)
class Alignment:
    """Rows of matched units, ordered by pair and then by the query's words. No token is matched twice."""

    pair: Ints  # number of the pair of names
    query_unit: Ints  # places in the query book's and the listed book's units
    listed_unit: Ints
    alike: Floats
    reason: NDArray[np.int8]


def align(query: Book, q: Ints, listed: Book, b: Ints) -> Alignment:
    """Greedily one-to-one, the most alike first and wider runs before narrower; name q[i] with name b[i] for every i."""
    pair, left, right = _combinations(query, q, listed, b)
    both_single = (query.width[left] == 1) & (listed.width[right] == 1)
    alike, reason = likeness(query.words, query.word[left], listed.words, listed.word[right], both_single)
    merged = ~both_single & (reason != EXACT)
    alike = np.where(merged, alike - 0.05, alike)
    alike = np.where(reason == ACRONYM, AS_ACRONYM, alike)
    kept = alike >= LEAST
    return _greedy(query, listed, Alignment(pair[kept], left[kept], right[kept], alike[kept], reason[kept]))


def _combinations(query: Book, q: Ints, listed: Book, b: Ints) -> tuple[Ints, Ints, Ints]:
    """Every unit of one name with every unit of the other, runs only with single words."""
    first_q, first_b = query.starts[q], listed.starts[b]
    many_q, many_b = query.starts[q + 1] - first_q, listed.starts[b + 1] - first_b
    total = many_q * many_b
    pair = np.repeat(np.arange(len(q)), total)
    place = np.arange(total.sum()) - np.repeat(np.cumsum(total) - total, total)
    across = many_b[pair]
    left, right = first_q[pair] + place // across, first_b[pair] + place % across
    fits = (query.width[left] == 1) | (listed.width[right] == 1)
    return pair[fits], left[fits], right[fits]


def _greedy(query: Book, listed: Book, rows: Alignment) -> Alignment:
    """Round by round the best row left of every pair, until none is left."""
    spans = query.width[rows.query_unit] + listed.width[rows.listed_unit]
    order = np.lexsort((rows.listed_unit, rows.query_unit, -spans, -rows.alike, rows.pair))
    pair = rows.pair[order]
    mask_q = _mask(query, rows.query_unit[order])
    mask_b = _mask(listed, rows.listed_unit[order])
    left = np.arange(len(order))
    chosen = []
    while len(left):
        firsts = np.flatnonzero(np.diff(pair[left], prepend=-1))
        heads = left[firsts]
        chosen.append(heads)
        group = np.cumsum(np.diff(pair[left], prepend=-1) != 0) - 1
        free = (mask_q[left] & mask_q[heads][group]) | (mask_b[left] & mask_b[heads][group])
        left = left[free == 0]
    found = order[np.concatenate(chosen)] if chosen else order
    found = found[np.lexsort((rows.query_unit[found], rows.pair[found]))]
    return Alignment(
        rows.pair[found], rows.query_unit[found], rows.listed_unit[found], rows.alike[found], rows.reason[found]
    )


def _mask(names: Book, units: Ints) -> NDArray[np.uint64]:
    """Of each unit, its tokens as bits."""
    width = names.width[units].astype(np.uint64)
    one = np.uint64(1)
    return ((one << width) - one) << names.place[units].astype(np.uint64)
