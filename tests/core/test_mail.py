"""Mail is stored with the act, sent by the worker, and its failure is seen."""

from contextlib import suppress
from email import message_from_bytes, message_from_string
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import get_language

from core import mail, notifications, outbox
from core.models import Mail, Notification, OutboxMessage
from core.notifications import Letter
from tests.core.smtp import mail_server
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


@pytest.fixture
def through(settings):
    """Send a new mail through this server once; the row afterwards."""

    def send(server, now):
        options = {"host": "127.0.0.1", "port": server.port, "timeout": 2}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
        mail.queue("reader@example.com", subject="A subject", text="Grüße", key=str(server.port), now=now)
        row = Mail.objects.get(key=str(server.port))
        with suppress(OSError):
            mail.send(row.pk, now=now, last_attempt=False)
        row.refresh_from_db()
        return row

    return send


def test_a_provider_takes_the_mail(through, now):
    with mail_server() as server:
        row = through(server, now)
    assert (row.delivery, row.sent_at, row.last_error) == ("SENT", now, "")
    (text,) = server.taken
    assert message_from_string(text)["Message-ID"] == row.message_id


@pytest.mark.parametrize(
    ("answers", "delivery", "error"),
    [
        ({"connect": "421 busy"}, "PENDING", "SMTPConnectError: (421"),
        ({"mail": "451 later"}, "PENDING", "SMTPSenderRefused: (451"),
        ({"rcpt": "450 later"}, "PENDING", "SMTPRecipientsRefused: {'reader@example.com': (450"),
        ({"rcpt": "550 nobody"}, "FAILED", "SMTPRecipientsRefused: {'reader@example.com': (550"),
        ({"end": "451 later"}, "PENDING", "SMTPDataError: (451"),
        ({"end": "554 never"}, "FAILED", "SMTPDataError: (554"),
        ({"end": ""}, "PENDING", "SMTPServerDisconnected"),
        ({"rcpt": ""}, "PENDING", "SMTPServerDisconnected"),
    ],
)
def test_what_a_provider_says_decides_whether_it_is_tried_again(through, now, answers, delivery, error):
    with mail_server(**answers) as server:
        row = through(server, now)
    assert (row.delivery, row.sent_at, row.attempts) == (delivery, None, 1)
    assert row.last_error.startswith(error)


def test_a_mail_that_cannot_be_built_fails_where_an_officer_sees_it(folder, now):
    mail.queue("x@example.com", subject="s", text="t", key="k", now=now)
    Mail.objects.update(to_address="x@example.com\nBcc: everybody@example.com")
    with pytest.raises(ValueError, match="linefeed"):
        mail.send(Mail.objects.get().pk, now=now, last_attempt=True)
    assert (Mail.objects.get().delivery, _files(folder)) == ("FAILED", [])


def test_a_refused_mail_is_done_with_and_a_busy_provider_is_asked_again(settings, now):
    for answer, done in (("550 nobody", True), ("450 later", False)):
        with mail_server(rcpt=answer) as server:
            options = {"host": "127.0.0.1", "port": server.port, "timeout": 2}
            backend = "django.core.mail.backends.smtp.EmailBackend"
            settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
            mail.queue("x@example.com", subject="s", text="t", key=answer, now=now)
            message = OutboxMessage.objects.get(payload={"mail": Mail.objects.get(key=answer).pk})
            with suppress(OSError):
                outbox.deliver(message.pk, now=now)
        message.refresh_from_db()
        assert (message.done_at is not None, message.attempts) == (done, 1)


def test_each_reader_is_told_in_their_language(folder, now):
    readers = [person("english"), person("spanish", language="es")]
    languages = []
    notifications.notify(readers, lambda user: languages.append(get_language()) or LETTER, key="k", now=now)
    assert languages == ["en-us", "es"]
