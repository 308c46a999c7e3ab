"""The manager's pages: roles given and ended, people kept out and let in, offices and posts."""

import pytest
from django.urls import reverse

from accounts import actions
from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.states import Role
from core.models import LedgerEntry
from tests.accounts.conftest import appointed, grant_of, office_for, somebody
from tests.browsers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(now):
    return appointed("boss", Role.MANAGER, now=now)


@pytest.fixture
def bench(boss):
    return signed_in(boss)


@pytest.fixture
def nora():
    return somebody("nora")


def door(act, *numbers):
    return reverse(f"admin:accounts_user_{act}", args=numbers)


def test_a_role_is_given_and_ended(bench, nora):
    office = office_for(Role.OFFICER)
    answer = bench.post(door("grant", nora.pk), {"role": Role.OFFICER, "office": office.pk, "post": ""}, follow=True)
    assert "The role is given." in answer.text
    grant = grant_of(nora)
    assert "End this role" in bench.get(door("change", nora.pk)).text
    assert office.name in bench.get(door("revoke", nora.pk, grant.pk)).text
    assert "The role has ended." in bench.post(door("revoke", nora.pk, grant.pk), follow=True).text
    assert RoleGrant.objects.get(user=nora).revoked_at is not None


def test_a_role_at_the_wrong_office_is_refused_on_the_form(bench, nora):
    wrong = FederalOffice.objects.exclude(pk__in=FederalOffice.objects.filter(agency=office_for(Role.MANAGER).agency))
    answer = bench.post(door("grant", nora.pk), {"role": Role.MANAGER, "office": wrong.first().pk, "post": ""})
    assert answer.status_code == 422
    assert RoleGrant.objects.filter(user=nora).count() == 0


def test_a_role_that_has_ended_does_not_end_twice(bench, nora, now):
    grant = grant_of(appointed("nora", Role.OFFICER, now=now))
    bench.post(door("revoke", nora.pk, grant.pk))
    assert bench.post(door("revoke", nora.pk, grant.pk)).status_code == 422
    assert LedgerEntry.objects.filter(action="revoke_role").count() == 1


def test_a_person_is_kept_out_and_let_in_again(bench, nora):
    assert "Keep out" in bench.get(door("suspend", nora.pk)).text
    assert "can no longer sign in" in bench.post(door("suspend", nora.pk), follow=True).text
    assert User.objects.get(pk=nora.pk).is_active is False
    assert "Let in" in bench.get(door("restore", nora.pk)).text
    assert "They can sign in again" in bench.post(door("restore", nora.pk), follow=True).text
    assert User.objects.get(pk=nora.pk).is_active is True


@pytest.mark.parametrize("act", ["suspend", "restore"])
def test_what_is_so_already_is_refused_on_the_page(bench, nora, act):
    bench.post(door("suspend", nora.pk))
    if act == "restore":
        bench.post(door("restore", nora.pk))
    assert bench.post(door(act, nora.pk)).status_code == 422


@pytest.mark.parametrize("act", ["grant", "suspend"])
def test_nobody_changes_their_own_access(bench, boss, act):
    data = {"role": Role.OFFICER, "office": office_for(Role.OFFICER).pk, "post": ""}
    assert bench.post(door(act, boss.pk), data).status_code == 403
    assert "Give a role" not in bench.get(door("change", boss.pk)).text


def test_somebody_who_never_held_a_role_is_shown_so(bench, nora):
    assert "holds no federal role, and never held one" in bench.get(door("change", nora.pk)).text


@pytest.mark.parametrize("number", ["x", "9" * 40])
def test_a_number_that_is_nobodys_is_no_page(bench, number):
    answer = bench.get(f"/admin/accounts/user/{number}/change/")
    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_roles_stand_in_the_list_of_people(bench, now):
    appointed("nora", Role.OFFICER, now=now)
    assert "Nora" in bench.get(door("changelist")).text
    assert str(Role.OFFICER.label) in bench.get(door("changelist")).text


def test_offices_and_posts_are_kept_by_the_rooms_acts(bench):
    bench.post(reverse("admin:accounts_federaloffice_add"), {"name": "Office of Trials", "agency": "ITA"})
    office = FederalOffice.objects.get(name="Office of Trials")
    data = {"name": "Nairobi", "city": "Nairobi", "time_zone": "UTC", "countries": ["KE", "UG"]} | inline_forms(
        "role_grants"
    )
    bench.post(reverse("admin:accounts_overseaspost_add"), data)
    post = OverseasPost.objects.get(name="Nairobi")
    assert "KE UG" in bench.get(reverse("admin:accounts_overseaspost_changelist")).text
    recorded = set(LedgerEntry.objects.filter(action__startswith="save_").values_list("subject_id", flat=True))
    assert recorded == {str(office.pk), str(post.pk)}


def inline_forms(prefix):
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def test_the_officers_of_a_post_stand_on_its_page(bench, now):
    post = actions.save_post(
        OverseasPost(name="Nairobi", city="Nairobi", countries=["KE"]), by=User.objects.get(name="Boss"), now=now
    )
    appointed("nora", Role.OFFICER, now=now, post=post)
    page = bench.get(reverse("admin:accounts_overseaspost_change", args=[post.pk])).text
    assert "nora@example.com" in page or "Nora" in page
