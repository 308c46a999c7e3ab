"""Officers decide on hits: once for a party and a listed entry, however many of its names are like it. An alert is
dismissed by two, one of whom looked at the other's reason."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import outbox
from core.actions import action, lock, move
from core.actors import Actor
from core.errors import UnableTo
from core.permissions import require
from screening import casework, rules
from screening.models import Adjudication, Hit
from screening.states import HIT, Decision, Tier


@action(rules.can_adjudicate_hit)
def dismiss_hit(hit: Hit, *, by: Any, now: datetime, reason: str) -> Hit:
    """Say that it is not the listed party, and why. Where one of the hits is an alert, that is a proposal to a second
    officer."""
    group = _together(hit, "propose_dismissal", now)
    is_alert = any(each.tier == Tier.ALERT for each in group)
    step = "propose_dismissal" if is_alert else "dismiss_review"
    return _decide(group, Decision.DISMISS, step, by=by, now=now, reason=reason, proposed_by=by)


@action(rules.can_countersign_dismissal)
def countersign_dismissal(hit: Hit, *, by: Actor, now: datetime) -> Hit:
    return _answer(hit, Decision.COUNTERSIGN, by=by, now=now)


@action(rules.can_countersign_dismissal)
def return_dismissal(hit: Hit, *, by: Actor, now: datetime) -> Hit:
    return _answer(hit, Decision.RETURN, by=by, now=now)


@action(rules.can_adjudicate_hit)
def confirm_hit(hit: Hit, *, by: Actor, now: datetime, reason: str) -> Hit:
    """Say that it is the listed party: whatever stands on the organization is blocked."""
    return _decide(_together(hit, "confirm_hit", now), Decision.CONFIRM, "confirm_hit", by=by, now=now, reason=reason)


@action(rules.can_adjudicate_hit)
def escalate_hit(hit: Hit, *, by: Actor, now: datetime, reason: str) -> Hit:
    group = _together(hit, "escalate_hit", now)
    return _decide(group, Decision.ESCALATE, "escalate_hit", by=by, now=now, reason=reason)


@action(rules.can_adjudicate_hit)
def reopen_hit(hit: Hit, *, by: Actor, now: datetime, reason: str) -> Hit:
    return _decide(_together(hit, "reopen_hit", now), Decision.REOPEN, "reopen_hit", by=by, now=now, reason=reason)


def _answer(hit: Hit, decision: Decision, *, by: Actor, now: datetime) -> Hit:
    """The second officer's word, on whatever of the group another one proposed by now."""
    lock(hit.organization)
    require(rules.can_countersign_dismissal(by, lock(hit)))
    proposed = [each for each in _together(hit, decision, now) if rules.can_countersign_dismissal(by, each)]
    return _decide(proposed, decision, decision, by=by, now=now)


def _together(hit: Hit, step: str, now: datetime) -> list[Hit]:
    """The hit, and those of its group that can take the same step. The organization is locked first, as by its screening,
    so that nobody else is at its hits."""
    lock(hit.organization)
    lock(hit)
    others = (lock(each) for each in casework.group_of(hit) if each.pk != hit.pk)
    return [hit, *(each for each in others if not HIT.refusal(each, step, now))]


def _decide(group: list[Hit], decision: Decision, step: str, *, by: Any, now: datetime, **changes: Any) -> Hit:
    """Take the step with each hit of the group, and keep the act. Raises UnableTo when the first one cannot take it."""
    if not changes.get("reason", "-").strip():
        raise UnableTo(_("Say why."))
    hit = group[0]
    if refusal := HIT.refusal(hit, step, now):
        raise UnableTo(refusal)
    act = Adjudication.objects.create(
        organization=hit.organization,
        entry=hit.entry,
        decision=decision,
        hits=[each.pk for each in group],
        fingerprints=[each.fingerprint for each in group],
        reason=changes.get("reason", ""),
        decided_by=by,
        decided_at=now,
    )
    for each in group:
        detail = {"fingerprint": each.fingerprint, "adjudication": act.pk}
        move(each, step, by=by, now=now, changes=changes, detail=detail)
    outbox.publish(
        "screening.organization_screened",
        key=f"hit:{hit.pk}:v{hit.version}",
        payload={"organization": hit.organization_id, "outcome": hit.status},
        now=now,
    )
    return hit
