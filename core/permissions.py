"""What core's own acts ask; the rooms ask the rules in their rules.py."""

from typing import Any

from django.core.exceptions import PermissionDenied


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless a rule of the room's rules.py said yes."""
    if not allowed:
        raise PermissionDenied


def can_retry_message(user: Any, message: object) -> bool:
    """Whoever may use the workbench: it repeats what somebody's act asked for, and no more."""
    return bool(getattr(user, "is_staff", False))
