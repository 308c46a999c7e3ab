"""Who may do what: the buyer's people ask and withdraw, the anchor's people answer, both write and close."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from buyers.models import Need
from consortia.rules import is_anchor_person
from core.actors import System
from matching.models import Introduction
from organizations.rules import can_edit_organization

JOB = System("matching")


def is_matching_job(user: Any, subject: Any = None) -> bool:
    return user == JOB


def can_view_pairs(user: Any) -> bool:
    """Every match and introduction, with who asked: not for the federal people of other agencies."""
    return has_role(user, Role.OFFICER, Role.MANAGER)


def can_request_introduction(user: Any, need: Need) -> bool:
    """Editors of the buyer. Whether the buyer is trusted is asked at the moment of the act."""
    return can_edit_organization(user, need.buyer.organization)


def can_answer_introduction(user: Any, introduction: Introduction) -> bool:
    """Editors of the anchor member."""
    return is_anchor_person(user, introduction.package.consortium)


def can_withdraw_introduction(user: Any, introduction: Introduction) -> bool:
    return can_request_introduction(user, introduction.need)


def can_write_message(user: Any, introduction: Introduction) -> bool:
    """Editors of either side."""
    return can_withdraw_introduction(user, introduction) or can_answer_introduction(user, introduction)
