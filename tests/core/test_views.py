"""Inbox and receipts: one's own, and nobody else's."""

from datetime import timedelta

import pytest

from core.actions import issue_receipt
from core.models import Notification, OutboxMessage
from core.notifications import Letter, notify
from tests.factories.accounts import person
from tests.factories.core import stored_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = person("reader")
    client.force_login(user)
    return user


def told(user, number, now):
    for each in range(number):
        letter = Letter(
            "test", f"Subject {each}", f"First {each}.\n\nSecond.", f"/there/{each}/", "You get this because."
        )
        notify([user], lambda _user, letter=letter: letter, key=str(each), now=now + timedelta(minutes=each))


@pytest.mark.parametrize("number", [1, 3])
def test_the_inbox_costs_the_same_however_full(client, reader, now, number, django_assert_num_queries):
    told(reader, number, now)
    client.get("/inbox/")
    with django_assert_num_queries(3):  # session, person, rows
        response = client.get("/inbox/")
    assert [row.subject for row in response.context["page"].rows] == [f"Subject {n}" for n in reversed(range(number))]
    assert response.content.decode().count("portal-unread") == number


def test_an_empty_inbox_says_what_it_is_for(client, reader):
    text = client.get("/inbox/").content.decode()
    assert "Nothing here yet." in text
    assert "Mark all as read" not in text


def test_another_persons_notifications_are_not_seen(client, reader, now):
    told(person("another"), 2, now)
    assert client.get("/inbox/").context["page"].rows == []


def test_the_inbox_is_paged(client, reader, now):
    told(reader, 31, now)
    first = client.get("/inbox/")
    assert len(first.context["page"].rows) == 30
    last = client.get(f"/inbox/?{first.context['page'].next_query}")
    assert [row.subject for row in last.context["page"].rows] == ["Subject 0"]


def test_what_was_shown_is_marked_as_read_and_what_came_meanwhile_is_not(client, reader, now):
    told(reader, 2, now)
    told(person("another"), 1, now)
    shown = Notification.objects.filter(recipient=reader).latest("id").pk
    late = Letter("test", "Late", "Body.", "", "Because.")
    notify([reader], lambda _user: late, key="late", now=now)
    response = client.post("/inbox/read/", {"upto": shown})
    assert (response.status_code, response["Location"]) == (302, "/inbox/")
    unread = Notification.objects.filter(read_at=None).values_list("recipient__name", "subject")
    assert set(unread) == {("Reader", "Late"), ("Another", "Subject 0")}


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 19, "²"])
def test_a_mark_that_is_none_marks_nothing(client, reader, now, upto):
    told(reader, 1, now)
    assert client.post("/inbox/read/", {"upto": upto}).status_code == 302
    assert Notification.objects.get().read_at is None


def test_reading_changes_nothing(client, reader, now):
    told(reader, 1, now)
    assert client.get("/inbox/read/").status_code == 405
    assert Notification.objects.get().read_at is None


@pytest.fixture
def receipt(now):
    file = stored_file(now=now, by=person("reader"))
    words = {"summary": "We have your <file>.", "next_step": "Wait for the scan.", "path": "/dashboard/"}
    return issue_receipt(file, "accept_upload", by=person("reader"), now=now, **words)


def test_a_receipt_says_what_when_and_what_next(client, reader, receipt, django_assert_num_queries):
    client.get("/inbox/")
    with django_assert_num_queries(3):  # session, person, receipt
        text = client.get(f"/receipts/{receipt.number}/").content.decode()
    words = [receipt.number, "We have your &lt;file&gt;.", "UTC", "Wait for the scan.", 'href="/dashboard/"']
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("number", ["{}", "AIX-2026-9999999", "x"])
def test_anothers_receipt_is_as_absent_as_none(client, receipt, number):
    client.force_login(person("another"))
    assert client.get(f"/receipts/{number.format(receipt.number)}/").status_code == 404


@pytest.mark.parametrize("path", ["/inbox/", "/receipts/AIX-2026-0000001/"])
def test_a_stranger_signs_in_first(client, path):
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
    assert OutboxMessage.objects.count() == 0
