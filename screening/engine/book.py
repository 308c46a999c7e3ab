"""Many names as arrays: distinct words with what is known of each, and the words and runs of words of every name."""

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.engine import tables
from screening.engine.families import FAMILIES, GENERIC
from screening.engine.names import Name, acronym, runs
from screening.engine.rarity import KINDS, Rarity
from screening.engine.sounds import frame, has_vowels, skeleton

_KIND = {"person": 0.0, "organization": 1.0, "vessel": 1.0}
_BITS = {letter: 1 << (ord(letter) & 63) for letter in string.ascii_lowercase + string.digits + "="}
_UNTELLING = frozenset(("form", "title", "particle"))
_FORMS = sorted({f"={form}" for form in tables.LEGAL_FORMS.values()})
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Words:
    """Distinct words, one place each in every array. Hashes are only compared for equality, within one process."""

    texts: NDArray[np.object_]
    weight: Floats
    bits: Floats
    kind: NDArray[np.int8]
    length: NDArray[np.int16]
    text: Ints
    sound: Ints
    frame: Ints
    scanned: Ints
    family: Ints  # equal for words that are forms or translations of one another
    heads: NDArray[np.int64]  # hashes of the first one, two, three and four letters, 0 where the word is shorter
    letters: NDArray[np.uint64]
    sound_length: NDArray[np.int16]
    frame_length: NDArray[np.int16]
    has_vowels: NDArray[np.bool_]
    is_number: NDArray[np.bool_]
    is_known: NDArray[np.bool_]
    is_generic: NDArray[np.bool_]  # says what an organization is or where, not which one


@dataclass(frozen=True)
class Book:
    """Names by number. The units (words, then runs of neighbors) of name n are `starts[n]:starts[n + 1]`."""

    names: Sequence[Name]
    words: Words
    starts: Ints
    word: Ints  # of each unit
    place: Ints  # of its first token
    width: Ints
    tokens: Ints  # how many the name has
    mass: Floats  # of each unit, what its tokens weigh together
    total: Floats  # of each name, what its tokens weigh together
    sorted_text: NDArray[np.object_]  # of each name, its telling words in order of the alphabet
    organizational: Floats  # of each name, from 0 (a person's) to 1 (an organization's)
    exact: Ints  # of each name, a hash of its words in any order, legal forms by class
    head: Ints  # of each name, the place of its first telling token
    surname: Ints  # of each name, its marked surname's tokens
    forms: Ints  # of each name, its classes of legal forms, as bits
    numbers: Ints  # of each name, a hash of the numbers in it, 0 without any
    run_text: NDArray[np.object_]  # of each name, its telling words run together as they stand
    spelled: NDArray[np.object_]  # of each name, all of its words as they stand
    letters: NDArray[np.object_]  # the same, run together

    def __len__(self) -> int:
        return len(self.names)


def book(names: Sequence[Name], rarity: Rarity, kinds: Sequence[str] = ()) -> Book:
    """Intern the words of the names, in the order in which they come.

    `kinds`, one a name: "person", "organization", "vessel", or "" where the words have to tell.
    """
    numbers: dict[tuple[str, str], int] = {}
    starts, word, place, width = [0], [], [], []
    for name in names:
        for first, many, text in runs(name.tokens):
            kind = name.tokens[first].kind if many == 1 else "core"
            word.append(numbers.setdefault((text, kind), len(numbers)))
            place.append(first)
            width.append(many)
        if letters := acronym(name.tokens):
            word.append(numbers.setdefault((letters, "acronym"), len(numbers)))
            place.append(0)
            width.append(len(name.tokens))
        starts.append(len(word))
    words = words_of(numbers, rarity)
    units = np.array([word, place, width], dtype=np.int64).reshape(3, -1)
    counts = np.array([len(name.tokens) for name in names], dtype=np.int64)
    mass, total = _masses(words.weight[units[0]], np.array(starts), units[1], units[2])
    telling = [_telling(name) for name in names]
    return Book(
        names=names,
        words=words,
        starts=np.array(starts, dtype=np.int64),
        word=units[0],
        place=units[1],
        width=units[2],
        tokens=counts,
        mass=mass,
        total=total,
        sorted_text=_objects([" ".join(sorted(texts)) for texts in telling]),
        organizational=_organizational(names, rarity, kinds),
        exact=_hashes([" ".join(sorted(token.text for token in name.tokens)) for name in names]),
        head=np.array([_head(name) for name in names], dtype=np.int64),
        surname=np.array([name.surname for name in names], dtype=np.int64),
        forms=np.array([_forms(name) for name in names], dtype=np.int64),
        numbers=np.array([_numbers(name) for name in names], dtype=np.int64),
        run_text=_objects(["".join(texts) for texts in telling]),
        spelled=_objects([name.words for name in names]),
        letters=_objects([name.words.replace(" ", "") for name in names]),
    )


