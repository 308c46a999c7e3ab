"""Holding organizations' names against the current list. Only the worker does it; nothing is screened in a request."""

from datetime import datetime

import structlog
from django.utils.translation import gettext as _

from core import outbox
from core.actions import action, begin, lock, move
from core.actors import Actor
from organizations.models import Organization
from screening import replay, rules, selectors
from screening.engine.version import engine_version
from screening.models import Hit, ListEntry, ListRelease, ScreeningRun
from screening.parties import ScreenedName, screened_names, unreadable
from screening.sharing import Sharing, facts_of, sharing
from screening.states import HitStatus, Outcome

log = structlog.get_logger(__name__)


@action(rules.is_screening_job)
def screen_organization(organization: Organization, *, by: Actor, now: datetime) -> ScreeningRun:
    """Screen every name that belongs to the organization; open new hits, keep decided ones, drop those that are gone.

    Without a list, or with a name of which nothing can be read ("★"), it could not be screened: hits stay as they are.
    Without a list no engine was asked, and the run names none: it is no try of a list that is just being imported.
    """
    lock(organization)
    current = selectors.current_release()
    if current is None:
        return _record_run(organization, None, Outcome.COULD_NOT, now, selectors.staleness(None, now), engine="")
    if unread := unreadable(screened_names(organization)):
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
def record_failure(organization: Organization, *, by: Actor, now: datetime, error: str) -> ScreeningRun:
    """Say that the engine failed on this organization: until a run succeeds, it could not be screened."""
    return _record_run(organization, None, Outcome.COULD_NOT, now, error)


def _record_run(
    organization: Organization,
    release: ListRelease | None,
    outcome: str,
    now: datetime,
    reason: str = "",
    *,
    engine: str | None = None,
) -> ScreeningRun:
    run = ScreeningRun.objects.create(
        organization=organization,
        release=release,
        engine_version=engine_version() if engine is None else engine,
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
    """Hits by fingerprint: each the best-scoring name of its entry, or an entry that shares a fact."""
    names = list(screened_names(organization))
    found = selectors.screen([screened.query for screened in names], release)
    hits = [_hit(organization, names[candidate.query], candidate, release) for candidate in found]
    hits += [_hit_by_fact(organization, shared, release) for shared in sharing(facts_of(organization), release)]
    return {hit.fingerprint: hit for hit in hits}


def _hit(
    organization: Organization, screened: ScreenedName, candidate: selectors.Candidate, release: ListRelease
) -> Hit:
    entry = ListEntry.objects.get(pk=candidate.entry_id)
    query = screened.query
    return Hit(
        organization=organization,
        entry=entry,
        fingerprint=screened.fingerprint(entry.content_key),
        party_role=screened.role,
        party_name=query.name,
        listed_name=candidate.listed.name,
        score=candidate.score.value,
        tier=candidate.score.tier,
        explanation=replay.stored(query, candidate.listed, candidate.score, release),
        engine_version=engine_version(),
    )


def _hit_by_fact(organization: Organization, shared: Sharing, release: ListRelease) -> Hit:
    """Whatever its names are like: their score stands beside the facts."""
    explanation = replay.stored_facts(organization, shared, release)
    return Hit(
        organization=organization,
        entry=shared.entry,
        fingerprint=shared.fingerprint,
        party_role=shared.role,
        party_name=organization.legal_name,
        listed_name=shared.entry.name,
        score=explanation["value"],
        tier=explanation["tier"],
        explanation=explanation,
        engine_version=engine_version(),
    )
