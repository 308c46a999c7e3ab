"""What an alignment of two names measures. Every feature is monotone: more likeness never lowers what it adds to a score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, Indel, Prefix
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
    "shared_if_rest_generic": 1,  # the same, where all other words only say what or where an organization is
    "query_left_bits": -1,  # information of the query that the listed name lacks
    "listed_left_bits": -1,
    "rarest_shared": 1,  # bits of the rarest word in common
    "head_shared": 1,  # bits in common of both names' first telling words, where those belong together
    "rarest_query_left": -1,  # bits of the rarest word that only the query has
    "rarest_listed_left": -1,
    "weakest_likeness": 1,  # of the telling words that belong together
    "mean_likeness": 1,
    "exact_share": 1,  # share of the common information whose words are equal letter by letter
    "words_shared": 1,  # telling words in common, initials aside
    "whole_likeness": 1,  # of all letters, words in order of the alphabet
    "run_likeness": 1,  # of all letters, run together
    "letters_apart": -1,  # slips between all letters of the names, forms included; as they stand or by the alphabet
    "cut_short": 1,  # letters of a name that is the beginning of the listed one and ends inside of a word
    "begins_alike": 1,  # share of the shorter name's letters with which the longer begins; of eight letters or more
    "shared_if_called_so": 1,  # the same, where the query has the first surname and the first given name of a listed person
    "surname_covered": 1,  # share of what stands before a comma that the other name holds
    "forms": 1,  # legal forms: 1 of one class, -1 of differing classes, else 0
    "numbers_differ": -1,  # both bear numbers, and not the same
    "kinds_differ": -1,  # how likely it is that one is a person and the other is not
    "initials_share": -1,  # share of the common information that hangs on initials
}
_MOST_BITS = 90.0
MOST_SLIPS = 6  # more are not counted
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
    heads = _heads(query, q, found.pair, found.query_unit) & _heads(listed, b, found.pair, found.listed_unit)
    raw = total(common)
    tokens_q = _tokens(query, q, found.pair, found.query_unit, found.alike)
    tokens_b = _tokens(listed, b, found.pair, found.listed_unit, found.alike)
    columns = [
        covered_q,
        covered_b,
        covered_q * covered_b,
        shared,
        shared * covered_q**4,
        shared * covered_b**4,
        shared * (covered_q * covered_b) ** 2,
        np.where(tokens_q.telling_left() | tokens_b.telling_left(), 0.0, shared),
        total_q - held_q,
        total_b - held_b,
        most(common),
        most(np.where(heads, common, 0.0)),
        tokens_q.rarest_left(),
        tokens_b.rarest_left(),
        weakest,
        total(common * found.alike) / np.maximum(raw, 1e-9),
        total(np.where(found.reason == EXACT, common, 0.0)) / np.maximum(raw, 1e-9),
        total(np.where(telling & (found.reason != INITIAL), found.alike, 0.0)),
        cpdist(query.sorted_text[q], listed.sorted_text[b], scorer=Indel.normalized_similarity, dtype=np.float64),
        cpdist(query.run_text[q], listed.run_text[b], scorer=Indel.normalized_similarity, dtype=np.float64),
        _letters_apart(query, q, listed, b),
        _cut_short(query.spelled[q], listed.spelled[b]),
        _begins_alike(query.run_text[q], listed.run_text[b]),
        shared * covered_q**4 * tokens_b.called_so(),
        np.minimum(tokens_q.surname_covered(), tokens_b.surname_covered()),
        _agreement(query, q, listed, b),
        _numbers_differ(query, q, listed, b),
        _kinds_differ(query.organizational[q], listed.organizational[b]),
        total(np.where(found.reason == INITIAL, common, 0.0)) / np.maximum(raw, 1e-9),
    ]
    return np.round(np.stack(columns, axis=1), 4)


def _telling(names: Book, units: Ints) -> NDArray[np.bool_]:
    """Runs of words, and words that are not forms, titles or particles."""
    return np.isin(names.words.kind[names.word[units]], (KINDS["core"], KINDS["initial"])) | (names.width[units] > 1)


def _heads(names: Book, chosen: Ints, pair: Ints, units: Ints) -> NDArray[np.bool_]:
    """Whether a unit holds the first telling word of its name."""
    head, place = names.head[chosen][pair], names.place[units]
    return (place <= head) & (head < place + names.width[units])


@dataclass(frozen=True)
class _Tokens:
    """Every token of the names of some pairs."""

    pair: Ints
    unit: Ints
    held: Floats  # how like it is to what it was matched with, 0 where it was left
    names: Book
    number: Ints  # of each pair, the name

    def of_pairs(self, values: Floats) -> Floats:
        return np.bincount(self.pair, weights=values, minlength=len(self.number))

    def rarest_left(self) -> Floats:
        rarest = np.zeros(len(self.number))
        np.maximum.at(rarest, self.pair, self.names.mass[self.unit] * (1 - self.held))
        return rarest

    def telling_left(self) -> NDArray[np.bool_]:
        """Whether a word is left that says which one it is."""
        left = (self.held == 0) & ~self.names.words.is_generic[self.names.word[self.unit]]
        return self.of_pairs(left.astype(np.float64)) > 0

    def surname_covered(self) -> Floats:
        """Where no comma marks a surname, all of it."""
        marked = self.names.surname[self.number]
        counted = (marked[self.pair] == 0) | (self.names.place[self.unit] < marked[self.pair])
        weights = np.where(counted, self.names.mass[self.unit], 0.0)
        part = self.of_pairs(weights * self.held) / np.maximum(self.of_pairs(weights), 1e-9)
        return np.where(marked > 0, part, 1.0)

    def called_so(self) -> Floats:
        """Of names with a marked surname, the lesser likeness of the first surname and the first given name."""
        marked, at = self.names.surname[self.number], self.names.place[self.unit]
        lesser = np.ones(len(self.number))
        heads = (marked[self.pair] > 0) & ((at == 0) | (at == marked[self.pair]))
        np.minimum.at(lesser, self.pair[heads], self.held[heads])
        return np.where(marked > 0, lesser, 0.0)


def _tokens(names: Book, chosen: Ints, pair: Ints, units: Ints, alike: Floats) -> _Tokens:
    many = names.tokens[chosen]
    first = np.cumsum(many) - many
    owner = np.repeat(np.arange(len(chosen)), many)
    token = names.starts[chosen][owner] + np.arange(many.sum()) - first[owner]
    held = np.zeros(len(token))
    at = first[pair] + names.place[units]
    for step in range(int(names.width[units].max(initial=1))):
        wide = names.width[units] > step
        held[at[wide] + step] = alike[wide]
    return _Tokens(owner, token, held, names, chosen)


def _letters_apart(query: Book, q: Ints, listed: Book, b: Ints) -> Floats:
    """Slips from one to the other, at most MOST_SLIPS + 1."""
    most = MOST_SLIPS + 1
    pairs = ((query.letters[q], listed.letters[b]), (query.sorted_text[q], listed.sorted_text[b]))
    slips = [cpdist(*pair, scorer=OSA.distance, score_cutoff=MOST_SLIPS, dtype=np.int32) for pair in pairs]
    return np.minimum(np.minimum(*slips), most).astype(np.float64)


def _cut_short(one: NDArray[np.object_], other: NDArray[np.object_]) -> Floats:
    """Who is asked for by a field that was too short breaks off anywhere; names of their own end with a word."""
    found = np.zeros(len(one))
    common = cpdist(one, other, scorer=Prefix.similarity, dtype=np.int32)
    for row in np.flatnonzero(common >= LEAST_BEGINNING).tolist():
        size, longer = len(one[row]), other[row]
        if common[row] == size < len(longer) and longer[size] != " ":
            found[row] = size
    return found


def _begins_alike(one: NDArray[np.object_], other: NDArray[np.object_]) -> Floats:
    """A name that a field was too short for ends in the middle of a word."""
    common = cpdist(one, other, scorer=Prefix.similarity, dtype=np.int32)
    shorter = np.array([min(len(a), len(b)) for a, b in zip(one, other, strict=True)], dtype=np.int32)
    return np.where(common >= LEAST_BEGINNING, common / np.maximum(shorter, 1), 0.0)


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
