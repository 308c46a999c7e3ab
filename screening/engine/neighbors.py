"""The words of a list that are like a given word, found by shared keys: text, deletions, consonants, first letters."""

from collections.abc import Iterator

import numpy as np

from screening.engine.book import Book, Floats, Ints, Words
from screening.engine.likeness import WHOLE, likeness
from screening.engine.rarity import KINDS

LEAST = 0.55
DELETES_FROM, TWICE_FROM, TWICE_TO = 4, 7, 12  # letters from which one, two deletions are keys
PREFIX_FROM = 5


class Neighbors:
    """An inverted index over the words of a book: single words by every key, runs of neighbors by text and sound. In a
    `partial` book, of some names of a list, every run may be a word that stands alone in another one: it counts as such."""

    def __init__(self, listed: Book, *, partial: bool = False) -> None:
        self.words = listed.words
        self.is_single = listed.words.kind != KINDS["acronym"] if partial else _singles(listed)
        keys, words = _keys(self.words, self.is_single)
        order = np.argsort(keys, kind="stable")
        self.keys, self.owners = keys[order], words[order]

    def of(self, words: Words, is_single: np.ndarray) -> tuple[Ints, Ints, Floats]:
        """Pairs (word asked for, listed word, likeness), without initials; at least one of the two is no run."""
        keys, asked = _keys(words, is_single)
        first = np.searchsorted(self.keys, keys, "left")
        many = np.searchsorted(self.keys, keys, "right") - first
        left = np.repeat(asked, many)
        place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        right = self.owners[np.repeat(first, many) + place]
        fits = is_single[left] | self.is_single[right]
        both = np.sort(left[fits] * len(self.is_single) + right[fits])
        both = both[np.diff(both, prepend=-1) != 0]  # faster than numpy's unique
        left, right = both // len(self.is_single), both % len(self.is_single)
        alike, _ = likeness(words, left, self.words, right, is_single[left] & self.is_single[right])
        kept = alike >= LEAST
        return left[kept], right[kept], alike[kept]


def _singles(names: Book) -> np.ndarray:
    """Of each word whether it stands by itself somewhere."""
    found = np.zeros(len(names.words.texts), dtype=np.bool_)
    found[names.word[names.width == 1]] = True
    return found


singles = _singles


def _keys(words: Words, is_single: np.ndarray) -> tuple[Ints, Ints]:
    """(hash of a key, word) for every key of every word."""
    sound = np.flatnonzero((words.sound_length >= 2) & ~np.isin(words.kind, WHOLE))
    everyone = np.arange(len(words.texts))
    head = np.flatnonzero(is_single & (words.length >= PREFIX_FROM) & (words.kind == KINDS["core"]))
    spelled = np.flatnonzero(
        is_single & (words.kind == KINDS["core"]) & ~words.is_number & (words.length >= DELETES_FROM)
    )
    single = np.flatnonzero(is_single & (words.kind == KINDS["core"]))
    bare = np.flatnonzero((words.sound_length >= 2) & ~np.isin(words.kind, WHOLE) & (words.length >= 4))
    deletions, owners = _deletions(words, spelled)
    # Each kind of key is salted, so that a word never meets another one's sound.
    keys = [words.text, words.sound[sound] ^ 0x51, words.heads[head, 3] ^ 0xA7, words.scanned[spelled] ^ 0x3C]
    keys += [words.frame[bare] ^ 0x99, words.family[single] ^ 0x6D, deletions]
    return np.concatenate(keys), np.concatenate([everyone, sound, head, spelled, bare, single, owners])


def _deletions(words: Words, chosen: Ints) -> tuple[Ints, Ints]:
    found, owners = [], []
    for number, text in zip(chosen.tolist(), words.texts[chosen].tolist(), strict=True):
        hashes = [hash(shorter) for shorter in _without(text)]
        found += hashes
        owners += [number] * len(hashes)
    return np.array(found, dtype=np.int64), np.array(owners, dtype=np.int64)


def _without(text: str) -> Iterator[str]:
    size = len(text)
    once = {text[:i] + text[i + 1 :] for i in range(size)}
    yield text
    yield from once
    if TWICE_FROM <= size <= TWICE_TO:
        yield from {text[:i] + text[i + 1 : j] + text[j + 1 :] for i in range(size) for j in range(i + 1, size)} - once
