"""What becomes of an attempt, undone afterwards: for tables of who may do what, and in which state."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.errors import UnableTo
from tests.database import check_deferred_guards

DONE, DENIED, REFUSED = "done", "denied", "refused"


def outcome(perform: Callable[[], object]) -> str:
    """DONE only if PostgreSQL would commit it."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                perform()
                check_deferred_guards()
            return DONE
        except PermissionDenied:
            return DENIED
        except UnableTo:
            return REFUSED
        finally:
            transaction.set_rollback(True)
