"""Holding an organization's names against the current list. Only the worker does it; nothing is screened in a request."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from core import outbox
from core.actions import action, begin, lock, move
from core.actors import Actor
from organizations.models import Organization
from organizations.selectors import upstream
from organizations.states import PartyKind, PartyRole
from screening import replay, rules, selectors
from screening.engine.names import parse
from screening.engine.score import Query
from screening.engine.version import engine_version
from screening.models import Hit, ListEntry, ListRelease, ScreeningRun
from screening.states import HitStatus, Outcome


@dataclass(frozen=True)
class ScreenedName:
    """A name that belongs to an organization, in which role, and what is known beside it."""

    role: str
    query: Query


@action(rules.is_screening_job)
def screen_organization(organization: Organization, *, by: Actor, now: datetime) -> ScreeningRun:
    """Screen every name that belongs to the organization; open new hits, keep decided ones, drop those that are gone.

    Without a list, or with a name of which nothing can be read ("★"), it could not be screened: hits stay as they are.
    """
    lock(organization)
    current = selectors.current_release()
    if current is None:
        return _record_run(organization, None, Outcome.COULD_NOT, now, selectors.staleness(None, now))
    if unread := [screened.role for screened in _names(organization) if not parse(screened.query.name).tokens]:
        reason = _("A name cannot be read: %(roles)s.") % {"roles": ", ".join(unread)}
        return _record_run(organization, None, Outcome.COULD_NOT, now, reason)
    found = _found(organization, current.release)
    standing = {hit.fingerprint: hit for hit in selectors.hits_of(organization)}
    for fingerprint in standing.keys() - found.keys():
        move(standing[fingerprint], "drop_hit", by=by, now=now)
    for fingerprint in found.keys() - standing.keys():
        begin(found[fingerprint], by=by, now=now, action="open_hit", detail={"fingerprint": fingerprint})
    blocking = organization.hits.filter(status__in=HitStatus.blocking()).exists()
    return _record_run(organization, current.release, Outcome.HITS if blocking else Outcome.CLEAR, now)


@action(rules.is_screening_job)
def record_failure(organization: Organization, *, by: Actor, now: datetime, error: str) -> ScreeningRun:
    """Say that the engine failed on this organization: until a run succeeds, it could not be screened."""
    return _record_run(organization, None, Outcome.COULD_NOT, now, error)


def _record_run(
    organization: Organization, release: ListRelease | None, outcome: str, now: datetime, reason: str = ""
) -> ScreeningRun:
    run = ScreeningRun.objects.create(
        organization=organization,
        release=release,
        engine_version=engine_version(),
        profile_version=organization.profile_version,
        screened_at=now,
        outcome=outcome,
        reason=reason,
    )
    outbox.publish(
        "screening.organization_screened",
        key=f"run:{run.pk}",
        payload={"organization": organization.pk, "outcome": str(outcome)},
        now=now,
    )
    return run


def _found(organization: Organization, release: ListRelease) -> dict[str, Hit]:
    """Hits by fingerprint, each the best-scoring name of its entry."""
    names = list(_names(organization))
    found = selectors.screen([screened.query for screened in names], release)
    hits = (_hit(organization, names[candidate.query], candidate, release) for candidate in found)
    return {hit.fingerprint: hit for hit in hits}


def _names(organization: Organization) -> Iterator[ScreenedName]:
    country = organization.country
    yield ScreenedName("legal name", Query(organization.legal_name, "organization", country=country))
    for other in organization.names.order_by("id"):
        yield ScreenedName("other name", Query(other.name, "organization", country=country))
    for party in organization.parties.order_by("id"):
        yield ScreenedName(party.role, Query(party.name, *_nature(party.kind, party.birth_date), party.country))
    for name, kind, born in upstream(organization):
        yield ScreenedName(PartyRole.OWNER, Query(name, *_nature(kind, born)))


def _nature(kind: str, born: date | None) -> tuple[str, date | None]:
    """As the engine says it: whether it is a person, and then when born."""
    return ("person", born) if kind == PartyKind.PERSON else ("organization", None)


def _hit(
    organization: Organization, screened: ScreenedName, candidate: selectors.Candidate, release: ListRelease
) -> Hit:
    entry = ListEntry.objects.get(pk=candidate.entry_id)
    query = screened.query
    content = "\x1f".join([screened.role, query.name, str(query.born or ""), entry.content_key])
    return Hit(
        organization=organization,
        entry=entry,
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        party_role=screened.role,
        party_name=query.name,
        listed_name=candidate.listed.name,
        score=candidate.score.value,
        tier=candidate.score.tier,
        explanation=replay.stored(query, candidate.listed, candidate.score, release),
        engine_version=engine_version(),
    )
