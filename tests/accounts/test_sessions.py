"""How long a session lives, and in whose language and time zone its pages are."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.middleware import SEEN, SIGNED_IN
from accounts.states import Role
from tests.accounts.conftest import (
    PASSWORD,
    appointed,
    is_signed_in,
    sign_in,
    sign_in_twice,
    somebody,
    with_authenticator,
)

pytestmark = pytest.mark.django_db

IDLE = settings.SESSION_IDLE_SECONDS
PAGE = "/accounts/email/"


def age(client, *, seen: float = 0, signed_in: float = 0) -> None:
    """Let the session have been used last, and begun, so many seconds ago."""
    now = int(timezone.now().timestamp())
    session = client.session
    session[SEEN], session[SIGNED_IN] = now - int(seen), now - int(signed_in)
    session.save()


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def staff(client, now):
    sign_in_twice(client, with_authenticator(appointed("olga", Role.OFFICER, now=now)))


def other(client, now):
    sign_in(client, somebody("nora"))


def test_the_limits_are_those_of_the_policy():
    assert IDLE == {"staff": 900, "other": 1800}
    assert settings.SESSION_ABSOLUTE_SECONDS == 43200
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 600


@pytest.mark.parametrize(("who", "limit"), [(staff, IDLE["staff"]), (other, IDLE["other"])])
def test_an_idle_session_ends_at_its_limit_and_says_so(client, now, who, limit):
    who(client, now)
    age(client, seen=limit - 5)
    assert client.get(PAGE).status_code == 200
    age(client, seen=limit)
    answer = client.get(f"{PAGE}?a=b")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2Faccounts%2Femail%2F%3Fa%3Db")
    assert told(answer) == [
        f"You were signed out because nothing happened for {limit // 60} minutes. Sign in again to go on."
    ]
    assert "nothing happened for" in client.get(answer["Location"]).content.decode()
    assert not is_signed_in(client)


def test_a_session_in_use_ends_after_twelve_hours(client, now):
    other(client, now)
    age(client, signed_in=settings.SESSION_ABSOLUTE_SECONDS - 5)
    assert client.get(PAGE).status_code == 200
    age(client, signed_in=settings.SESSION_ABSOLUTE_SECONDS)
    answer = client.get(PAGE)
    assert told(answer) == ["You were signed out because you signed in 12 hours ago. Sign in again to go on."]
    assert not is_signed_in(client)


def test_a_session_that_ended_is_gone_from_the_database(client, now):
    other(client, now)
    key = client.session.session_key
    age(client, seen=IDLE["other"])
    client.get(PAGE)
    assert not Session.objects.filter(session_key=key).exists()


def test_signing_in_again_starts_the_clocks_anew(client, now):
    other(client, now)
    age(client, seen=IDLE["other"])
    client.get(PAGE)
    client.post("/accounts/login/", {"login": "nora@example.com", "password": PASSWORD})
    assert is_signed_in(client)


def test_a_form_sent_too_late_leads_back_to_the_page_it_was_on(client, now):
    other(client, now)
    for referer, back in (
        ("http://testserver/accounts/profile/?x=1", "%2Faccounts%2Fprofile%2F%3Fx%3D1"),
        ("https://evil.example/accounts/", "%2Fdashboard%2F"),
        ("", "%2Fdashboard%2F"),
    ):
        sign_in(client, somebody_again())
        age(client, seen=IDLE["other"])
        answer = client.post("/accounts/profile/", {"name": "Eve"}, headers={"referer": referer})
        assert answer["Location"] == f"/accounts/login/?next={back}"
    assert somebody_again().name == "Nora"


def somebody_again():
    from accounts.models import User

    return User.objects.get(email="nora@example.com")


@pytest.mark.parametrize(("seconds_ago", "writes"), [(0, 0), (59, 0), (61, 1)])
def test_the_session_is_written_once_a_minute(client, now, seconds_ago, writes):
    other(client, now)
    age(client, seen=seconds_ago)
    with CaptureQueriesContext(connection) as queries:
        client.get("/accounts/logout/")
    written = [query for query in queries.captured_queries if query["sql"].startswith('UPDATE "django_session"')]
    assert len(written) == writes


def test_the_persons_roles_cost_no_query_of_their_own(client, now):
    staff(client, now)
    client.get("/accounts/logout/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/accounts/logout/")
    assert [query["sql"].count("accounts_rolegrant") > 0 for query in queries.captured_queries] == [False, True]


def test_a_visitor_has_no_session(client):
    client.get("/accounts/login/")
    client.get("/")
    assert "session" not in client.cookies


def test_a_session_of_somebody_deleted_from_the_database_is_nobodys(client):
    nora = somebody("nora")
    client.force_login(nora)
    assert client.session[SESSION_KEY] == str(nora.pk)
    nora.emailaddress_set.all().delete()
    nora.delete()
    assert not is_signed_in(client)


def test_pages_are_in_the_readers_language(client):
    sign_in(client, somebody("nora", language="ar"))
    page = client.get("/dashboard/", headers={"accept-language": "fr"})
    assert page["Content-Language"] == "ar"
    assert 'dir="rtl"' in page.content.decode()
    client.post("/accounts/logout/")
    assert client.get("/", headers={"accept-language": "fr"})["Content-Language"] == "fr"


def test_times_are_in_the_readers_zone_and_only_there(client, now):
    nora = somebody("nora", time_zone="Asia/Tokyo", last_login=now)
    sign_in(client, nora)
    client.get("/dashboard/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_step_up_lasts_ten_minutes(client, now, monkeypatch):
    manager = with_authenticator(appointed("mary", Role.MANAGER, now=now))
    target = somebody("nora")
    sign_in_twice(client, manager)
    page = f"/admin/accounts/user/{target.pk}/grant/"
    assert client.get(page).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= timedelta(minutes=10).total_seconds()
    session.save()
    answer = client.get(page)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2F")
    client.post(answer["Location"], {"password": PASSWORD})
    assert client.get(page).status_code == 200
