"""Which listed names are worth comparing with a name: those that share words like its own, weighed by rarity."""

import numpy as np
from scipy import sparse

from screening.engine.book import Book, Floats, Ints
from screening.engine.neighbors import Neighbors, singles
from screening.engine.rarity import KINDS

MOST = 40  # candidates of a name
SHARPNESS = 4  # the power of likeness: several words that are a little like one must not outweigh the word itself
INITIAL = 0.3  # what a first letter in common adds
LEAST = 0.40  # soft cosine from which a name is a candidate
CHUNK = 1000  # names joined at once, which bounds memory


class Join:
    """A soft TF-IDF join against a fixed book of listed names."""

    def __init__(self, listed: Book, *, partial: bool = False) -> None:
        self.listed = listed
        self.neighbors = Neighbors(listed, partial=partial)
        self.columns = sparse.hstack([_matrix(listed), _initials(listed, KINDS["core"])]).T.tocsr()  # words x names

    def candidates(self, query: Book) -> tuple[Ints, Ints, Floats]:
        """Pairs (name asked for, listed name, soft cosine), ordered by name and then by falling cosine."""
        left, right, alike = self.neighbors.of(query.words, singles(query))
        shape = (len(query.words.texts), len(self.listed.words.texts))
        like = sparse.csr_matrix((alike**SHARPNESS, (left, right)), shape=shape)
        rows = sparse.hstack([_matrix(query) @ like, _initials(query, KINDS["initial"])]).tocsr()
        parts = [self._best(rows[first : first + CHUNK], first) for first in range(0, len(query), CHUNK)]
        empty = np.zeros(0, dtype=np.int64)
        joined = [np.concatenate(part) for part in zip(*parts, strict=True)] or [empty, empty, np.zeros(0)]
        return joined[0], joined[1], joined[2]

    def _best(self, rows: sparse.csr_matrix, first: int) -> tuple[Ints, Ints, Floats]:
        found = (rows @ self.columns).tocsr()
        number = np.repeat(np.arange(rows.shape[0]), np.diff(found.indptr))
        kept = np.flatnonzero(found.data >= LEAST)
        number, name, cosine = number[kept], found.indices[kept], found.data[kept]
        order = np.lexsort((name, -cosine, number))
        number, name, cosine = number[order], name[order], cosine[order]
        begin = np.searchsorted(number, number, "left")
        within = np.arange(len(number)) - begin < MOST
        return number[within] + first, name[within].astype(np.int64), cosine[within]


def _matrix(names: Book) -> sparse.csr_matrix:
    """Names x words, each row of length one over its single words; a run weighs what its words weigh together."""
    owner = np.repeat(np.arange(len(names)), np.diff(names.starts))
    one = names.width == 1
    weight = names.mass
    length = np.sqrt(np.bincount(owner[one], weights=np.square(weight[one]), minlength=len(names)))
    weight = weight / np.maximum(length[owner], 1e-9)
    return sparse.csr_matrix((weight, (owner, names.word)), shape=(len(names), len(names.words.texts)))


def _initials(names: Book, kind: int) -> sparse.csr_matrix:
    """Names x letters: the first letters of the words of one kind, so that "J. Kony" ranks Joseph above Ali."""
    owner = np.repeat(np.arange(len(names)), np.diff(names.starts))
    chosen = (names.width == 1) & (names.words.kind[names.word] == kind)
    letters = np.array([ord(text[0]) & 63 for text in names.words.texts], dtype=np.int64)
    places = (owner[chosen], letters[names.word[chosen]] if chosen.any() else owner[:0])
    found = sparse.csr_matrix((np.ones(chosen.sum()), places), shape=(len(names), 64))
    found.data = np.full(len(found.data), np.sqrt(INITIAL))
    return found
