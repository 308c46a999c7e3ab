"""What the faults' worker does besides the portal's own work, so that a lost or doubled effect shows as rows."""

from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core import outbox
from core.models import JobRun


@outbox.subscriber("buyers.need_posted")
def count_posted(message: outbox.Message, *, now: datetime) -> None:
    """One row a run: unlike a match, which there is only one of, it would show twice."""
    JobRun.objects.create(job=f"posted:{message.payload['need']}", slot=now)


@shared_task(name="tests.effect")
def effect(name: str) -> None:
    """The positive control: the same kind of work, asked for without an outbox."""
    with transaction.atomic():
        JobRun.objects.create(job=name, slot=timezone.now())
