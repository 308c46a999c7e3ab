"""Who may decide on hits and lists: ITA's officers, never on an organization that they belong to. Screening itself is
a job."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from core.actors import System
from organizations.selectors import has_part
from screening.models import Hit


def is_screening_job(by: Any, _subject: Any = None) -> bool:
    return by == System("screening")


def can_import_list(by: Any) -> bool:
    return is_screening_job(by) or has_role(by, Role.OFFICER, Role.MANAGER)


def can_accept_shrink(by: Any) -> bool:
    """A person looked at what the new list lost; a job cannot."""
    return has_role(by, Role.OFFICER, Role.MANAGER)


def can_view_hits(user: Any) -> bool:
    return has_role(user, Role.OFFICER, Role.MANAGER)


def can_search_list(user: Any) -> bool:
    return has_role(user, Role.OFFICER, Role.MANAGER)


def can_adjudicate_hit(user: Any, hit: Hit) -> bool:
    return has_role(user, Role.OFFICER) and not has_part(user, hit.organization)


def can_countersign_dismissal(user: Any, hit: Hit) -> bool:
    """The second officer is another one than the first."""
    return can_adjudicate_hit(user, hit) and user.pk != hit.proposed_by_id
