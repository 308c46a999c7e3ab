"""Names as the engine sees them: any script folded to plain tokens, each with a consonant skeleton. Pure.

The order of the steps matters: invisible characters first, then look-alike letters inside words of mixed scripts, then
transliteration, so that a Cyrillic "а" hidden in a Latin word becomes "a" and not a foreign word.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

# Organization types, by class: the words say little about who it is, but a differing class says something.
ORGANIZATION_TYPES = {
    word: kind
    for kind, words in {
        "limited": "ltd limited llc ooo gmbh sarl srl sl bv oy kft doo lda ltda pte pvt private",
        "stock": "inc incorporated corp corporation co company ao oao pao zao jsc ojsc cjsc pjsc sa spa ag nv plc ab as "
        "asa sae tbk joint stock public",
        "group": "group holding holdings trust foundation",
    }.items()
    for word in words.split()
}
TITLES = {
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "professor",
    "sheikh",
    "shaykh",
    "shaikh",
    "sayyid",
    "hajj",
    "haji",
    "hajji",
    "mullah",
    "maulavi",
    "mawlawi",
    "ayatollah",
    "general",
    "gen",
    "col",
    "colonel",
    "brigadier",
    "maj",
    "major",
    "eng",
    "engineer",
    "hon",
    "sir",
}
PARTICLES = {
    "al",
    "el",
    "ul",
    "the",
    "and",
    "of",
    "de",
    "la",
    "le",
    "los",
    "las",
    "du",
    "des",
    "der",
    "den",
    "van",
    "von",
    "da",
    "do",
    "dos",
    "di",
    "abu",
    "ibn",
    "bin",
    "ben",
    "bint",
    "y",
    "e",
    "i",
}

_LOOKALIKES = str.maketrans(
    "авсеԁһіјкморрԛѕтхуѵԝАВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναρτυικ",
    "abceđhijkmoppqstxyvwABCEHIJKMOPSTXYABEZHIKMNOPTYXovaptuik".replace("đ", "d"),
)
_WORD = re.compile(r"[a-z0-9]+")
_MARKS = re.compile(r"['’‘`ʻʼ´.]")


@dataclass(frozen=True)
class Token:
    """`kind` is core, type, title, particle or initial; only core tokens and types identify anybody."""

    text: str
    skeleton: str
    kind: str


@dataclass(frozen=True)
class Name:
    original: str
    tokens: tuple[Token, ...]

    @property
    def core(self) -> tuple[Token, ...]:
        """The tokens that identify; all of them when a name has nothing but particles or types."""
        return tuple(token for token in self.tokens if token.kind in {"core", "initial"}) or self.tokens

    @property
    def plain(self) -> str:
        """The normal form, for the test of exact equality."""
        return " ".join(token.text for token in self.tokens)


def normalize(text: str) -> str:
    """Lower-case ASCII words of a name in any script. Idempotent; "" when nothing can be read."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())  # line breaks and tabs part words, too
    text = "".join(character for character in text if unicodedata.category(character) not in {"Cf", "Cc", "Cs"})
    text = " ".join(_unmask(word) for word in text.split())
    return " ".join(_WORD.findall(_MARKS.sub("", anyascii(text).lower())))


def _unmask(word: str) -> str:
    """Fold look-alike letters, but only in a word that mixes scripts: a truly Cyrillic word is transliterated."""
    has_latin = any("a" <= character <= "z" for character in word.lower())
    return word.translate(_LOOKALIKES) if has_latin and not word.isascii() else word


@lru_cache(maxsize=200_000)
def parse(text: str) -> Name:
    return Name(text, tuple(Token(word, skeleton(word), _kind(word)) for word in normalize(text).split()))


def _kind(word: str) -> str:
    if word in ORGANIZATION_TYPES:
        return "type"
    if word in TITLES:
        return "title"
    if word in PARTICLES:
        return "particle"
    return "initial" if len(word) == 1 and word.isalpha() else "core"


_SOUNDS = [
    ("sch", "s"), ("tch", "c"), ("kh", "k"), ("gh", "g"), ("sh", "s"), ("ch", "c"), ("ph", "f"), ("th", "t"), ("dh", "d"),
    ("zh", "s"), ("ts", "s"), ("ck", "k"), ("ks", "x"), ("dj", "j"), ("q", "k"), ("z", "s"), ("w", "v"), ("g", "j"),
]  # fmt: skip
_VOWELS = re.compile(r"[aeiouyh]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """Consonants by sound: spellings of one name in different romanizations share it ("qadhafi", "gaddafi": "jdf")."""
    if word.isdigit():
        return word
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    word = word.replace("k", "j") if word.startswith("k") else word
    consonants = _DOUBLED.sub(r"\1", _VOWELS.sub("", word))
    return consonants or word[:1]


def keys(name: Name) -> list[str]:
    """Blocking keys: two names that share none are never compared. Words, neighbors run together, and skeletons."""
    words = [token.text for token in name.core if len(token.text) > 1]
    every = [token.text for token in name.tokens]
    merged = ["".join(pair) for pair in itertools.pairwise(every)]
    skeletons = [f"~{token.skeleton}" for token in name.core if len(token.skeleton) > 1]
    skeletons += [f"~{found}" for word in merged if len(found := skeleton(word)) > 2]
    return sorted({*(words or every), *merged, *skeletons})
