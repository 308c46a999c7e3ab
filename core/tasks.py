"""Celery's doors into the outbox, and core's own subscribers."""

from datetime import UTC, datetime, timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from core import jobs, mail, outbox

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
    before = now - timedelta(days=30)
    jobs.delete_old_rows(before)
