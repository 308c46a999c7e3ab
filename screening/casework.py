"""What officers work with: hits that are judged together, what was said of them before, and the list by name or number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from organizations.models import Organization
from organizations.selectors import organizations_for
from screening import facts, selectors, wording
from screening.grouping import Group, groups, party_of
from screening.models import Adjudication, Hit, ListEntry, ListName, ListRelease

MOST_FOUND = 50


def group_of(hit: Hit) -> list[Hit]:
    """The hits that are judged together with this one: of the same party against the same entry. It is one of them,
    unless it is gone."""
    standing = selectors.hits_of(hit.organization).filter(entry=hit.entry_id)
    return [other for other in standing if party_of(other) == party_of(hit)]


def grouped(hits: Iterable[Hit]) -> list[Group]:
    return groups(hits)


def adjudications_of(hit: Hit) -> QuerySet[Adjudication]:
    """What officers said of this organization and this entry, or of the same contents, the newest first."""
    acts = Adjudication.objects.filter(organization=hit.organization_id)
    same = Q(entry=hit.entry_id) | Q(fingerprints__contains=[hit.fingerprint])
    return acts.filter(same).select_related("decided_by").order_by("-id")


# --- searching the list -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What an officer looks for: a name or a number, and what is known beside a name."""

    text: str
    kind: str = ""
    born: date | None = None
    country: str = ""


@dataclass(frozen=True)
class Result:
    """A listed party that was found: by its name `listed`, with all that the engine said of it (`explanation`), or by
    facts that were asked for (`shared`), or by both."""

    entry: ListEntry
    listed: str
    explanation: dict[str, Any] | None
    shared: tuple[facts.Fact, ...]

    @property
    def pieces(self) -> list[wording.Piece]:
        """The listed name, with the words marked that are alike."""
        return wording.marked(self.listed, self.explanation, "listed")

    @property
    def pairs(self) -> list[dict[str, Any]]:
        return wording.pairs(self.explanation) if self.explanation else []

    @property
    def contributions(self) -> list[wording.Contribution]:
        return wording.contributions(self.explanation) if self.explanation else []


def search(asked: Asked, release: ListRelease) -> list[Result]:
    """Parties of `release` like the name, or that bear the number, telephone, domain or address; the best first, and
    MOST_FOUND at most. Two queries."""
    found = selectors.search(asked.text, release, kind=asked.kind, born=asked.born, country=asked.country)
    by_entry = {candidate.entry_id: candidate for candidate in found}
    wanted = Q(pk__in=by_entry)
    for fact in facts.possible(asked.text):
        wanted |= Q(facts__kind=fact.kind, facts__value=fact.value)
    entries = ListEntry.objects.filter(wanted, rows__release=release).distinct()
    results = [_result(entry, by_entry.get(entry.pk), asked) for entry in entries]
    return sorted(results, key=_order)[:MOST_FOUND]


def _result(entry: ListEntry, candidate: selectors.Candidate | None, asked: Asked) -> Result:
    wanted = {(fact.kind, fact.value) for fact in facts.possible(asked.text)}
    shared = tuple(fact for fact in facts.of_entry(entry.fields) if (fact.kind, fact.value) in wanted)
    if candidate is None:
        return Result(entry, entry.name, None, shared)
    return Result(entry, candidate.listed.name, candidate.score.explanation(), shared)


def _order(result: Result) -> tuple[bool, float, int]:
    """Who bears the number first; then by score."""
    return (not result.shared, -(result.explanation["points"] if result.explanation else 0), result.entry.pk)


def entries() -> QuerySet[ListEntry]:
    return ListEntry.objects.order_by("pk")


def names_of(entry: ListEntry) -> QuerySet[ListName]:
    return entry.names.order_by("is_alias", "pk")


def releases_of(entry: ListEntry) -> QuerySet[ListRelease]:
    """The lists on which exactly this stood, the newest first."""
    return entry.releases.order_by("-pk")


def organization_for(user: Any, pk: str) -> Organization | None:
    """An organization whose name an officer wants to look up; none of their own, and none for anything but a number."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return Organization.objects.exclude(pk__in=organizations_for(user).values("pk")).filter(pk=pk).first()