def _organizational(names: Sequence[Name], rarity: Rarity, kinds: Sequence[str]) -> Floats:
    """By the kind where it is known, else by the words."""
    pairs = zip(names, kinds or [""] * len(names), strict=True)
    shares = [_KIND[kind] if kind else rarity.organizational_share(name) for name, kind in pairs]
    return np.array(shares, dtype=np.float64)


def _telling(name: Name) -> list[str]:
    return [t.text for t in name.tokens if t.kind in ("core", "initial")] or [t.text for t in name.tokens]


def _head(name: Name) -> int:
    return next((place for place, token in enumerate(name.tokens) if token.kind == "core"), 0)


def _forms(name: Name) -> int:
    found = 0
    for token in name.tokens:
        if token.kind == "form":
            found |= 1 << _FORMS.index(token.text)
    return found


def _numbers(name: Name) -> int:
    numbers = sorted(token.text for token in name.tokens if token.text.isdigit())
    return hash(tuple(numbers)) if numbers else 0


def _masses(weight: Floats, starts: Ints, place: Ints, width: Ints) -> tuple[Floats, Floats]:
    """Of each unit and of each name. A name's single words come first, so token t of name n is unit starts[n] + t."""
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    first = starts[owner] + place
    mass = weight[first] if len(weight) else weight
    for step in range(1, int(width.max(initial=1))):
        wide = width > step
        mass[wide] += weight[first[wide] + step]
    single = width == 1
    return mass, np.bincount(owner[single], weights=mass[single], minlength=len(starts) - 1)


def words_of(keyed: Iterable[tuple[str, str]], rarity: Rarity) -> Words:
    """What is known of each (text, kind)."""
    pairs = list(keyed)
    texts = [text for text, _ in pairs]
    sounds = [skeleton(text) for text in texts]
    return Words(
        texts=_objects(texts),
        weight=np.array([rarity.weight(text, kind) for text, kind in pairs], dtype=np.float64),
        bits=np.array([rarity.bits(text) for text in texts], dtype=np.float64),
        kind=np.array([KINDS[kind] for _, kind in pairs], dtype=np.int8),
        length=np.array([len(text) for text in texts], dtype=np.int16),
        text=_hashes(texts),
        sound=_hashes(sounds),
        frame=_hashes([frame(text) for text in texts]),
        scanned=_hashes([scanned(text) for text in texts]),
        family=_hashes([FAMILIES.get(text, text) for text in texts]),
        heads=np.array(
            [[hash(text[:size]) if len(text) >= size else 0 for size in (1, 2, 3, 4)] for text in texts], dtype=np.int64
        ).reshape(-1, 4),
        letters=np.array([_letter_set(text) for text in texts], dtype=np.uint64),
        sound_length=np.array([len(sound) for sound in sounds], dtype=np.int16),
        frame_length=np.array([len(frame(text)) for text in texts], dtype=np.int16),
        has_vowels=np.array([has_vowels(text) for text in texts], dtype=np.bool_),
        is_number=np.array([text.isdigit() for text in texts], dtype=np.bool_),
        is_known=np.array([rarity.is_known(text) for text in texts], dtype=np.bool_),
        is_generic=np.array([kind in _UNTELLING or text in GENERIC for text, kind in pairs], dtype=np.bool_),
    )


def scanned(word: str) -> str:
    """The word as a poor scan reads it."""
    for pair, letter in tables.SCANNED:
        if pair in word:
            word = word.replace(pair, letter)
    return word


def _objects(texts: list[str]) -> NDArray[np.object_]:
    found = np.empty(len(texts), dtype=object)
    found[:] = texts
    return found


def _hashes(texts: list[str]) -> Ints:
    return np.array([hash(text) for text in texts], dtype=np.int64)


def _letter_set(word: str) -> int:
    found = 0
    for letter in set(word):
        found |= _BITS[letter]
    return found
