"""Hits of one party against one listed entry: judged together, once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from screening.facts import KINDS
from screening.states import HitStatus, Tier

ITSELF = ("legal name", "other name", *KINDS)  # roles of a hit that is about the organization itself
_PRESSING = [HitStatus.TRUE_MATCH, HitStatus.ESCALATED, HitStatus.OPEN, HitStatus.PROPOSED, HitStatus.NOT_A_MATCH]


@dataclass(frozen=True)
class Group:
    """The hits, the worst first; never empty."""

    hits: tuple[Any, ...]

    @property
    def first(self) -> Any:
        """The hit that stands for all: of those in the most pressing state, the one that scores best."""
        return min(self.hits, key=lambda hit: (_rank(hit), -hit.score, hit.pk))

    @property
    def names(self) -> list[str]:
        """Of the party, as they were screened, each once."""
        return list(dict.fromkeys(hit.party_name for hit in self.hits))

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(hit.party_role for hit in self.hits))

    @property
    def is_alert(self) -> bool:
        return any(hit.tier == Tier.ALERT for hit in self.hits)


def party_of(hit: Any) -> tuple[str, str]:
    """Which party of the organization a hit is about: itself, or a person or entity by name and birth date."""
    if hit.party_role in ITSELF:
        return "", ""
    born = hit.explanation["facts"]["query"]["born"]
    return " ".join(hit.party_name.casefold().split()), born or ""


def groups(hits: Iterable[Any]) -> list[Group]:
    """Hits of one organization by listed entry and party, in the order of each group's first hit."""
    found: dict[tuple[int, tuple[str, str]], list[Any]] = {}
    for hit in hits:
        found.setdefault((hit.entry_id, party_of(hit)), []).append(hit)
    return [Group(tuple(group)) for group in found.values()]


def _rank(hit: Any) -> int:
    return _PRESSING.index(hit.status) if hit.status in _PRESSING else len(_PRESSING)
