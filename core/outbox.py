"""What has to happen after a commit: rows written in the same transaction, delivered at least once, done exactly once.

A lower room publishes a topic; higher rooms subscribe in their tasks.py. The relay (`manage.py relay`) leases due rows and
rings Celery; the worker locks the row, does the work and marks it done in one transaction. Losing the broker, a worker
or the relay loses nothing and doubles nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from core.logs import current_request_id
from core.models import OutboxMessage

LEASE = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
MAX_ATTEMPTS = 12
ADVISORY_OUTBOX = 14320  # the class of our advisory locks; the second key is the message
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=1), timedelta(minutes=10)

Message = OutboxMessage
log = structlog.get_logger(__name__)


class Handler(Protocol):
    """Does the work of one message; must be idempotent, since a message may come again after a crash."""

    def __call__(self, message: Message, *, now: datetime) -> None: ...


@dataclass(frozen=True)
class Subscriber:
    name: str
    handle: Handler
    transactional: bool


_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscriber(topic: str, *, transactional: bool = True) -> Callable[[Handler], Handler]:
    """Register a function of a tasks.py for a topic.

    `transactional=False` is for work outside of the database (sending mail): it runs under an advisory lock instead of
    inside the transaction that marks the message done.
    """

    def register(handle: Handler) -> Handler:
        name = f"{handle.__module__}.{handle.__name__}"  # type: ignore[attr-defined]
        _subscribers.setdefault(topic, {})[name] = Subscriber(name, handle, transactional)
        return handle

    return register


def publish(
    topic: str, *, key: str, payload: dict[str, Any], now: datetime, delay: timedelta = timedelta()
) -> list[Message]:
    """Insert one message per subscriber, in the caller's transaction; a key that was published before is ignored."""
    request_id = current_request_id()
    return Message.objects.bulk_create(
        [
            Message(
                topic=topic,
                subscriber=name,
                key=key,
                payload=payload,
                request_id=request_id,
                created_at=now,
                available_at=now + delay,
            )
            for name in _subscribers.get(topic, {})
        ],
        ignore_conflicts=True,
    )


def due(now: datetime) -> Any:
    """Messages that may be rung now: pending, available, and under nobody's lease."""
    return Message.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now), done_at=None, parked_at=None, available_at__lte=now
    )


@transaction.atomic
def lease_due(now: datetime, limit: int) -> list[int]:
    """Lease up to `limit` due messages for the bells that are about to be rung.

    A lease is no attempt: bells may get lost, or wait behind others, as often as they like. What was attempted
    `MAX_ATTEMPTS` times and is still here (it ends its worker each time) is parked for an officer.
    """
    rows = list(due(now).order_by("available_at", "id").select_for_update(skip_locked=True)[:limit])
    _park([row.pk for row in rows if row.attempts >= MAX_ATTEMPTS], now)
    leased = [row.pk for row in rows if row.attempts < MAX_ATTEMPTS]
    Message.objects.filter(pk__in=leased).update(leased_until=now + LEASE)
    return leased


def _park(message_ids: list[int], now: datetime) -> None:
    if message_ids:
        Message.objects.filter(pk__in=message_ids, done_at=None).update(parked_at=now, leased_until=None)
        log.error("outbox_parked", messages=message_ids)


def release(message_ids: list[int]) -> None:
    """Give back the leases of messages that could not be rung: the broker is away."""
    Message.objects.filter(pk__in=message_ids, done_at=None).update(leased_until=None)


def deliver(message_id: int, *, now: datetime | None = None) -> bool:
    """Do the message's work if nobody did or does it; True when this call did. The handler is told `now`, or the time.

    A failure is stored on the message, which comes again after a growing pause (and is parked after `MAX_ATTEMPTS`), and
    raised for the log.
    """
    with structlog.contextvars.bound_contextvars(outbox_id=message_id):
        try:
            return _deliver(message_id, now or timezone.now())
        except Exception as error:
            _note_failure(message_id, error, failed_at=now or timezone.now())
            raise


def _note_failure(message_id: int, error: Exception, *, failed_at: datetime) -> None:
    try:
        message = Message.objects.filter(pk=message_id, done_at=None).first()
        if message is None:
            return
        if message.attempts >= MAX_ATTEMPTS:
            _park([message_id], failed_at)
        pause = min(FIRST_RETRY * 2**message.attempts, LONGEST_RETRY)
        Message.objects.filter(pk=message_id, done_at=None).update(
            last_error=_in_words(error), leased_until=None, available_at=failed_at + pause
        )
    except (DatabaseError, InterfaceError):  # the database is what failed: the lease runs out, and it comes again
        log.warning("outbox_failure_not_noted", outbox_id=message_id)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:2000]


