"""Celery's doors into the outbox, and core's own subscribers."""

from datetime import UTC, datetime, timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from core import jobs, mail, outbox
from core.files import scanning, store

log = structlog.get_logger(__name__)


@shared_task(name="core.deliver")
def deliver(message_id: int) -> None:
    try:
        outbox.deliver(message_id)
    except Exception:
        log.exception("outbox_delivery_failed", outbox_id=message_id)  # stored on the message, which comes again


@shared_task(name="core.ring")
def ring(job: str, period_seconds: int) -> None:
    """Beat's bell: ask for the job of the slot that is now, unless somebody did."""
    now = timezone.now()
    slot = datetime.fromtimestamp(now.timestamp() // period_seconds * period_seconds, tz=UTC)
    jobs.ask_for(job, slot, now=now)


@outbox.subscriber("core.mail_queued", transactional=False)
def send_mail(message: outbox.Message, *, now: datetime) -> None:
    mail.send(message.payload["mail"], now=now, last_attempt=message.attempts >= outbox.MAX_ATTEMPTS)


@outbox.subscriber("job:core.tidy")
def tidy(message: outbox.Message, *, now: datetime) -> None:
    """Delivered messages and used form keys are kept for 30 days, for questions about what happened."""
    jobs.delete_old_rows(now - timedelta(days=30))
    store.sweep_leftovers(now - timedelta(days=1))


@outbox.subscriber("core.file_waiting", transactional=False)
def scan_file(message: outbox.Message, *, now: datetime) -> None:
    scanning.scan(message.payload["file"], now=now)


@outbox.subscriber("job:core.scan_quarantine")
def scan_quarantine(message: outbox.Message, *, now: datetime) -> None:
    """Files whose scan gave no clear answer, while the scanner was away."""
    scanning.ask_for_waiting(message.payload["slot"], now=now)
