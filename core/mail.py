"""E-mail: stored in the act's own transaction, sent by the worker, visible to an officer when it fails."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from core import outbox
from core.models import Mail
from core.states import MailDelivery

log = structlog.get_logger(__name__)


@transaction.atomic
def queue(to_address: str, *, subject: str, text: str, html: str = "", key: str, now: datetime) -> None:
    """Store a mail and ask the worker to send it; a key that was used before is ignored."""
    message_id = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{_domain()}>"
    mail, created = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to_address": to_address,
            "subject": " ".join(subject.split())[:255],
            "text": text,
            "html": html,
            "message_id": message_id,
            "created_at": now,
        },
    )
    if created:
        outbox.publish("core.mail_queued", key=str(mail.pk), payload={"mail": mail.pk}, now=now)


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"


def send(mail_id: int, *, now: datetime, last_attempt: bool) -> None:
    """Hand the mail to the provider. A crash between its "accepted" and our SENT repeats the same Message-ID.

    Raises what the provider or the network raised, so that the message comes again; not a refusal for good.
    """
    if (
        not Mail.objects.filter(pk=mail_id)
        .exclude(delivery=MailDelivery.SENT)
        .update(delivery=MailDelivery.SENDING, attempts=F("attempts") + 1)
    ):
        return
    mail = Mail.objects.get(pk=mail_id)
    try:
        mailers["default"].send_messages([_message(mail)])
    except Exception as error:  # whatever it is, an officer sees it
        mail.delivery = MailDelivery.FAILED if last_attempt or _is_final(error) else MailDelivery.PENDING
        mail.last_error = f"{type(error).__name__}: {error}"[:2000]
        mail.save(update_fields=["delivery", "last_error"])
        if _is_final(error):
            log.warning("mail_refused", mail=mail.pk)
            return
        raise
    mail.delivery, mail.sent_at, mail.last_error = MailDelivery.SENT, now, ""
    mail.save(update_fields=["delivery", "sent_at", "last_error"])


def _is_final(error: Exception) -> bool:
    """Whether the provider will say the same tomorrow: it refused this recipient or this text for good (RFC 5321, 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to_address], headers={"Message-ID": mail.message_id}
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


class FolderBackend(BaseEmailBackend):
    """Keeps each mail as one .eml file named by its Message-ID, so that a repeated send is the same file."""

    def __init__(self, folder: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            name = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:40]
            part = self.folder / f".{name}.part"
            part.write_bytes(message.as_bytes())
            part.replace(self.folder / f"{name}.eml")
        return len(email_messages)
