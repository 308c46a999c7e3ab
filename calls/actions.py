"""Every way a notice changes."""

from datetime import datetime
from typing import Any

from calls import rules
from calls.models import Notice
from core.actions import action, begin, move
from core.actors import Actor


@action(rules.can_draft_notice)
def draft_notice(*, by: Actor, now: datetime, **fields: Any) -> Notice:
    return begin(Notice(**fields), by=by, now=now, action="draft_notice")


@action(rules.can_publish_notice)
def publish_notice(notice: Notice, *, by: Actor, now: datetime) -> Notice:
    return move(notice, "publish_notice", by=by, now=now, changes={"published_at": now})


@action(rules.can_withdraw_notice)
def withdraw_notice(notice: Notice, *, by: Actor, now: datetime) -> Notice:
    return move(notice, "withdraw_notice", by=by, now=now)
