"""Notices are the program's own words: its managers publish them; a job loads those of the record."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from calls.models import Notice
from core.actors import System


def can_draft_notice(by: Any) -> bool:
    return by == System("record") or has_role(by, Role.MANAGER)


def can_publish_notice(by: Any, notice: Notice) -> bool:
    return can_draft_notice(by)


def can_withdraw_notice(by: Any, notice: Notice) -> bool:
    return has_role(by, Role.MANAGER)
