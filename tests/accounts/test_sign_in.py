import time

import pytest
import redis
from django.core.cache import cache
from django.test import Client, override_settings

from accounts import lockouts
from accounts.models import LoginFailure
from accounts.states import AttemptKind, Role
from tests.accounts.conftest import (
    PASSWORD,
    appointed,
    is_signed_in,
    mails_to,
    sign_in,
    sign_in_twice,
    somebody,
    with_authenticator,
)
from tests.factories.accounts import app_code

pytestmark = pytest.mark.django_db

WRONG = "this is not the password"
PER_ADDRESS = lockouts.LIMITS[AttemptKind.ADDRESS][0].failures


def fail(client, user, times):
    for _ in range(times):
        assert sign_in(client, user, WRONG).status_code == 422


def test_one_failure_less_than_the_limit_locks_nothing(client):
    nora = somebody("nora")
    fail(client, nora, PER_ADDRESS - 1)
    assert sign_in(client, nora).status_code == 302
    assert LoginFailure.objects.count() == PER_ADDRESS - 1, "of the network; the address starts anew"
    assert {failure.kind for failure in LoginFailure.objects.all()} == {"NETWORK"}


def test_people_sign_in_and_reset_passwords_while_redis_is_away(client, monkeypatch):
    def refuse(*_arguments, **_options):
        raise redis.ConnectionError("no socket")

    monkeypatch.setattr(redis.connection.AbstractConnection, "connect", refuse)
    user = somebody()
    assert client.post("/accounts/password/reset/", {"email": user.email}).status_code == 302
    assert sign_in(client, user)["Location"] == "/dashboard/"


def test_a_lock_out_survives_a_wiped_cache(client):
    nora = somebody("nora")
    fail(client, nora, PER_ADDRESS)
    cache.clear()
    locked = sign_in(Client(REMOTE_ADDR="203.0.113.9"), nora)
    assert locked.status_code == 422
    assert "Too many sign-ins failed" in locked.content.decode()


def test_the_lock_out_is_the_counters_doing(client):
    """The positive control: without the rows in the database, the same person gets in."""
    nora = somebody("nora")
    fail(client, nora, PER_ADDRESS)
    LoginFailure.objects.all().delete()
    cache.clear()
    assert sign_in(client, nora).status_code == 302


def test_an_unknown_address_is_locked_out_like_a_known_one(client):
    nora = somebody("nora")
    fail(client, nora, PER_ADDRESS)
    for _ in range(PER_ADDRESS):
        client.post("/accounts/login/", {"login": "nobody@example.com", "password": WRONG})
    locked = client.post("/accounts/login/", {"login": "nobody@example.com", "password": WRONG})
    assert locked.context["form"].non_field_errors() == sign_in(client, nora).context["form"].non_field_errors()


def test_a_locked_out_address_locks_nobody_else(client):
    nora, sam = somebody("nora"), somebody("sam")
    fail(client, nora, PER_ADDRESS)
    assert sign_in(client, sam).status_code == 302


def test_setting_a_new_password_opens_the_address_again(client):
    nora = somebody("nora")
    fail(client, nora, PER_ADDRESS)
    client.post("/accounts/password/reset/", {"email": nora.email})
    (mail,) = mails_to(nora.email)
    (path,) = [line.strip().removeprefix("http://localhost:8000") for line in mail.text.splitlines() if "/key/" in line]
    form = client.get(path, follow=True)
    new = "eleven geese under granite"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, nora, new).status_code == 302
    assert is_signed_in(client)


def test_codes_of_the_second_step_are_counted_by_person(client):
    nora = with_authenticator(somebody("nora"))
    sign_in(client, nora)
    for _ in range(PER_ADDRESS):
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 422
    cache.clear()
    locked = client.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert locked.status_code == 422
    assert "Too many sign-ins failed" in locked.content.decode()
    LoginFailure.objects.all().delete()
    assert client.post("/accounts/2fa/authenticate/", {"code": app_code()}).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(30, 302), (-30, 302), (90, 422)])
def test_a_code_that_was_typed_slowly_is_taken_and_an_old_one_is_not(client, monkeypatch, seconds, status):
    moment = time.time()
    monkeypatch.setattr(time, "time", lambda: moment)
    sign_in(client, with_authenticator(somebody("nora")))
    answer = client.post("/accounts/2fa/authenticate/", {"code": app_code(seconds_ago=seconds)})
    assert answer.status_code == status


def test_a_password_alone_does_not_sign_in_who_has_a_second_step(client):
    nora = with_authenticator(somebody("nora"))
    assert sign_in(client, nora)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": app_code()}).status_code == 302
    assert is_signed_in(client)


def test_the_old_password_is_counted_where_it_is_changed(client):
    nora = somebody("nora")
    sign_in(client, nora)
    new = {"password1": "eleven geese under granite", "password2": "eleven geese under granite"}
    for _ in range(4):
        assert client.post("/accounts/password/change/", {"oldpassword": WRONG, **new}).status_code == 422
    assert LoginFailure.objects.filter(kind=AttemptKind.ADDRESS).count() == 4
    assert client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert is_signed_in(client), "the session in which it was changed stays"


def test_sign_in_gives_the_session_a_new_id(client):
    nora = somebody("nora")
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    sign_in(client, nora)
    assert client.session.session_key != before


def test_signing_out_takes_a_post(client):
    nora = somebody("nora")
    sign_in(client, nora)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_suspended_person_gets_nowhere(client):
    nora = somebody("nora")
    sign_in(client, nora)
    nora.is_active = False
    nora.save()
    assert not is_signed_in(client)
    sign_in(client, nora)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "http://localhost:8000@evil.example/",
        "https://localhost.evil.example/",
        "http://127.0.0.1:9/",
        " //evil.example",
        "\t//evil.example",
        "/%09/evil.example\r\nX-Evil: 1",
        "data:text/html,x",
    ],
)
@pytest.mark.parametrize("by", ["login", "logout"])
def test_a_hostile_next_leads_to_ourselves(client, target, by):
    nora = somebody("nora")
    answer = sign_in(client, nora, next=target)
    if by == "logout":
        answer = client.post("/accounts/logout/", {"next": target})
    assert answer.status_code == 302
    assert "X-Evil" not in answer
    location = answer["Location"]
    assert location in ("/dashboard/", "/") or (location.startswith("/%09/") and "\n" not in location)


def test_a_next_of_ours_is_followed(client):
    assert sign_in(client, somebody("nora"), next="/inbox/?after=3")["Location"] == "/inbox/?after=3"


@pytest.mark.parametrize("cookie", ["\\000aaaaaaaaaaaaaaaa", "x" * 5000, "é" * 20])
def test_a_hostile_session_cookie_is_no_session(client, cookie):
    client.cookies["session"] = cookie
    assert Client(headers={"cookie": f'session="{cookie}"'}).get("/accounts/profile/").status_code == 302


@override_settings(DEMO=False)
def test_nobody_of_the_demonstration_is_let_in_without_it(client):
    nora = somebody("nora", is_demo=True)
    sign_in(client, nora)
    assert not is_signed_in(client)
    client.force_login(nora)
    assert not is_signed_in(client)


def test_staff_sign_in_by_the_same_door(client, now):
    officer = with_authenticator(appointed("olga", Role.OFFICER, now=now))
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": officer.email, "password": PASSWORD})["Location"] == (
        "/accounts/login/?next=%2Fadmin%2F"
    )
    assert sign_in_twice(client, officer)["Location"] == "/dashboard/"
    assert client.get("/admin/").status_code == 200
