"""What the rules on ownership say of an organization, worked out in the worker and kept with its evidence."""

from datetime import datetime

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
    ids = sorted(hit.pk for hit in hits)
    try:
        holding, until = selectors.ownership_rules(now.date())
    except dated.NoRule as error:
        verdict = ownership.Verdict(OwnershipOutcome.CANNOT_TELL, str(error), {})
        return _kept(organization, now, verdict=verdict, rules="", holds_until=None, listed=ids)
    key = " ".join(f"{rule.code}:{rule.version}" for rule in holding)
    standing = selectors.newest_conclusion(organization)
    is_same = standing is not None and (standing.rules, standing.listed) == (key, ids)
    if standing and is_same and selectors.is_current(standing, organization, ids, now):
        return standing
    owners = owners_of(organization, now.date())
    verdict = ownership.judge(owners, selectors.listed_nodes(owners, hits), holding)
    ends = [day for day in (owners.until, until) if day]
    return _kept(organization, now, verdict=verdict, rules=key, holds_until=min(ends, default=None), listed=ids)


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
