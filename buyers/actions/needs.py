"""Needs: written by the buyer's people, matched while the buyer is trusted."""

from datetime import datetime
from typing import Any

from buyers import rules
from buyers.models import Buyer, Need
from buyers.states import NeedStatus
from core import outbox
from core.actions import action, begin, lock, move
from core.actors import Actor


@action(rules.can_create_need)
def create_need(buyer: Buyer, *, by: Actor, now: datetime, **fields: Any) -> Need:
    """A draft. `fields` are those of the need, cleaned."""
    return begin(Need(buyer=buyer, **fields), by=by, now=now, action="create_need", detail={"buyer": buyer.pk})


@action(rules.can_edit_need)
def edit_need(need: Need, *, by: Actor, now: datetime, expected_version: int | None = None, **fields: Any) -> Need:
    """Change a need; a posted or closed one becomes a draft again, and is matched only after it is posted anew.

    Raises StaleVersion when somebody changed it after `expected_version` was read.
    """
    lock(need)
    was_posted = need.status == NeedStatus.POSTED
    detail = {"fields": sorted(name for name, value in fields.items() if getattr(need, name) != value)}
    move(need, "edit_need", by=by, now=now, changes=fields, detail=detail, expected_version=expected_version)
    if was_posted:
        _publish("buyers.need_closed", need, now)
    return need


@action(rules.can_post_need)
def post_need(need: Need, *, by: Actor, now: datetime) -> Need:
    """Post it; while its buyer is not trusted it stays posted without being matched."""
    move(need, "post_need", by=by, now=now, changes={"posted_at": now})
    _publish("buyers.need_posted", need, now)
    return need


@action(rules.can_close_need)
def close_need(need: Need, *, by: Actor, now: datetime) -> Need:
    move(need, "close_need", by=by, now=now)
    _publish("buyers.need_closed", need, now)
    return need


def _publish(topic: str, need: Need, now: datetime) -> None:
    payload = {"need": need.pk, "version": need.version}
    outbox.publish(topic, key=f"need:{need.pk}:v{need.version}", payload=payload, now=now)
