from django.core.exceptions import PermissionDenied


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless a rule of the room's rules.py said yes."""
    if not allowed:
        raise PermissionDenied
