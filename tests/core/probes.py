"""Subscribers that exist for the tests of the outbox only: what they did stands in the database."""

from datetime import datetime

from core import outbox
from core.models import JobRun

FAILING: set[str] = set()


@outbox.subscriber("test.counted")
def count(message: outbox.Message, *, now: datetime) -> None:
    """One row per run, so that a doubled effect shows."""
    JobRun.objects.create(job=f"probe:{message.payload['n']}", slot=now)
    if message.key in FAILING:
        raise ValueError("told to fail")


@outbox.subscriber("test.outside", transactional=False)
def count_outside(message: outbox.Message, *, now: datetime) -> None:
    JobRun.objects.create(job=f"outside:{message.payload['n']}", slot=now)
