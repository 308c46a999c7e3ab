"""What an alignment of two names measures. Every feature is monotone: more likeness never lowers what it adds to a score."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, Prefix
from rapidfuzz.process import cpdist

from screening.engine.alignment import Alignment
from screening.engine.book import Book, Floats, Ints
from screening.engine.likeness import EXACT, INITIAL
from screening.engine.rarity import KINDS

# Name of each feature, and whether more of it speaks for (+1) or against (-1) the same party.
FEATURES = {
    "query_covered": 1,  # share of the query's information that the listed name holds
    "listed_covered": 1,  # share of the listed name's information that the query holds
    "both_covered": 1,  # the product of the two
    "shared_bits": 1,  # information in common, in bits
    "shared_if_query_covered": 1,  # the same, counted where the query is a part of the listed name
    "shared_if_listed_covered": 1,  # the same, counted where the listed name is a part of the query
    "shared_if_both_covered": 1,
    "query_left_bits": -1,  # information of the query that the listed name lacks
    "listed_left_bits": -1,
    "rarest_shared": 1,  # bits of the rarest word in common
    "rarest_query_left": -1,  # bits of the rarest word that only the query has
    "rarest_listed_left": -1,
    "weakest_likeness": 1,  # of the telling words that belong together
    "mean_likeness": 1,
    "exact_share": 1,  # share of the common information whose words are equal letter by letter
    "words_shared": 1,  # telling words in common, initials aside
    "whole_likeness": 1,  # of all letters, words in order of the alphabet
    "run_likeness": 1,  # of all letters, run together
    "begins_alike": 1,  # share of the shorter name's letters with which the longer begins; of eight letters or more
    "shared_if_called_so": 1,  # the same, where the query has the first surname and the first given name of a listed person
    "surname_covered": 1,  # share of what stands before a comma that the other name holds
    "forms": 1,  # legal forms: 1 of one class, -1 of differing classes, else 0
    "numbers_differ": -1,  # both bear numbers, and not the same
    "kinds_differ": -1,  # how likely it is that one is a person and the other is not
    "initials_share": -1,  # share of the common information that hangs on initials
}
_MOST_BITS = 90.0
LEAST_BEGINNING = 8


def measure(query: Book, q: Ints, listed: Book, b: Ints, found: Alignment) -> Floats:
    """A row for each pair of names, a column for each of FEATURES, rounded so that any machine gives the same."""
    size = len(q)

    def total(values: Floats) -> Floats:
        return np.bincount(found.pair, weights=values, minlength=size)

    def most(values: Floats, start: float = 0.0) -> Floats:
        best = np.full(size, start)
        np.maximum.at(best, found.pair, values)
        return best

    mass_q, mass_b = query.mass[found.query_unit], listed.mass[found.listed_unit]
    held_q, held_b = total(mass_q * found.alike), total(mass_b * found.alike)
    total_q, total_b = np.maximum(query.total[q], 1e-9), np.maximum(listed.total[b], 1e-9)
    common = np.minimum(mass_q, mass_b) * found.alike
    shared = np.minimum(total(common), _MOST_BITS)
    covered_q, covered_b = np.minimum(held_q / total_q, 1), np.minimum(held_b / total_b, 1)
    telling = _telling(query, found.query_unit) & _telling(listed, found.listed_unit)
    weakest = 1 - most(np.where(telling, 1 - found.alike, 0.0))
    weakest = np.where(total(telling.astype(float)) > 0, weakest, 0.0)
    raw = total(common)
    columns = [
        covered_q,
        covered_b,
        covered_q * covered_b,
        shared,
        shared * covered_q**4,
        shared * covered_b**4,
        shared * (covered_q * covered_b) ** 2,
        total_q - held_q,
        total_b - held_b,
        most(common),
        _rarest_left(query, q, found.pair, found.query_unit, found.alike),
        _rarest_left(listed, b, found.pair, found.listed_unit, found.alike),
        weakest,
        total(common * found.alike) / np.maximum(raw, 1e-9),
        total(np.where(found.reason == EXACT, common, 0.0)) / np.maximum(raw, 1e-9),
        total(np.where(telling & (found.reason != INITIAL), found.alike, 0.0)),
        cpdist(query.sorted_text[q], listed.sorted_text[b], scorer=Indel.normalized_similarity, dtype=np.float64),
        cpdist(query.run_text[q], listed.run_text[b], scorer=Indel.normalized_similarity, dtype=np.float64),
        _begins_alike(query.run_text[q], listed.run_text[b]),
        shared * covered_q**4 * _called_so(listed, b, found),
        _surname_covered(query, q, listed, b, found),
        _agreement(query, q, listed, b),
        _numbers_differ(query, q, listed, b),
        _kinds_differ(query.organizational[q], listed.organizational[b]),
        total(np.where(found.reason == INITIAL, common, 0.0)) / np.maximum(raw, 1e-9),
    ]
    return np.round(np.stack(columns, axis=1), 4)


def _telling(names: Book, units: Ints) -> NDArray[np.bool_]:
    """Runs of words, and words that are not forms, titles or particles."""
    return np.isin(names.words.kind[names.word[units]], (KINDS["core"], KINDS["initial"])) | (names.width[units] > 1)


def _tokens(names: Book, chosen: Ints) -> tuple[Ints, Ints]:
    """(place in `chosen`, unit) of every token of the chosen names."""
    many = names.tokens[chosen]
    place = np.repeat(np.arange(len(chosen)), many)
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return place, names.starts[chosen][place] + within


def _likeness_of_tokens(names: Book, chosen: Ints, pair: Ints, units: Ints, alike: Floats) -> tuple[Ints, Ints, Floats]:
    """(pair, token's unit, likeness of what it was matched with or 0) of every token of every chosen name."""
    place, token = _tokens(names, chosen)
    first = np.cumsum(names.tokens[chosen]) - names.tokens[chosen]
    held = np.zeros(len(token))
    at = first[pair] + names.place[units]
    for step in range(int(names.width[units].max(initial=1))):
        wide = names.width[units] > step
        held[at[wide] + step] = alike[wide]
    return place, token, held


def _rarest_left(names: Book, chosen: Ints, pair: Ints, units: Ints, alike: Floats) -> Floats:
    place, token, held = _likeness_of_tokens(names, chosen, pair, units, alike)
    rarest = np.zeros(len(chosen))
    np.maximum.at(rarest, place, names.mass[token] * (1 - held))
    return rarest


def _surname_covered(query: Book, q: Ints, listed: Book, b: Ints, found: Alignment) -> Floats:
    """The smaller of both sides' shares; where no comma marks a surname, the share of the whole name."""
    return np.minimum(
        _marked_covered(query, q, found.pair, found.query_unit, found.alike),
        _marked_covered(listed, b, found.pair, found.listed_unit, found.alike),
    )


def _marked_covered(names: Book, chosen: Ints, pair: Ints, units: Ints, alike: Floats) -> Floats:
    place, token, held = _likeness_of_tokens(names, chosen, pair, units, alike)
    marked = names.surname[chosen]
    counted = (marked[place] == 0) | (names.place[token] < marked[place])
    weights = np.where(counted, names.mass[token], 0.0)
    whole = np.bincount(place, weights=weights, minlength=len(chosen))
    part = np.bincount(place, weights=weights * held, minlength=len(chosen))
    return np.where(marked > 0, part / np.maximum(whole, 1e-9), 1.0)


def _begins_alike(one: NDArray[np.object_], other: NDArray[np.object_]) -> Floats:
    """A name that a field was too short for ends in the middle of a word."""
    common = cpdist(one, other, scorer=Prefix.similarity, dtype=np.int32)
    shorter = np.array([min(len(a), len(b)) for a, b in zip(one, other, strict=True)], dtype=np.int32)
    return np.where(common >= LEAST_BEGINNING, common / np.maximum(shorter, 1), 0.0)


def _called_so(listed: Book, b: Ints, found: Alignment) -> Floats:
    """Of listed names with a marked surname, the lesser likeness of the first surname and the first given name."""
    place, token, held = _likeness_of_tokens(listed, b, found.pair, found.listed_unit, found.alike)
    marked, at = listed.surname[b][place], listed.place[token]
    lesser = np.ones(len(b))
    heads = (marked > 0) & ((at == 0) | (at == marked))
    np.minimum.at(lesser, place[heads], held[heads])
    return np.where(listed.surname[b] > 0, lesser, 0.0)


def _kinds_differ(query: Floats, listed: Floats) -> Floats:
    """What one is and the other is not, as far as the query's kind is known."""
    return np.abs(query - listed) * np.abs(2 * query - 1)


def _agreement(query: Book, q: Ints, listed: Book, b: Ints) -> Floats:
    """Legal forms as bits: of one class, of differing classes, or one side without any."""
    one, other = query.forms[q], listed.forms[b]
    return np.where((one == 0) | (other == 0), 0.0, np.where(one & other, 1.0, -1.0))


def _numbers_differ(query: Book, q: Ints, listed: Book, b: Ints) -> Floats:
    one, other = query.numbers[q], listed.numbers[b]
    return ((one != 0) & (other != 0) & (one != other)).astype(np.float64)
