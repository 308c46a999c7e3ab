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

    `names` are those in screening hits, also parts of them elsewhere than in the buyer's own names (`own_names`);
    `internal` are texts that officers wrote for each other, of which no whole sentence may appear.
    """
    told = _without(own_names, text)
    found = [match[0] for match in _SCREENING_WORDS.finditer(told)]
    found += [name for name in names if _stands_in(_plain(name), _plain(told))]
    found += [sentence for note in internal for sentence in _sentences(note) if _plain(sentence) in _plain(text)]
    return list(dict.fromkeys(found))


def _without(own_names: Iterable[str], text: str) -> str:
    """The text with the buyer's own names cut out, the longest first: what stands inside of them is no secret."""
    for name in sorted(own_names, key=len, reverse=True):
        if words := re.findall(r"\w+", name):
            text = re.sub(rf"\b{r'\W+'.join(map(re.escape, words))}\b", "|", text, flags=re.IGNORECASE)
    return text


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _stands_in(name: str, text: str) -> bool:
    return len(name) >= SHORTEST_NAME and f" {name} " in f" {text} "


def _sentences(text: str) -> list[str]:
    parts = (part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text))
    return [part for part in parts if len(part) >= SHORTEST_SENTENCE]
