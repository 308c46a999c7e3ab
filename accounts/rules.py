"""Who may change people's access. Each rule is asked as `rule(by, subject)`."""

from typing import Any

from accounts.models import RoleGrant, User
from accounts.selectors import has_role
from accounts.states import Role
from core.actors import System

COMMAND_LINE = System("command line")
DEMONSTRATION = System("demonstration")


def is_operator(by: Any) -> bool:
    """Whoever runs the portal's machine, by `manage.py appoint` or the demonstration data: they own the database."""
    return by in (COMMAND_LINE, DEMONSTRATION)


def can_view_people(by: Any, person: User | None = None) -> bool:
    return has_role(by, Role.MANAGER)


def can_enroll_person(by: Any, email: str) -> bool:
    return is_operator(by)


def can_grant_role(by: Any, person: User) -> bool:
    """A manager, but never to oneself."""
    return is_operator(by) or (has_role(by, Role.MANAGER) and by != person)


def can_revoke_role(by: Any, grant: RoleGrant) -> bool:
    return has_role(by, Role.MANAGER) and by != grant.user


def can_suspend_person(by: Any, person: User) -> bool:
    return has_role(by, Role.MANAGER) and by != person


def can_restore_person(by: Any, person: User) -> bool:
    return can_suspend_person(by, person)


def can_update_profile(by: Any, person: User) -> bool:
    return by == person


def can_save_office(by: Any, office: object) -> bool:
    return has_role(by, Role.MANAGER)


def can_save_post(by: Any, post: object) -> bool:
    return is_operator(by) or has_role(by, Role.MANAGER)
