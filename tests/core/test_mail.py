"""Mail is stored with the act, sent by the worker, and its failure is seen."""

from email import message_from_bytes
from pathlib import Path

import pytest
from django.conf import settings

from core import mail, notifications, outbox
from core.models import Mail, Notification
from core.notifications import Letter
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
LETTER = Letter("test", "A subject\nwith a break", "First.\n\nSecond.", "/inbox/", "You get this because of a test.")


@pytest.fixture
def folder(tmp_path, settings):
    settings.MAILERS = {"default": {"BACKEND": "core.mail.FolderBackend", "OPTIONS": {"folder": str(tmp_path)}}}
    return tmp_path


@pytest.fixture
def broken(settings):
    """A provider that refuses connections: nothing listens on this port."""
    options = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def _files(folder: Path):
    return [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def test_a_person_is_told_once_a_key_in_the_portal_and_by_mail(folder, now):
    user = person("reader")
    for _ in range(3):
        notifications.notify([user], lambda _user: LETTER, key="k", now=now)
    outbox.drain(now)
    assert Notification.objects.get().recipient == user
    (sent,) = _files(folder)
    assert (sent["To"], sent["Subject"]) == ("reader@example.com", "A subject with a break")
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = sent.get_payload()[0].get_payload(decode=True).decode()
    assert f"{settings.SITE_URL}/inbox/" in text
    assert "You get this because of a test." in text


def test_somebody_who_may_not_sign_in_is_told_nothing(folder, now):
    assert notifications.notify([person("gone", is_active=False)], lambda _user: LETTER, key="k", now=now) == 0
    assert Mail.objects.count() == 0


def test_the_html_escapes_what_people_wrote(folder, now):
    letter = Letter("test", "s", "<script>alert(1)</script>", "", "r")
    notifications.mail_address("x@example.com", lambda _nobody: letter, key="k", now=now)
    assert "<script>" not in Mail.objects.get().html
    assert "<script>" in Mail.objects.get().text


def test_sent_again_it_is_the_same_file_under_the_same_message_id(folder, now):
    mail.queue("x@example.com", subject="s", text="t", key="k", now=now)
    row = Mail.objects.get()
    mail.send(row.pk, now=now, last_attempt=False)
    Mail.objects.update(delivery="SENDING", sent_at=None)  # as after a crash between "accepted" and SENT
    mail.send(row.pk, now=now, last_attempt=False)
    (sent,) = _files(folder)
    assert sent["Message-ID"] == row.message_id
    row.refresh_from_db()
    assert (row.delivery, row.attempts) == ("SENT", 2)


def test_what_was_sent_is_not_sent_again(folder, now):
    mail.queue("x@example.com", subject="s", text="t", key="k", now=now)
    outbox.drain(now)
    mail.send(Mail.objects.get().pk, now=now, last_attempt=False)
    assert Mail.objects.get().attempts == 1


@pytest.mark.parametrize(("last", "delivery"), [(False, "PENDING"), (True, "FAILED")])
def test_a_provider_that_refuses_is_written_down(broken, now, last, delivery):
    mail.queue("x@example.com", subject="s", text="t", key="k", now=now)
    with pytest.raises(OSError, match="refused"):
        mail.send(Mail.objects.get().pk, now=now, last_attempt=last)
    row = Mail.objects.get()
    assert (row.delivery, row.sent_at) == (delivery, None)
    assert row.last_error.startswith("ConnectionRefusedError")
