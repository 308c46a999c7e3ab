"""Subscribers that exist for the tests of the outbox only: what they did stands in the database."""

from collections.abc import Callable
from datetime import datetime

import structlog

from core import outbox
from core.models import JobRun

FAILING: dict[str, Callable[[], object]] = {}  # how a handler fails after it did its work, by the message's key
SEEN: list[dict[str, object]] = []  # what the logs of a handler carry


def _do(message: outbox.Message, job: str, now: datetime) -> None:
    """One row per run, so that a doubled effect shows."""
    JobRun.objects.create(job=f"{job}:{message.payload['n']}", slot=now)
    SEEN.append(structlog.contextvars.get_contextvars())
    if message.key in FAILING:
        FAILING[message.key]()


@outbox.subscriber("test.counted")
def count(message: outbox.Message, *, now: datetime) -> None:
    _do(message, "probe", now)


@outbox.subscriber("test.outside", transactional=False)
def count_outside(message: outbox.Message, *, now: datetime) -> None:
    _do(message, "outside", now)
