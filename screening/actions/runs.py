"""Holding organizations' names against the current list. Only the worker does it; nothing is screened in a request."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

import structlog
from django.utils.translation import gettext as _

from core import outbox
from core.actions import action, begin, lock, move
from core.actors import Actor
from organizations.models import Organization
from organizations.selectors import upstream
from organizations.states import PartyKind, PartyRole
from screening import replay, rules, selectors, upkeep
from screening.engine.names import parse
from screening.engine.score import Query
from screening.engine.version import engine_version
from screening.models import Hit, ListEntry, ListRelease, ScreeningRun
from screening.states import HitStatus, Outcome

log = structlog.get_logger(__name__)


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
    is_repeated = selectors.is_screened(organization)
    found = _found(organization, current.release)
    standing = {hit.fingerprint: hit for hit in selectors.hits_of(organization)}
    for fingerprint in standing.keys() - found.keys():
        move(standing[fingerprint], "drop_hit", by=by, now=now)
    for fingerprint in found.keys() - standing.keys():
        begin(found[fingerprint], by=by, now=now, action="open_hit", detail={"fingerprint": fingerprint})
    blocking = organization.hits.filter(status__in=HitStatus.blocking()).exists()
    reason = ""
    if is_repeated and standing.keys() != found.keys():
        log.error("screening_differs", organization=organization.pk, hits=sorted(standing.keys() ^ found.keys()))
        reason = _("This run found something else than the one before it, of the same profile, list and engine.")
    return _record_run(organization, current.release, Outcome.HITS if blocking else Outcome.CLEAR, now, reason)


@action(rules.is_screening_job)
def carry_over(*, by: Actor, now: datetime, first: int, last: int) -> list[int]:
    """Of the organizations numbered `first` to `last`, give those a run of the list in force to whom it, or a new
    engine, changes nothing; returns the others that need one, to be screened each by itself.

    Nothing changes for whom no entry that came, went or changed is even compared with; those who meet one, and
    everybody with a new engine, are held against the whole list.
    """
    current = selectors.current_release()
    if current is None:
        return []
    part = upkeep.overdue(current).filter(pk__range=(first, last))
    overdue = list(part.order_by("pk").select_for_update(of=("self",)))
    runs = upkeep.newest_runs(overdue)
    settled = [one for one in overdue if upkeep.may_be_carried(one, runs.get(one.pk))]
    names = {one.pk: list(_names(one)) for one in upkeep.with_names(settled)}
    met = upkeep.met(runs, {pk: [screened.query for screened in own] for pk, own in names.items()}, current)
    standing = upkeep.standing_fingerprints(met)
    found = _fingerprints({pk: names[pk] for pk in met}, current.release)
    same = [one for one in settled if one.pk not in met or found[one.pk] == standing.get(one.pk, set())]
    blocked = upkeep.blocked(one.pk for one in same)
    ScreeningRun.objects.bulk_create(
        _run(one, current.release, Outcome.HITS if one.pk in blocked else Outcome.CLEAR, now) for one in same
    )
    done = {one.pk for one in same}
    return [one.pk for one in overdue if one.pk not in done]


@action(rules.is_screening_job)
def record_failure(organization: Organization, *, by: Actor, now: datetime, error: str) -> ScreeningRun:
    """Say that the engine failed on this organization: until a run succeeds, it could not be screened."""
    return _record_run(organization, None, Outcome.COULD_NOT, now, error)


def _record_run(
    organization: Organization, release: ListRelease | None, outcome: str, now: datetime, reason: str = ""
) -> ScreeningRun:
    run = _run(organization, release, outcome, now, reason)
    run.save()
    outbox.publish(
        "screening.organization_screened",
        key=f"run:{run.pk}",
        payload={"organization": organization.pk, "outcome": str(outcome)},
        now=now,
    )
    return run


def _run(
    organization: Organization, release: ListRelease | None, outcome: str, now: datetime, reason: str = ""
) -> ScreeningRun:
    return ScreeningRun(
        organization=organization,
        release=release,
        engine_version=engine_version(),
        profile_version=organization.profile_version,
        screened_at=now,
        outcome=outcome,
        reason=reason,
    )


def _found(organization: Organization, release: ListRelease) -> dict[str, Hit]:
    """Hits by fingerprint, each the best-scoring name of its entry."""
    names = list(_names(organization))
    found = selectors.screen([screened.query for screened in names], release)
    hits = (_hit(organization, names[candidate.query], candidate, release) for candidate in found)
    return {hit.fingerprint: hit for hit in hits}


def _fingerprints(names: dict[int, list[ScreenedName]], release: ListRelease) -> dict[int, set[str]]:
    """Of each organization, by its number, what the whole list gives: the same as `_found`, for many at once."""
    asked = [(pk, screened) for pk, own in names.items() for screened in own]
    candidates = selectors.screen([screened.query for _pk, screened in asked], release) if asked else []
    keys = upkeep.content_keys(candidate.entry_id for candidate in candidates)
    found: dict[int, set[str]] = {pk: set() for pk in names}
    for candidate in candidates:
        pk, screened = asked[candidate.query]
        found[pk].add(_fingerprint(screened, keys[candidate.entry_id]))
    return found


def _names(organization: Organization) -> Iterator[ScreenedName]:
    country, parties = organization.country, sorted(organization.parties.all(), key=attrgetter("pk"))
    yield ScreenedName("legal name", Query(organization.legal_name, "organization", country=country))
    for other in sorted(organization.names.all(), key=attrgetter("pk")):
        yield ScreenedName("other name", Query(other.name, "organization", country=country))
    for party in parties:
        yield ScreenedName(party.role, Query(party.name, *_nature(party.kind, party.birth_date), party.country))
    for name, kind, born in upstream(organization) if any(party.registered_id for party in parties) else ():
        yield ScreenedName(PartyRole.OWNER, Query(name, *_nature(kind, born)))


def _nature(kind: str, born: date | None) -> tuple[str, date | None]:
    """As the engine says it: whether it is a person, and then when born."""
    return ("person", born) if kind == PartyKind.PERSON else ("organization", None)


def _hit(
    organization: Organization, screened: ScreenedName, candidate: selectors.Candidate, release: ListRelease
) -> Hit:
    entry = ListEntry.objects.get(pk=candidate.entry_id)
    query = screened.query
    return Hit(
        organization=organization,
        entry=entry,
        fingerprint=_fingerprint(screened, entry.content_key),
        party_role=screened.role,
        party_name=query.name,
        listed_name=candidate.listed.name,
        score=candidate.score.value,
        tier=candidate.score.tier,
        explanation=replay.stored(query, candidate.listed, candidate.score, release),
        engine_version=engine_version(),
    )


def _fingerprint(screened: ScreenedName, content_key: str) -> str:
    """Of both contents: a decision holds until either side says something else."""
    query = screened.query
    content = "\x1f".join([screened.role, query.name, str(query.born or ""), content_key])
    return hashlib.sha256(content.encode()).hexdigest()
