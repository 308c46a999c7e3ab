"""What core's own acts ask; the rooms ask the rules in their rules.py."""

from typing import Any

from django.core.exceptions import PermissionDenied


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless a rule of the room's rules.py said yes."""
    if not allowed:
        raise PermissionDenied


def can_view_operations(user: Any) -> bool:
    """Ledger, mail and outbox tell of everybody: for those who run the program, not for all who may use the workbench."""
    return bool(getattr(user, "runs_the_program", False))


def can_retry_message(user: Any, message: object) -> bool:
    """It repeats what somebody's act asked for, and no more."""
    return can_view_operations(user)
