"""What a letter to a buyer must not say: that or why it was screened, and what officers wrote for each other. Pure."""

import re
from collections.abc import Iterable

SHORTEST_NAME = 4
SHORTEST_SENTENCE = 25

# The lists and what happens with them, by the names that officers use (program-wide; in English, as the lists are).
_SCREENING_WORDS = re.compile(
    r"\b(screening|screened|sanction(?:s|ed)?|watch ?list|black ?list(?:ed)?|entity list|denied persons|"
    r"unverified list|military end[- ]user|specially designated|listed party|OFAC|CSL|SDN|nonproliferation|debarred)\b",
    re.IGNORECASE,
)


def disclosures(text: str, *, names: Iterable[str], internal: Iterable[str], own_names: Iterable[str]) -> list[str]:
    """The passages of `text` that disclose something, as they stand in it, each once.

    `names` are those in screening hits, except where the buyer itself is called so (`own_names`); `internal` are texts
    that officers wrote for each other, of which no whole sentence may appear.
    """
    plain = _plain(text)
    found = [match[0] for match in _SCREENING_WORDS.finditer(text)]
    own = {_plain(name) for name in own_names}
    found += [name for name in names if _plain(name) not in own and _stands_in(_plain(name), plain)]
    found += [sentence for note in internal for sentence in _sentences(note) if _plain(sentence) in plain]
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _stands_in(name: str, text: str) -> bool:
    return len(name) >= SHORTEST_NAME and f" {name} " in f" {text} "


def _sentences(text: str) -> list[str]:
    parts = (part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text))
    return [part for part in parts if len(part) >= SHORTEST_SENTENCE]
