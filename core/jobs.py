"""Work that comes round by the clock. Beat only rings; a unique row per slot decides."""

from datetime import datetime

from django.db import transaction

from core import outbox
from core.models import JobRun, OutboxMessage, Submission


@transaction.atomic
def ask_for(job: str, slot: datetime, *, now: datetime) -> None:
    """Publish `job:<job>` once per slot, however often the bell rings."""
    JobRun.objects.bulk_create([JobRun(job=job, slot=slot, created_at=now)], ignore_conflicts=True)
    outbox.publish(f"job:{job}", key=slot.isoformat(), payload={"slot": slot.isoformat()}, now=now)


def delete_old_rows(before: datetime) -> None:
    OutboxMessage.objects.filter(done_at__lt=before).delete()
    Submission.objects.filter(created_at__lt=before).delete()
    JobRun.objects.filter(created_at__lt=before).delete()
