"""How alike two words are and by what reason, for many pairs at once; 0 where nothing ties them."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from screening.engine.book import Floats, Ints, Words
from screening.engine.rarity import KINDS

REASONS = ("none", "exact", "sound", "edit", "prefix", "initial", "similar", "scan", "acronym", "variant")
NONE, EXACT, SOUND, EDIT, PREFIX, INITIAL, SIMILAR, SCAN, ACRONYM, VARIANT = range(10)
LONG_FRAME = 4  # consonants as written that tie two words, though one spells a sound in another way
_UNLIKE_KNOWN = 0.85  # two words that are both names of their own are seldom slips of one another
WHOLE = (KINDS["form"], KINDS["acronym"])  # kinds of which only the whole word counts
_VARIANT = 0.9  # likeness of words that are forms or translations of one another
_SHORT = (0.5, 0.55, 0.6)  # likeness of a first letter, of the first two, three letters


def likeness(
    left: Words, a: Ints, right: Words, b: Ints, both_single: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int8]]:
    """Of left.texts[a[i]] and right.texts[b[i]] for every i: likeness from 0 to 1, and the place of the reason in REASONS.

    `both_single` says where both are words and not runs of neighbors; only those match by initial or prefix.
    """
    alike, reason = np.zeros(len(a)), np.zeros(len(a), dtype=np.int8)
    same = left.text[a] == right.text[b]
    acronym = (left.kind[a] == KINDS["acronym"]) | (right.kind[b] == KINDS["acronym"])
    same &= ~acronym | ((left.length[a] >= 3) & ~both_single)
    alike[same], reason[same] = 1.0, np.where(acronym[same], ACRONYM, EXACT)
    _initials(left, a, right, b, both_single & ~same, alike, reason)
    variant = both_single & ~same & (left.family[a] == right.family[b])
    alike[variant], reason[variant] = _VARIANT, VARIANT
    open_ = np.flatnonzero(~same & _worth_measuring(left, a, right, b, both_single))
    if len(open_):
        found, why = _measured(left, a[open_], right, b[open_], both_single[open_])
        better = found > alike[open_]
        alike[open_[better]], reason[open_[better]] = found[better], why[better]
    return np.round(alike, 4), reason


def _initials(
    left: Words, a: Ints, right: Words, b: Ints, where: NDArray[np.bool_], alike: Floats, reason: NDArray[np.int8]
) -> None:
    """A word of one to three letters with which the other, at least twice as long, begins."""
    core = (KINDS["core"], KINDS["initial"])
    shorter, longer = np.minimum(left.length[a], right.length[b]), np.maximum(left.length[a], right.length[b])
    fits = where & (shorter <= 3) & (longer >= 2 * shorter)
    fits &= np.isin(left.kind[a], core) & np.isin(right.kind[b], core)
    for size in (1, 2, 3):
        found = np.flatnonzero(fits & (shorter == size))
        found = found[left.heads[a[found], size - 1] == right.heads[b[found], size - 1]]
        alike[found], reason[found] = _SHORT[size - 1], INITIAL


def _worth_measuring(left: Words, a: Ints, right: Words, b: Ints, both_single: NDArray[np.bool_]) -> NDArray[np.bool_]:
    la, lb = left.length[a], right.length[b]
    few_edits = (np.abs(la - lb) <= 2) & (np.minimum(la, lb) >= 4)
    few_edits &= np.bitwise_count(left.letters[a] ^ right.letters[b]) <= 4
    sound = left.sound[a] == right.sound[b]
    head = both_single & (left.heads[a, 3] == right.heads[b, 3]) & (left.heads[a, 3] != 0)
    scan = left.scanned[a] == right.scanned[b]
    words = ~(left.is_number[a] | right.is_number[b])
    words &= ~np.isin(left.kind[a], WHOLE) & ~np.isin(right.kind[b], WHOLE)
    bare = ~(left.has_vowels[a] & right.has_vowels[b])
    sound |= (bare | (left.frame_length[a] >= LONG_FRAME)) & (left.frame[a] == right.frame[b])
    return words & (few_edits | sound | head | scan)


def _measured(
    left: Words, a: Ints, right: Words, b: Ints, both_single: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int8]]:
    texts_a, texts_b = left.texts[a], right.texts[b]
    closeness = cpdist(texts_a, texts_b, scorer=JaroWinkler.similarity, dtype=np.float64)
    edits = cpdist(texts_a, texts_b, scorer=OSA.distance, dtype=np.int32)
    shorter, longer = np.minimum(left.length[a], right.length[b]), np.maximum(left.length[a], right.length[b])
    known = np.where(left.is_known[a] & right.is_known[b], _UNLIKE_KNOWN, 1.0)
    ways = np.zeros((len(REASONS), len(a)))
    ways[SOUND] = _by_sound(left, a, right, b, closeness, both_single)
    allowed = np.where(longer >= 8, 2, 1)
    ways[EDIT] = np.where((edits <= allowed) & (shorter >= 4), (1 - edits / longer) * known, 0)
    begins = both_single & (shorter >= 4) & (left.heads[a, 3] == right.heads[b, 3]) & (edits == longer - shorter)
    ways[PREFIX] = np.where(begins, (0.55 + 0.4 * shorter / longer) * known, 0)
    ways[SIMILAR] = np.where((closeness >= 0.86) & (shorter >= 5), (closeness - 0.15) * known, 0)
    ways[SCAN] = np.where((left.scanned[a] == right.scanned[b]) & (shorter >= 3), 0.92 * known, 0)
    why = ways.argmax(axis=0).astype(np.int8)
    return ways.max(axis=0), why


def _by_sound(left: Words, a: Ints, right: Words, b: Ints, closeness: Floats, both_single: NDArray[np.bool_]) -> Floats:
    """Equal consonants. Where one side writes no vowels, equal consonants as written are all that can be asked."""
    size = left.sound_length[a]
    spelled = 0.45 + 0.55 * closeness - np.select([size == 1, size == 2], [0.2, 0.05], 0.0)
    spelled *= np.where(left.is_known[a] & right.is_known[b] & (closeness < 0.8), _UNLIKE_KNOWN, 1.0)
    bare = ~(left.has_vowels[a] & right.has_vowels[b])
    as_written = left.frame[a] == right.frame[b]
    unspelled = np.where(as_written, np.select([size == 1, size == 2], [0.6, 0.85], 0.92), spelled - 0.1)
    spelled_out = np.where(closeness >= np.where(both_single, 0.6, 0.8), spelled, 0.0)
    found = np.where(bare, np.maximum(unspelled, spelled - 0.05), spelled_out)
    tied = (left.sound[a] == right.sound[b]) | (as_written & (bare | (left.frame_length[a] >= LONG_FRAME)))
    return np.where(tied, np.maximum(found, 0.0), 0.0)
