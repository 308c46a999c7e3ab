"""How telling a word is, from a shipped table of how many names bear it: the same for every list, so that scores replay."""

import gzip
import json
from functools import cache, cached_property
from math import exp, log2
from pathlib import Path

from screening.engine.names import Name
from screening.engine.sounds import skeleton

TABLE = Path(__file__).parent.parent / "data" / "words.json.gz"

KINDS = {"core": 0, "form": 1, "title": 2, "particle": 3, "initial": 4, "acronym": 5}
_SHARE = {"core": 1.0, "form": 0.1, "title": 0.15, "particle": 0.1, "initial": 0.25, "acronym": 1.0}
BITS_A_LETTER = 3.5  # more, a word of few letters cannot tell
TELLING = 13.0  # bits from which a word counts in full; a common one ("bank", "ali") counts less than its bits say
KNOWN = 3.0  # borne by this many names a hundred thousand, a word is a name of its own and no slip of another


class Rarity:
    """`shares` says of each word how many names of a hundred thousand bear it; `organizational`, in log-odds, whether such
    names are organizations' rather than people's."""

    def __init__(self, shares: dict[str, float], organizational: dict[str, float]) -> None:
        self.shares = shares
        self.organizational = organizational

    def bits(self, word: str) -> float:
        """Information in bits; a word that nobody bears counts as one name in two hundred thousand, a short one as less."""
        return min(log2(100_000 / (self.shares.get(word, 0.0) + 0.5)), BITS_A_LETTER * len(word))

    @cached_property
    def _sound_shares(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for word, share in self.shares.items():
            found[skeleton(word)] = found.get(skeleton(word), 0.0) + share
        return found

    def key_share(self, key: str) -> float:
        """How many names of a hundred thousand bear a key of `names.keys`, about."""
        return self._sound_shares.get(key[1:], 0.0) if key.startswith("~") else self.shares.get(key, 0.0)

    def weight(self, word: str, kind: str) -> float:
        """What a match of the word is worth: bits, and little for words that identify nobody."""
        bits = self.bits(word)
        return bits * min(bits / TELLING, 1.0) * _SHARE[kind]

    def organizational_share(self, name: Name) -> float:
        """How likely it is that the name is an organization's, by its words; a marked surname speaks for a person."""
        odds = sum(self.organizational.get(token.text, 0.0) for token in name.tokens)
        odds += 2.0 if any(token.kind == "form" for token in name.tokens) else 0.0
        return round(1 / (1 + exp(-max(min(odds - (1.5 if name.surname else 0.0), 20.0), -20.0))), 3)

    def is_known(self, word: str) -> bool:
        return self.shares.get(word, 0.0) >= KNOWN


@cache
def rarity() -> Rarity:
    stored = json.loads(gzip.decompress(TABLE.read_bytes()))
    return Rarity(stored["shares"], stored["organizational"])
