"""Who may decide on hits and lists: ITA's officers. Screening itself is a job."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from core.actors import System
from screening.models import Hit


def is_screening_job(by: Any, _subject: Any = None) -> bool:
    return by == System("screening")


def can_import_list(by: Any) -> bool:
    return is_screening_job(by) or has_role(by, Role.OFFICER, Role.MANAGER)


def can_adjudicate_hit(user: Any, hit: Hit) -> bool:
    return has_role(user, Role.OFFICER)


def can_countersign_dismissal(user: Any, hit: Hit) -> bool:
    """The second officer is another one than the first."""
    return has_role(user, Role.OFFICER) and user.pk != hit.proposed_by_id
