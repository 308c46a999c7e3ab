"""Names as the engine sees them: any script read into plain tokens, each of a kind. Pure.

The order of the steps matters: invisible characters first, then look-alike letters inside words of mixed scripts, then
transliteration, so that a Cyrillic "а" hidden in a Latin word becomes "a" and not a foreign word.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from screening.engine import tables
from screening.engine.sounds import skeleton

LONGEST_PERSON = 3  # characters of a person's name in Chinese or Korean
LONGEST_WORDS = 200  # letters of a whole name that are compared
LONGEST = 40  # tokens; what stands behind them in an endless "name" is not read

_WORD = re.compile(r"[a-z0-9]+")
_MARKS = re.compile(r"['’‘`ʻʼ´.]")
_SPACED_LETTERS = re.compile(r"\b(?:[a-z]\.){2,}")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_HAN_WORD = re.compile("|".join(sorted(tables.HAN_WORDS, key=len, reverse=True)))
_HANGUL_WORD = re.compile("|".join(sorted(tables.HANGUL_WORDS, key=len, reverse=True)))
_PHRASES = re.compile(r"\b(?:" + "|".join(sorted(tables.FORM_PHRASES, key=len, reverse=True)) + r")\b")
_PHRASE_HEADS = re.compile(r"\b(?:" + "|".join({phrase.split()[0] for phrase in tables.FORM_PHRASES}) + r")\b")
_NO_VOWELS = str.maketrans("", "", "aeiou")
_UNVOWELED_FORMS = {word.translate(_NO_VOWELS): form for word, form in tables.LEGAL_FORMS.items() if len(word) > 4}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is core, form (a legal form; `text` is its class), title, particle or initial. `said` is as the name has it."""

    text: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Name:
    """`surname` counts the leading tokens before a comma ("MADURO MOROS, Nicolas": 2), 0 where none is marked."""

    original: str
    tokens: tuple[Token, ...]
    surname: int
    words: str  # of the whole name, legal forms as they are written

    @property
    def plain(self) -> str:
        """The normal form, for the test of exact equality."""
        return " ".join(token.said for token in self.tokens)


def normalize(text: str) -> str:
    """Lower-case ASCII words of a name in any script. Idempotent; "" when nothing can be read."""
    if not text.isascii():
        text = _romanized(text)
    elif not text.isprintable():
        text = _printable(" ".join(text.split()))
    text = _SPACED_LETTERS.sub(lambda found: found[0].replace(".", "") + " ", _MARKS_BUT_DOTS.sub("", text.lower()))
    words = _WORD.findall(_MARKS.sub("", text))
    return " ".join([word if word.isalpha() or word.isdigit() else _letters(word) for word in words])


_MARKS_BUT_DOTS = re.compile(r"['’‘`ʻʼ´]")


def _printable(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) not in {"Cf", "Cc", "Cs"})


