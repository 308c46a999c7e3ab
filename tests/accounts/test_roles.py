"""Federal roles: who gives and ends them, where they are held, and what that does to the person's sessions."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts import actions, rules, selectors
from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.rules import COMMAND_LINE, DEMONSTRATION
from accounts.states import ROLE_AGENCIES, ROLES_AT_POSTS, Agency, Role
from core import ledger
from core.actors import System
from core.errors import UnableTo
from core.models import Notification
from tests.accounts.conftest import appointed, grant_of, is_signed_in, mails_to, office_for, sign_in, somebody
from tests.core.threads import at_once

pytestmark = pytest.mark.django_db


def post(name: str = "Nairobi", countries: tuple[str, ...] = ("KE",)) -> OverseasPost:
    return OverseasPost.objects.create(name=name, city=name, countries=list(countries))


def anew(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


# --- may this person? --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, *Role])
def test_only_a_manager_gives_and_ends_roles(now, role):
    by = anew(appointed("by", role, now=now)) if role else somebody("by")
    target, office = somebody("target"), office_for(Role.OFFICER)
    if role == Role.MANAGER:
        grant = actions.grant_role(target, by=by, now=now, role=Role.OFFICER, office=office)
        assert actions.revoke_role(grant, by=by, now=now).revoked_by == by
        return
    with pytest.raises(PermissionDenied):
        actions.grant_role(target, by=by, now=now, role=Role.OFFICER, office=office)
    grant = grant_of(appointed("target", Role.OFFICER, now=now))
    with pytest.raises(PermissionDenied):
        actions.revoke_role(grant, by=by, now=now)
    for act in (actions.suspend_person, actions.restore_person):
        with pytest.raises(PermissionDenied):
            act(target, by=by, now=now)
    assert RoleGrant.objects.filter(user=target, revoked_at=None).count() == 1


def test_a_manager_gives_ends_and_keeps_nothing_of_their_own(now):
    manager = anew(appointed("mary", Role.MANAGER, now=now))
    appointed("max", Role.MANAGER, now=now)
    with pytest.raises(PermissionDenied):
        actions.grant_role(manager, by=manager, now=now, role=Role.OFFICER, office=office_for(Role.OFFICER))
    with pytest.raises(PermissionDenied):
        actions.revoke_role(grant_of(manager), by=manager, now=now)
    with pytest.raises(PermissionDenied):
        actions.suspend_person(manager, by=manager, now=now)


@pytest.mark.parametrize("by", [System("screening"), System("Command line"), System("")])
def test_a_job_gives_no_roles(now, by):
    with pytest.raises(PermissionDenied):
        actions.grant_role(somebody(), by=by, now=now, role=Role.OFFICER, office=office_for(Role.OFFICER))
    with pytest.raises(PermissionDenied):
        actions.enroll_person("new@example.com", by=by, now=now, name="New")


def test_nobody_enrolls_people_from_inside_the_portal(now):
    manager = anew(appointed("mary", Role.MANAGER, now=now))
    with pytest.raises(PermissionDenied):
        actions.enroll_person("new@example.com", by=manager, now=now, name="New")
    with pytest.raises(PermissionDenied):
        actions.appoint(
            "new@example.com", by=manager, now=now, name="New", role=Role.MANAGER, office=office_for(Role.MANAGER)
        )


def test_a_suspended_manager_may_nothing(now):
    manager = anew(appointed("mary", Role.MANAGER, now=now))
    manager.is_active = False
    assert not selectors.has_role(manager, Role.MANAGER)
    assert not rules.can_grant_role(manager, somebody())


# --- where a role is held -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agency", Agency)
@pytest.mark.parametrize("role", Role)
def test_a_role_is_held_at_its_agencies_only(now, role, agency):
    person, office = somebody(), FederalOffice.objects.filter(agency=agency).order_by("pk").first()
    if agency in ROLE_AGENCIES[role]:
        assert actions.grant_role(person, by=COMMAND_LINE, now=now, role=role, office=office).place == office.name
    else:
        with pytest.raises(UnableTo, match="not held at"):
            actions.grant_role(person, by=COMMAND_LINE, now=now, role=role, office=office)


@pytest.mark.parametrize("role", Role)
def test_only_officers_and_support_are_abroad(now, role):
    person, nairobi = somebody(), post()
    if role in ROLES_AT_POSTS:
        grant = actions.grant_role(person, by=COMMAND_LINE, now=now, role=role, office=office_for(role), post=nairobi)
        assert grant.place == "Nairobi"
    else:
        with pytest.raises(UnableTo, match="not held at a post"):
            actions.grant_role(person, by=COMMAND_LINE, now=now, role=role, office=office_for(role), post=nairobi)


def test_every_agency_has_an_office_from_the_start():
    assert set(FederalOffice.objects.values_list("agency", flat=True)) == set(Agency.values)
    assert set(ROLE_AGENCIES) == set(Role)


def test_the_consulted_agencies_are_the_four_of_the_order():
    assert set(selectors.offices_for_role(Role.EVALUATOR).values_list("agency", flat=True)) == {
        Agency.STATE, Agency.WAR, Agency.ENERGY, Agency.OSTP,
    }  # fmt: skip


# --- what it does ------------------------------------------------------------------------------------------------------


def test_giving_a_role_is_recorded_told_and_ends_the_sessions(now):
    manager, person = anew(appointed("mary", Role.MANAGER, now=now)), somebody("olga")
    browser = Client()
    sign_in(browser, person)
    assert is_signed_in(browser)

    grant = actions.grant_role(person, by=manager, now=now, role=Role.OFFICER, office=office_for(Role.OFFICER))

    assert not is_signed_in(browser)
    assert selectors.has_role(anew(person), Role.OFFICER)
    (entry,) = ledger.entries_for(grant)
    assert (entry.action, entry.actor, entry.recorded_at) == ("grant_role", manager.ledger_name, now)
    assert json.loads(entry.detail) == {
        "user": person.pk, "role": "OFFICER", "office": grant.office_id, "post": None,
    }  # fmt: skip
    assert Notification.objects.get(recipient=person).subject == "You have a new role in the AI Exports portal"
    (mail,) = mails_to(person.email)
    assert "Commercial officer" in mail.text


def test_ending_a_role_is_recorded_told_and_ends_the_sessions(now):
    manager, person = anew(appointed("mary", Role.MANAGER, now=now)), appointed("olga", Role.OFFICER, now=now)
    browser = Client()
    browser.force_login(anew(person))
    later = now + timedelta(hours=1)

    grant = actions.revoke_role(grant_of(person), by=manager, now=later)

    assert not is_signed_in(browser)
    assert not selectors.has_role(anew(person), *Role)
    assert (grant.revoked_at, grant.revoked_by) == (later, manager)
    assert [entry.action for entry in ledger.entries_for(grant)] == ["grant_role", "revoke_role"]
    assert len(mails_to(person.email)) == 2


def test_a_role_is_given_once_and_again_after_it_ended(now):
    manager, person = anew(appointed("mary", Role.MANAGER, now=now)), somebody("olga")
    place = {"role": Role.OFFICER, "office": office_for(Role.OFFICER)}
    grant = actions.grant_role(person, by=manager, now=now, **place)
    with pytest.raises(UnableTo, match="already holds this role"):
        actions.grant_role(person, by=manager, now=now, **place)
    actions.revoke_role(grant, by=manager, now=now)
    with pytest.raises(UnableTo, match="already ended"):
        actions.revoke_role(grant, by=manager, now=now)
    assert actions.grant_role(person, by=manager, now=now, **place).pk != grant.pk


def test_suspending_keeps_out_and_restoring_lets_in(now):
    manager, person = anew(appointed("mary", Role.MANAGER, now=now)), somebody("nora")
    browser = Client()
    sign_in(browser, person)
    actions.suspend_person(person, by=manager, now=now)
    assert not is_signed_in(browser)
    assert sign_in(browser, person).status_code == 302
    assert not is_signed_in(browser)
    with pytest.raises(UnableTo, match="already may not sign in"):
        actions.suspend_person(person, by=manager, now=now)
    with pytest.raises(UnableTo, match="may not sign in"):
        actions.grant_role(person, by=manager, now=now, role=Role.OFFICER, office=office_for(Role.OFFICER))

    actions.restore_person(person, by=manager, now=now)
    sign_in(browser, person)
    assert is_signed_in(browser)
    with pytest.raises(UnableTo, match="may already sign in"):
        actions.restore_person(person, by=manager, now=now)
    assert [entry.action for entry in ledger.entries_for(person)] == ["suspend_person", "restore_person"]


# --- the last manager ----------------------------------------------------------------------------------------------------


def test_the_last_manager_stays_even_where_a_stale_manager_asks(now):
    """`by` was read before a colleague ended their role: the rule passes, the count under the lock does not."""
    stale, other = anew(appointed("mary", Role.MANAGER, now=now)), anew(appointed("max", Role.MANAGER, now=now))
    assert stale.current_roles == {Role.MANAGER}
    actions.revoke_role(grant_of(stale), by=other, now=now)
    with pytest.raises(UnableTo, match="last program manager"):
        actions.revoke_role(grant_of(other), by=stale, now=now)
    with pytest.raises(UnableTo, match="last program manager"):
        actions.suspend_person(other, by=stale, now=now)
    assert selectors.has_role(anew(other), Role.MANAGER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["revoke", "suspend"])
def test_two_managers_cannot_remove_each_other_at_once(now, act):
    mary, max_ = anew(appointed("mary", Role.MANAGER, now=now)), anew(appointed("max", Role.MANAGER, now=now))
    assert {mary.current_roles, max_.current_roles} == {frozenset({Role.MANAGER})}

    pairs = [(mary, max_), (max_, mary)]

    def remove() -> str:
        by, other = pairs.pop()
        try:
            if act == "revoke":
                actions.revoke_role(grant_of(other), by=by, now=now)
            else:
                actions.suspend_person(anew(other), by=by, now=now)
        except UnableTo as refusal:
            return refusal.message
        return "done"

    refused, done = sorted(at_once(2, remove), key=lambda result: result == "done")
    assert (refused[:32], done) == ("This is the last program manager", "done")
    assert selectors.people_with_role(Role.MANAGER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would(now):
    """The positive control: two that look first and act then, without a lock, leave no manager."""
    pairs = [grant_of(appointed("mary", Role.MANAGER, now=now)), grant_of(appointed("max", Role.MANAGER, now=now))]
    both_looked = threading.Barrier(2)

    def look_then_act() -> None:
        grant = pairs.pop()
        assert selectors.people_with_role(Role.MANAGER).exclude(pk=grant.user_id).exists()
        both_looked.wait()
        RoleGrant.objects.filter(pk=grant.pk).update(revoked_at=now)

    assert at_once(2, look_then_act) == [None, None]
    assert selectors.people_with_role(Role.MANAGER).count() == 0


# --- the database's own walls ---------------------------------------------------------------------------------------------


def test_a_grant_is_never_deleted_nor_rewritten(now):
    grant = grant_of(appointed("olga", Role.OFFICER, now=now))
    for change in ({"role": Role.MANAGER}, {"granted_at": now - timedelta(days=9)}, {"user": somebody("eve")}):
        with pytest.raises(IntegrityError, match="given by a new row"), transaction.atomic():
            RoleGrant.objects.filter(pk=grant.pk).update(**change)
    with pytest.raises(IntegrityError, match="not deleted"), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_rolegrant")


def test_an_ended_grant_does_not_come_back(now):
    manager, person = anew(appointed("mary", Role.MANAGER, now=now)), appointed("olga", Role.OFFICER, now=now)
    grant = actions.revoke_role(grant_of(person), by=manager, now=now)
    with pytest.raises(IntegrityError, match="given by a new row"), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(revoked_at=None)


def test_the_same_grant_twice_is_refused_by_the_database(now):
    grant = grant_of(appointed("olga", Role.OFFICER, now=now))
    twin = RoleGrant(user=grant.user, role=grant.role, office=grant.office, post=None, granted_at=now)
    with pytest.raises(IntegrityError, match="holds a role at a place once"), transaction.atomic():
        twin.save()


@pytest.mark.parametrize("email", ["Nora@example.com", "NORA@EXAMPLE.COM"])
def test_an_address_is_stored_in_lower_case_only(email):
    with pytest.raises(IntegrityError, match="lower_case"), transaction.atomic():
        User.objects.create(email=email, name="Nora")
    assert User.objects.create_user(email, name="Nora").email == "nora@example.com"
    assert User.objects.get_by_natural_key(email).name == "Nora"


# --- who looks after which country -----------------------------------------------------------------------------------------


def test_officers_of_a_country_are_those_at_its_posts(now):
    nairobi, bogota = post(), post("Bogotá", ("CO", "PE"))
    at_nairobi = appointed("nina", Role.OFFICER, now=now, post=nairobi)
    appointed("bea", Role.OFFICER, now=now, post=bogota)
    appointed("sue", Role.SUPPORT, now=now)
    washington = appointed("walt", Role.OFFICER, now=now)
    assert list(selectors.officers_for_country("KE")) == [at_nairobi]
    assert list(selectors.officers_for_country("IS")) == [washington]
    assert selectors.post_for_country("PE") == bogota
    assert selectors.post_for_country("IS") is None


def test_washington_takes_a_country_whose_officer_left(now):
    nairobi = post()
    at_nairobi, washington = (
        appointed("nina", Role.OFFICER, now=now, post=nairobi),
        appointed("walt", Role.OFFICER, now=now),
    )
    manager = anew(appointed("mary", Role.MANAGER, now=now))
    actions.revoke_role(grant_of(at_nairobi), by=manager, now=now)
    assert list(selectors.officers_for_country("KE")) == [washington]


def test_an_officer_of_two_posts_is_listed_once(now):
    nairobi, kampala = post(), post("Kampala", ("UG", "KE"))
    officer = appointed("nina", Role.OFFICER, now=now, post=nairobi)
    appointed("nina", Role.OFFICER, now=now, post=kampala)
    assert list(selectors.officers_for_country("KE")) == [officer]
    assert list(selectors.people_with_role(Role.OFFICER)) == [officer]


def test_a_manager_keeps_posts_and_offices(now):
    manager = anew(appointed("mary", Role.MANAGER, now=now))
    nairobi = OverseasPost(name="Nairobi", city="Nairobi", countries=["UG", "KE", "KE"])
    actions.save_post(nairobi, by=manager, now=now)
    assert OverseasPost.objects.get().countries == ["KE", "UG"]
    actions.save_office(FederalOffice(agency=Agency.ITA, name="Global Markets"), by=manager, now=now)
    assert FederalOffice.objects.filter(name="Global Markets").exists()
    officer = anew(appointed("olga", Role.OFFICER, now=now))
    for act, thing in ((actions.save_post, nairobi), (actions.save_office, office_for(Role.OFFICER))):
        with pytest.raises(PermissionDenied):
            act(thing, by=officer, now=now)


def test_a_post_without_a_country_is_refused():
    with pytest.raises(IntegrityError, match="a post covers a country"), transaction.atomic():
        post(countries=())


# --- reading roles costs little --------------------------------------------------------------------------------------------


def test_roles_come_with_the_person_and_anew_when_asked(now, django_assert_num_queries):
    olga = appointed("olga", Role.OFFICER, now=now)
    with django_assert_num_queries(1):
        person = User.objects.with_roles().get(pk=olga.pk)
        assert (person.current_roles, person.is_staff) == (frozenset({"OFFICER"}), True)
    actions.revoke_role(grant_of(olga), by=anew(appointed("mary", Role.MANAGER, now=now)), now=now)
    assert person.current_roles == {"OFFICER"}
    person.refresh_from_db()
    assert person.current_roles == frozenset()


def test_people_are_seen_by_managers_only(now):
    manager, officer = anew(appointed("mary", Role.MANAGER, now=now)), anew(appointed("olga", Role.OFFICER, now=now))
    assert selectors.people_for(manager).count() == 2
    for nobody in (officer, somebody(), System("screening"), None):
        assert selectors.people_for(nobody).count() == 0


def test_the_demonstration_is_an_operator():
    assert rules.is_operator(DEMONSTRATION)
    assert not rules.is_operator(None)
