"""How a record changes: one transaction that asks the rule, takes the lock, writes the ledger, sets the state."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core import ledger, outbox, permissions
from core.actors import Actor
from core.errors import StaleVersion, UnableTo
from core.models import LedgerEntry, Notification, OutboxMessage, Receipt, Stateful

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=Stateful)
M = TypeVar("M", bound=Model)


def action(rule: Callable[..., bool]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function of actions.py atomic and refuse whom `rule` refuses.

    The rule is asked as `rule(by, subject)`, where the subject is the first positional argument; as `rule(by)` where
    there is none. Raises PermissionDenied, also for a visitor who is nobody to the ledger.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def perform(*args: Any, by: Any, **kwargs: Any) -> R:
            if not hasattr(by, "ledger_name") or not by.is_active or not rule(by, *args[:1]):
                raise PermissionDenied
            with transaction.atomic():
                return function(*args, by=by, **kwargs)

        perform.rule = rule  # type: ignore[attr-defined]  # read by tests/test_house.py
        return cast("Callable[P, R]", perform)

    return wrap


@transaction.atomic
def begin[S: Stateful](obj: S, *, by: Actor, now: datetime, action: str, detail: dict[str, Any] | None = None) -> S:
    """Store a new record in its machine's first state, with its first ledger entry."""
    obj.status, obj.created_at, obj.updated_at = obj.machine.initial, now, now
    obj.save(force_insert=True)
    ledger.append(obj, action, by=by, now=now, to_state=obj.status, detail=detail)
    return obj


def lock[M: Model](obj: M) -> M:
    """Lock the row and read it anew; unsaved changes of `obj` are lost."""
    obj.refresh_from_db(from_queryset=type(obj)._base_manager.select_for_update())
    return obj


@transaction.atomic
def move[S: Stateful](
    obj: S,
    action: str,
    *,
    by: Actor,
    now: datetime,
    changes: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> S:
    """Take `obj` (locked and read anew) over the transition `action`, setting `changes` with it.

    Raises UnableTo with the reason when the state or a guard forbids it, StaleVersion when somebody came first.
    """
    lock(obj)
    if expected_version is not None and obj.version != expected_version:
        raise StaleVersion(
            _("Somebody changed this while you were working on it. Look at it again and repeat your step.")
        )
    if refusal := obj.machine.refusal(obj, action, now):
        raise UnableTo(refusal)
    before, target = obj.status, obj.machine.transitions[action].target
    ledger.append(obj, action, by=by, now=now, from_state=before, to_state=target, detail=detail)
    changed = {**(changes or {}), "status": str(target), "version": obj.version + 1, "updated_at": now}
    for field, value in changed.items():
        setattr(obj, field, value)
    obj.save(update_fields=list(changed))
    return obj


def record(obj: Model, action: str, *, by: Actor, now: datetime, detail: dict[str, Any] | None = None) -> LedgerEntry:
    """A ledger entry for an act that changes no state."""
    return ledger.append(obj, action, by=by, now=now, detail=detail)


@transaction.atomic
def issue_receipt(
    obj: Stateful, act: str, *, by: Any, now: datetime, summary: str, next_step: str, path: str
) -> Receipt:
    """The numbered receipt of `act` on this version of `obj`; the same one when asked again."""
    subject_type, subject_id = ledger.subject_of(obj)
    where = {"subject_type": subject_type, "subject_id": subject_id, "act": act, "subject_version": obj.version}
    receipt, _created = Receipt.objects.get_or_create(
        **where,
        defaults={
            "number": _next_receipt_number(now),
            "summary": summary,
            "next_step": next_step,
            "path": path,
            "issued_at": now,
            "issued_to": by,
        },
    )
    return receipt


def _next_receipt_number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('core_receipt_number')")
        return f"AIX-{now:%Y}-{cursor.fetchone()[0]:07d}"


def mark_read(user: Any, *, upto: int, now: datetime) -> int:
    """Mark the person's own notifications up to that id as read; returns how many."""
    return Notification.objects.filter(recipient=user, read_at=None, pk__lte=upto).update(read_at=now)


@action(permissions.can_retry_message)
def retry_message(message: OutboxMessage, *, by: Actor, now: datetime) -> None:
    """Let the worker try a parked message again. Raises UnableTo when it is not parked, or no longer."""
    if not outbox.retry_parked([message.pk], now=now):
        raise UnableTo(_("This message is not set aside: it is done, or waits for its turn."))
    record(message, "retry_message", by=by, now=now, detail={"topic": message.topic})
