"""What the rules on ownership say of an organization, worked out in the worker and kept with its evidence."""

from datetime import date, datetime

from core import dated, outbox
from core.actions import action, lock
from core.actors import Actor
from organizations.models import Organization
from organizations.selectors import owners_of
from screening import ownership, rules, selectors
from screening.models import OwnershipConclusion
from screening.states import OwnershipOutcome


@action(rules.is_screening_job)
def conclude_ownership(organization: Organization, *, by: Actor, now: datetime) -> OwnershipConclusion:
    """Judge the owners by the rules of the day, and tell whoever waits for it. One that still holds is kept as it is."""
    lock(organization)
    hits = selectors.listed_owner_hits(organization)
    listed = sorted(hit.pk for hit in hits)
    held, until, missing = _rules_of(now.date())
    key = " ".join(f"{rule.code}:{rule.version}" for rule in held)
    standing = selectors.newest_conclusion(organization)
    is_same = standing is not None and (standing.rules, standing.listed) == (key, listed)
    if standing and is_same and selectors.is_current(standing, organization, listed, now):
        return standing
    if missing:
        verdict = ownership.Verdict(OwnershipOutcome.CANNOT_TELL, missing, {})
        return _kept(organization, now, verdict=verdict, rules=key, holds_until=None, listed=listed)
    owners = owners_of(organization, now.date())
    verdict = ownership.judge(owners, selectors.listed_nodes(owners, hits), held)
    ends = [day for day in (owners.until, until) if day]
    return _kept(organization, now, verdict=verdict, rules=key, holds_until=min(ends, default=None), listed=listed)


def _rules_of(day: date) -> tuple[list[ownership.Rule], date | None, str]:
    """The rules, until when, and why there are none ("" when there are)."""
    try:
        return *selectors.ownership_rules(day), ""
    except dated.NoRule as error:
        return [], None, str(error)


def _kept(
    organization: Organization, now: datetime, *, verdict: ownership.Verdict, **fields: object
) -> OwnershipConclusion:
    made = OwnershipConclusion.objects.create(
        organization=organization,
        ownership_version=organization.ownership_version,
        concluded_at=now,
        outcome=verdict.outcome,
        reason=verdict.reason,
        evidence=verdict.evidence,
        **fields,
    )
    outbox.publish(
        "screening.organization_screened",
        key=f"ownership:{made.pk}",
        payload={"organization": organization.pk, "outcome": str(made.outcome)},
        now=now,
    )
    return made
