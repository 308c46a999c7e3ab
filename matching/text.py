"""Lexical likeness of two texts: the cosine of their stems' weights, in whole numbers only.

Pure and exact: no floating point, no process-dependent hash, so the same two texts give the same figure on any machine.
Every stem weighs alike until an idf table is frozen with a model version.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt
from zlib import crc32

WORD = re.compile(r"[^\W_]{2,}")
_STOP_WORDS = """
    a about across after all also an and any are as at be been before between both but by can each for from had has
    have how if in into is it its may more most must need needs new no not of on one only or other our over own per
    shall should so such than that the their them then there these they this those through to under up use used using
    very was we were what when where which while who will with within without would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
# Longest first; what is left must keep at least three letters.
SUFFIXES = (
    ("ization", "ize"),
    ("isation", "ize"),
    ("ational", "ate"),
    ("fulness", "ful"),
    ("ically", "ic"),
    ("ation", "ate"),
    ("ities", "ity"),
    ("ments", "ment"),
    ("ness", ""),
    ("ings", ""),
    ("ies", "y"),
    ("ing", ""),
    ("ers", "er"),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
)
HEAVIEST = 15  # how often a stem counts at most


@dataclass(frozen=True, slots=True)
class Terms:
    """Hashed stems with their weights, and the sum of the weights' squares. `is_latin` is None for an empty text."""

    weights: dict[int, int]
    square: int
    is_latin: bool | None


def stem(word: str) -> str:
    """The word without its commonest English ending; words of other scripts stay as they are."""
    for suffix, instead in SUFFIXES:
        if word.endswith(suffix) and not word.endswith("ss") and len(word) - len(suffix) >= 3:
            shortened = word[: -len(suffix)] + instead
            return shortened.removesuffix("e") if len(shortened) > 3 else shortened
    return word.removesuffix("e") if len(word) > 3 else word


@lru_cache(maxsize=8192)
def terms(text: str) -> Terms:
    """The weighted stems of a text; a stem counts by the number of binary digits of its frequency (1, 2, 2, 3, …)."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))
    counts: dict[int, int] = {}
    for word in words:
        if word not in STOP_WORDS:
            key = crc32(stem(word).encode())
            counts[key] = counts.get(key, 0) + 1
    weights = {key: min(count, HEAVIEST).bit_length() for key, count in counts.items()}
    return Terms(weights, sum(weight * weight for weight in weights.values()), _is_latin(words))


def _is_latin(words: list[str]) -> bool | None:
    letters = "".join(words)
    latin = sum(character.isascii() for character in letters)
    return 2 * latin >= len(letters) if letters else None


def likeness(one: Terms, other: Terms) -> int | None:
    """0 to 1000; None where words cannot be compared: an empty text, or two texts in different scripts."""
    if not one.square or not other.square or one.is_latin != other.is_latin:
        return None
    small, large = sorted((one.weights, other.weights), key=len)
    product = sum(weight * large.get(key, 0) for key, weight in small.items())
    return min(1000, 1000 * product // isqrt(one.square * other.square))
