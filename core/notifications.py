"""Telling people: an in-app row and a mail for each, once per key, in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from core import mail
from core.models import Notification


@dataclass(frozen=True)
class Letter:
    """What we say: `body` is plain text with blank lines between paragraphs; `path` is the one place to go to."""

    kind: str
    subject: str
    body: str
    path: str
    reason: str


@transaction.atomic
def notify(users: Iterable[Any], build: Callable[[Any], Letter], *, key: str, now: datetime) -> int:
    """Tell each active user once per `key`; returns how many were told by this call."""
    told = 0
    for user in users:
        if not user.is_active:
            continue
        with translation.override(user.language):
            letter = build(user)
            _row, created = Notification.objects.get_or_create(
                recipient=user,
                key=key,
                defaults={
                    "kind": letter.kind,
                    "subject": letter.subject[:255],
                    "body": letter.body,
                    "path": letter.path,
                    "reason": letter.reason[:500],
                    "created_at": now,
                },
            )
            if created:
                _queue(user.email, letter, key=f"{key}:{user.ledger_name}", now=now)
                told += 1
    return told


@transaction.atomic
def mail_address(email: str, build: Callable[[None], Letter], *, key: str, now: datetime) -> None:
    """Mail somebody who has no account yet, once per `key`."""
    with translation.override(settings.LANGUAGE_CODE):
        _queue(email, build(None), key=key, now=now)


def _queue(email: str, letter: Letter, *, key: str, now: datetime) -> None:
    context = {"letter": letter, "url": settings.SITE_URL + letter.path, "paragraphs": letter.body.split("\n\n")}
    mail.queue(
        email,
        subject=letter.subject,
        text=render_to_string("mail/letter.txt", context),
        html=render_to_string("mail/letter.html", context),
        key=key,
        now=now,
    )