def _romanized(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", text).split())  # line breaks and tabs part words, too
    text = " ".join(_unmask(word) for word in _printable(text).split())
    if _ARABIC.search(text):
        text = " ".join(_arabic(word) for word in text.split())
    text = _HANGUL.sub(lambda found: _korean(found[0]), text)
    text = _HAN.sub(lambda found: _han(found[0]), text)
    return anyascii(text)


def _unmask(word: str) -> str:
    """Fold look-alike letters, but only in a word that mixes scripts: a truly Cyrillic word is transliterated."""
    if word.isascii():
        return word
    if any("a" <= character <= "z" for character in word.lower()):
        return word.translate(tables.LOOKALIKES)
    return tables.CYRILLIC_WORDS.get(word.lower(), word)


def _arabic(word: str) -> str:
    if not _ARABIC.search(word):
        return word
    bare = "".join(letter for letter in word if not unicodedata.combining(letter))
    if bare in tables.ARABIC_WORDS:
        return tables.ARABIC_WORDS[bare]
    article, rest = ("al ", bare[2:]) if bare.startswith(("ال", "ٱل")) and len(bare) > 3 else ("", bare)
    if rest.startswith(("اي", "ای")):
        return article + "i" + "".join(tables.ARABIC.get(letter, letter) for letter in rest[2:])
    return article + "".join(tables.ARABIC.get(letter, letter) for letter in rest)


def _korean(run: str) -> str:
    """Known words of organizations translated, all else one syllable after the other."""
    run = _translated(run, _HANGUL_WORD, tables.HANGUL_WORDS)
    return "".join(f"{_hangul(letter)} " if _HANGUL.match(letter) else letter for letter in run)


def _translated(run: str, known: re.Pattern[str], words: dict[str, str]) -> str:
    """With known words replaced; a run as short as a person's name only as a whole."""
    if len(run) <= LONGEST_PERSON and known.sub("", run):
        return run
    return known.sub(lambda found: words[found[0]], run)


def _hangul(syllable: str) -> str:
    initial, rest = divmod(ord(syllable) - 0xAC00, 588)
    medial, final = divmod(rest, 28)
    return tables.HANGUL_INITIALS[initial] + tables.HANGUL_MEDIALS[medial] + tables.HANGUL_FINALS[final]


def _han(run: str) -> str:
    """Known words translated, all else one pinyin syllable a character."""
    run = _translated(run, _HAN_WORD, tables.HAN_WORDS)
    return " " + "".join(f"{anyascii(letter)} " if _HAN.match(letter) else letter for letter in run)


def _letters(word: str) -> str:
    """A word in which some digits stand for letters ("mexgl0bo"); "f16" and "2566a" stay as they are."""
    digits = sum(character.isdigit() for character in word)
    return word.translate(tables.DIGITS_AS_LETTERS) if len(word) > 2 and digits * 3 <= len(word) else word


@lru_cache(maxsize=100_000)
def parse(text: str) -> Name:
    """The tokens of a name; legal forms that are written out in several words become one token."""
    plain = normalize(text)
    words = plain[:LONGEST_WORDS]
    if _PHRASE_HEADS.search(plain):
        plain = _PHRASES.sub(lambda found: tables.FORM_PHRASES[found[0]], plain)
    tokens = tuple([_token(word) for word in plain.split()[:LONGEST]])
    head, comma, _rest = text.partition(",")
    surname = len(normalize(head).split()) if comma else 0
    return Name(text, tokens, surname if 0 < surname < len(tokens) else 0, words)


@lru_cache(maxsize=200_000)
def _token(word: str) -> Token:
    if form := tables.LEGAL_FORMS.get(word) or _UNVOWELED_FORMS.get(word) or tables.LEGAL_FORMS.get(_long_form(word)):
        return Token(f"={form}", "form", word)
    if word in tables.TITLES:
        return Token(word, "title", word)
    if word in tables.PARTICLES:
        return Token(word, "particle", word)
    return Token(word, "initial" if len(word) == 1 and word.isalpha() else "core", word)


def _long_form(word: str) -> str:
    """The long legal form of which the word is a slip ("compzny", "corporatoon") or a beginning; else ""."""
    if len(word) < 4:
        return ""
    for form in tables.LONG_FORMS:
        if form.startswith(word) or OSA.distance(word, form, score_cutoff=1) <= 1:
            return form
    return ""


def acronym(tokens: tuple[Token, ...]) -> str:
    """The first letters of three to eight telling words, "" of fewer or more."""
    letters = [token.text[0] for token in tokens if token.kind == "core"]
    return "".join(letters) if 3 <= len(letters) <= 8 else ""


def runs(tokens: tuple[Token, ...]) -> list[tuple[int, int, str]]:
    """Every token, and neighbors run together: (first token, how many, text). Three only around a particle or if short."""
    found = [(place, 1, token.text) for place, token in enumerate(tokens)]
    for place, (one, two) in enumerate(itertools.pairwise(tokens)):
        if "form" not in (one.kind, two.kind):
            found.append((place, 2, one.text + two.text))
    for place in range(len(tokens) - 2):
        one, two, three = tokens[place : place + 3]
        is_short = max(len(one.text), len(two.text), len(three.text)) < 5
        if "form" not in (one.kind, two.kind, three.kind) and (two.kind == "particle" or is_short):
            found.append((place, 3, one.text + two.text + three.text))
    return found


def keys(name: Name) -> list[str]:
    """Blocking keys for a database index: two names that share none are never compared."""
    telling = [token for token in name.tokens if token.kind == "core"] or list(name.tokens)
    words = {token.text for token in telling} | {text for _, width, text in runs(name.tokens) if width > 1}
    sounds = {f"~{found}" for word in words if word.isalnum() and len(found := skeleton(word)) > 1}
    return sorted(words | sounds)
