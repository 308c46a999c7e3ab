"""Officers decide on hits. An alert is dismissed by two, one of whom looked at the other's reason."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import outbox
from core.actions import action, lock, move
from core.actors import Actor
from core.errors import UnableTo
from core.permissions import require
from screening import rules
from screening.models import Hit
from screening.states import Tier


@action(rules.can_adjudicate_hit)
def dismiss_hit(hit: Hit, *, by: Any, now: datetime, reason: str) -> Hit:
    """Say that it is not the listed party, and why; for an alert that is a proposal to a second officer."""
    step = "propose_dismissal" if hit.tier == Tier.ALERT else "dismiss_review"
    return _decide(hit, step, by=by, now=now, reason=reason, proposed_by=by)


@action(rules.can_countersign_dismissal)
def countersign_dismissal(hit: Hit, *, by: Actor, now: datetime) -> Hit:
    require(rules.can_countersign_dismissal(by, lock(hit)))  # again, of whoever proposed it by now
    return _decide(hit, "countersign_dismissal", by=by, now=now)


@action(rules.can_countersign_dismissal)
def return_dismissal(hit: Hit, *, by: Actor, now: datetime) -> Hit:
    require(rules.can_countersign_dismissal(by, lock(hit)))
    return _decide(hit, "return_dismissal", by=by, now=now)


@action(rules.can_adjudicate_hit)
def confirm_hit(hit: Hit, *, by: Actor, now: datetime, reason: str) -> Hit:
    """Say that it is the listed party: whatever stands on the organization is blocked."""
    return _decide(hit, "confirm_hit", by=by, now=now, reason=reason)


@action(rules.can_adjudicate_hit)
def escalate_hit(hit: Hit, *, by: Actor, now: datetime, reason: str) -> Hit:
    return _decide(hit, "escalate_hit", by=by, now=now, reason=reason)


@action(rules.can_adjudicate_hit)
def reopen_hit(hit: Hit, *, by: Actor, now: datetime, reason: str) -> Hit:
    return _decide(hit, "reopen_hit", by=by, now=now, reason=reason)


def _decide(hit: Hit, step: str, *, by: Actor, now: datetime, **changes: Any) -> Hit:
    if not changes.get("reason", "-").strip():
        raise UnableTo(_("Say why."))
    move(hit, step, by=by, now=now, changes=changes, detail={"fingerprint": hit.fingerprint})
    outbox.publish(
        "screening.organization_screened",
        key=f"hit:{hit.pk}:v{hit.version}",
        payload={"organization": hit.organization_id, "outcome": hit.status},
        now=now,
    )
    return hit
