"""What is held against the list for an organization: every name that belongs to it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from organizations.models import Organization
from organizations.selectors import upstream
from organizations.states import PartyKind, PartyRole
from screening.engine.names import parse
from screening.engine.score import Query


@dataclass(frozen=True)
class ScreenedName:
    """A name that belongs to an organization, in which role, and what is known beside it."""

    role: str
    query: Query

    def fingerprint(self, content_key: str) -> str:
        """Of what both sides say: a decision holds while it stays the same."""
        return fingerprint(self.role, self.query.name, str(self.query.born or ""), content_key)


def fingerprint(*content: str) -> str:
    return hashlib.sha256("\x1f".join(content).encode()).hexdigest()


def screened_names(organization: Organization) -> Iterator[ScreenedName]:
    country, parties = organization.country, sorted(organization.parties.all(), key=attrgetter("pk"))
    yield ScreenedName("legal name", Query(organization.legal_name, "organization", country=country))
    for other in sorted(organization.names.all(), key=attrgetter("pk")):
        yield ScreenedName("other name", Query(other.name, "organization", country=country))
    for party in parties:
        yield ScreenedName(party.role, Query(party.name, *_nature(party.kind, party.birth_date), party.country))
    for name, kind, born in upstream(organization) if any(party.registered_id for party in parties) else ():
        yield ScreenedName(PartyRole.OWNER, Query(name, *_nature(kind, born)))


def unreadable(names: Iterable[ScreenedName]) -> list[str]:
    """The roles of those of which the engine reads nothing ("★"): whoever has one cannot be screened."""
    return [screened.role for screened in names if not parse(screened.query.name).tokens]


def _nature(kind: str, born: date | None) -> tuple[str, date | None]:
    """As the engine says it: whether it is a person, and then when born."""
    return ("person", born) if kind == PartyKind.PERSON else ("organization", None)