def _deliver(message_id: int, now: datetime) -> bool:
    message = Message.objects.filter(pk=message_id, done_at=None).first()
    if message is None:
        return False
    subscriber = _subscribers.get(message.topic, {}).get(message.subscriber)
    if subscriber is None:
        raise LookupError(f"{message.subscriber} no longer subscribes to {message.topic}")
    if not subscriber.transactional:
        return _deliver_outside(message_id, subscriber, now)
    return _claim(message_id) is not None and _deliver_inside(message_id, subscriber, now)


@transaction.atomic
def _claim(message_id: int) -> Message | None:
    """Count an attempt, committed before the work: a message that ends its worker has to be counted too.

    None when the message is done, parked, or in another worker's hands.
    """
    message = _waiting(message_id)
    if message is not None:
        message.attempts += 1
        message.save(update_fields=["attempts"])
    return message


def _waiting(message_id: int) -> Message | None:
    waiting = Message.objects.select_for_update(skip_locked=True).filter(done_at=None, parked_at=None)
    return waiting.filter(pk=message_id).first()


@transaction.atomic
def _deliver_inside(message_id: int, subscriber: Subscriber, now: datetime) -> bool:
    message = _waiting(message_id)
    if message is None:
        return False
    _handle(message, subscriber, now)
    return True


def _deliver_outside(message_id: int, subscriber: Subscriber, now: datetime) -> bool:
    with _advisory_lock(message_id) as is_ours:
        message = _claim(message_id) if is_ours else None
        if message is None:
            return False
        _handle(message, subscriber, now)
        return True


def _handle(message: Message, subscriber: Subscriber, now: datetime) -> None:
    with structlog.contextvars.bound_contextvars(request_id=message.request_id, topic=message.topic):
        subscriber.handle(message, now=now)
    Message.objects.filter(pk=message.pk).update(
        done_at=timezone.now(), parked_at=None, leased_until=None, last_error=""
    )


@contextmanager
def _advisory_lock(message_id: int) -> Iterator[bool]:
    """Held by this database session, so that it goes when the worker goes; False when another session has it."""
    key = [ADVISORY_OUTBOX, message_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def drain(now: datetime, *, limit: int = 100_000) -> int:
    """Deliver everything due, and what that brings about, in this process (commands and tests); returns how many.

    It is `now` for all of it, so that a test's day stays the same whenever it runs. Raises what a handler raises, and
    RuntimeError when `limit` messages were not enough.
    """
    delivered = 0
    while batch := list(due(now).order_by("available_at", "id").values_list("pk", flat=True)[:500]):
        for message_id in batch:
            delivered += deliver(message_id, now=now)
        if delivered >= limit:
            raise RuntimeError(f"The outbox did not empty within {limit} messages.")
    return delivered


def retry_parked(message_ids: list[int], *, now: datetime) -> int:
    """Let an officer's click try parked messages again."""
    return (
        Message.objects.filter(pk__in=message_ids, done_at=None)
        .exclude(parked_at=None)
        .update(parked_at=None, attempts=0, leased_until=None, available_at=now)
    )


@dataclass(frozen=True)
class Health:
    """What /status/ shows: seconds and a share between 0 and 1 (None before the first delivery)."""

    oldest_pending_seconds: float
    share_within_10_seconds: float | None
    pending: int
    parked: int


def health(now: datetime) -> Health:
    """One query over the last 24 hours of messages and everything pending."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(extract(epoch FROM %(now)s - min(available_at) FILTER
                   (WHERE done_at IS NULL AND parked_at IS NULL)), 0),
                 avg((done_at - available_at <= interval '10 seconds')::int) FILTER (WHERE done_at IS NOT NULL),
                 count(*) FILTER (WHERE done_at IS NULL AND parked_at IS NULL),
                 count(*) FILTER (WHERE parked_at IS NOT NULL)
               FROM core_outboxmessage
               WHERE created_at > %(now)s - interval '24 hours' OR (done_at IS NULL)""",
            {"now": now},
        )
        oldest, share, pending, parked = cursor.fetchone()
    return Health(max(float(oldest), 0.0), None if share is None else float(share), pending, parked)
