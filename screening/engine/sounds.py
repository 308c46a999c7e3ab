"""A word by its consonants: coarsely, as a key under which spellings of one name meet, and finely, for words without vowels."""

import re
from functools import lru_cache

_SOUNDS = (
    ("tsch", "j"), ("tch", "j"), ("sch", "s"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("ch", "j"), ("kh", "k"), ("gh", "k"),
    ("sh", "s"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ts", "s"), ("tz", "s"), ("ck", "k"), ("ks", "s"), ("x", "s"), ("q", "k"),
    ("z", "s"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("g", "k"), ("v", "f"),
)  # fmt: skip
_VOWELS = re.compile(r"[aeiouyhw]")
_PLAIN_VOWELS = re.compile(r"[aeiouyw]")
_NO_VOWELS = str.maketrans("", "", "aeiou")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=400_000)
def skeleton(word: str) -> str:
    """Consonants by class of sound: spellings in different romanizations share it ("qadhafi", "gaddafi": "kdf")."""
    if word.isdigit():
        return word
    for spelling, sound in _SOUNDS:
        if spelling in word:
            word = word.replace(spelling, sound)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", word)) or word[:1]


@lru_cache(maxsize=400_000)
def frame(word: str) -> str:
    """All consonants as written, long vowels and doubling aside: what a script that writes no short vowels would keep."""
    return _DOUBLED.sub(r"\1", _PLAIN_VOWELS.sub("", word)) or word[:1]


def has_vowels(word: str) -> bool:
    """False where a word has fewer vowels than one letter in five, the first letter aside: "hsyn", "zwahry"."""
    return 5 * (len(word) - 1 - len(word[1:].translate(_NO_VOWELS))) >= len(word)
