"""The workbench's door: a federal role, and a second step in this session."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from accounts.models import OverseasPost
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
from tests.factories.accounts import app_code

pytestmark = pytest.mark.django_db

STEP_PAGE, SETUP_PAGE = "/accounts/2fa/reauthenticate/", "/accounts/2fa/"


def test_nobody_is_sent_to_the_sign_in(client):
    assert client.get("/admin/core/mail/?q=1")["Location"] == "/admin/login/?next=/admin/core/mail/%3Fq%3D1"
    assert client.get("/admin/login/?next=/admin/core/mail/%3Fq%3D1")["Location"] == (
        "/accounts/login/?next=%2Fadmin%2Fcore%2Fmail%2F%3Fq%3D1"
    )


def test_a_person_without_a_role_is_refused_however_they_signed_in(client):
    sign_in_twice(client, with_authenticator(somebody("nora")))
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", ["/admin/", "/dashboard/", "/", "/catalogue/", "/inbox/"])
def test_staff_without_a_second_step_are_sent_to_set_one_up(client, now, role, page):
    sign_in(client, appointed("olga", role, now=now))
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, SETUP_PAGE)
    assert "second step" in client.get(SETUP_PAGE).content.decode()


def test_staff_post_nothing_without_a_second_step(client, now):
    sign_in(client, appointed("olga", Role.OFFICER, now=now))
    assert client.post("/inbox/read/", {"upto": 1})["Location"] == SETUP_PAGE


@pytest.mark.parametrize("page", ["/accounts/profile/", "/accounts/email/", "/accounts/2fa/totp/activate/"])
def test_staff_without_a_second_step_reach_their_own_account(client, now, page):
    sign_in(client, appointed("olga", Role.OFFICER, now=now))
    assert client.get(page).status_code == 200


def test_staff_can_sign_out_without_a_second_step(client, now):
    sign_in(client, appointed("olga", Role.OFFICER, now=now))
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)  # allauth tells of it at the commit
def test_setting_a_second_step_up_opens_the_workbench_in_the_same_session(client, now):
    sign_in(client, appointed("olga", Role.OFFICER, now=now))
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    activated = client.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)})
    assert activated.status_code == 302
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_sets_nothing_up(client, now):
    sign_in(client, appointed("olga", Role.OFFICER, now=now))
    client.get("/accounts/2fa/totp/activate/")
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 422
    assert client.get("/admin/")["Location"] == SETUP_PAGE


def test_a_session_from_before_the_second_step_gives_it_now(client, now):
    """Signed in elsewhere with a password only; the authenticator was set up in another browser."""
    olga = appointed("olga", Role.OFFICER, now=now)
    sign_in(client, olga)
    with_authenticator(olga)
    assert client.get("/admin/")["Location"] == f"{STEP_PAGE}?next=%2Fadmin%2F"
    assert client.post(f"{STEP_PAGE}?next=%2Fadmin%2F", {"code": app_code()})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_password_again_is_no_second_step(client, now):
    olga = appointed("olga", Role.OFFICER, now=now)
    sign_in(client, olga)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert client.get("/admin/")["Location"] == SETUP_PAGE


def test_a_recovery_code_is_a_second_step(client, now):
    olga = with_authenticator(appointed("olga", Role.OFFICER, now=now))
    recovery = Authenticator.objects.create(
        user=olga, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "ab" * 40, "used_mask": 0}
    )
    first = recovery.wrap().get_unused_codes()[0]
    sign_in(client, olga)
    client.post("/accounts/2fa/authenticate/", {"code": first})
    assert client.get("/admin/").status_code == 200
    client.post("/accounts/logout/")
    sign_in(client, olga)
    assert client.post("/accounts/2fa/authenticate/", {"code": first}).status_code == 422, "each is for once"


def test_a_code_is_for_once(client, client_b, now):
    olga = with_authenticator(appointed("olga", Role.OFFICER, now=now))
    shown = app_code()
    for browser, status in ((client, 302), (client_b, 422)):
        sign_in(browser, olga)
        assert browser.post("/accounts/2fa/authenticate/", {"code": shown}).status_code == status


def test_other_people_need_no_second_step(client):
    sign_in(client, somebody("nora"))
    assert client.get("/dashboard/").status_code == 200


def test_the_workbench_signs_out_and_changes_passwords_at_the_portals_own_pages(client, now):
    sign_in_twice(client, with_authenticator(appointed("olga", Role.OFFICER, now=now)))
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    out = client.post("/admin/logout/")
    assert (out.status_code, out["Location"]) == (307, "/accounts/logout/")
    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_the_workbench_has_a_door_for_each_address(client):
    """No page of the admin answers to a visitor, whatever its name."""
    names = [pattern.name for pattern in admin.site.get_urls() if getattr(pattern, "name", None)]
    assert {"index", "login", "logout", "app_list"} <= set(names)
    for name in ("index", "jsi18n", "autocomplete", "password_change"):
        assert client.get(reverse(f"admin:{name}")).status_code == 302


def test_a_post_names_its_officers_and_a_form_with_errors_says_422(client, now):
    post = OverseasPost.objects.create(name="Nairobi", city="Nairobi", countries=["KE"])
    appointed("olga", Role.OFFICER, now=now, post=post)
    appointed("carl", Role.OFFICER, now=now)
    mia = appointed("mia", Role.MANAGER, now=now)
    sign_in_twice(client, with_authenticator(mia))
    assert "Olga, Commercial officer</div>" in client.get(f"/admin/accounts/overseaspost/{post.pk}/change/").text
    assert client.post("/admin/accounts/overseaspost/add/", {}).status_code == 422
    new = {"name": "Accra", "city": "Accra", "time_zone": "Africa/Accra", "countries": ["GH"]}
    assert client.post("/admin/accounts/overseaspost/add/", new).status_code == 302
