"""Pages of an organization's people: inviting, answering, roles, leaving."""

from datetime import timedelta

import pytest

from core.models import Mail
from organizations.models import Invitation, Membership, Organization
from organizations.selectors import has_part
from organizations.states import InvitationStatus
from tests.browsers import HOSTILE, key, page, said, signed_in
from tests.factories import organizations as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(today):
    """The request's clock decides whether an invitation expired."""
    return today


@pytest.fixture
def founder():
    return signed_in(person("founder"))


@pytest.fixture
def invited():
    return signed_in(person("invited"))


def status_of(invitation: Invitation) -> str:
    return Invitation.objects.get(pk=invitation.pk).status


# --- the page of people ----------------------------------------------------------------------------------------------


def test_administrators_see_how_to_change_people_and_others_only_who_they_are(organization, cast, now):
    make.invited(organization, now=now)
    for who, shown in [("founder", True), ("editor", False)]:
        text = signed_in(person(who)).get(page("organization_people", organization.pk)).text
        assert "viewer@example.com" in text
        for words in ("invited@example.com (Editor)", "Invite a colleague", "End membership", "Withdraw"):
            assert (words in text) is shown, words
        assert "former@example.com" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(rows, organization, founder, now, django_assert_num_queries):
    for number in range(rows):
        make.member(organization, f"member{number}", "EDITOR", now=now)
        make.invited(organization, now=now, email=f"guest{number}@example.com")
    path = page("organization_people", organization.pk)
    founder.get(path)
    with django_assert_num_queries(6):
        text = founder.get(path).text
    assert (text.count("<br>member"), text.count("<li>guest")) == (rows, rows)


def test_an_invitation_is_sent_once_however_often_the_button_is_pressed(organization, founder):
    path, data = page("organization_people", organization.pk), {"email": "invited@example.com", "role": "EDITOR"}
    data |= key()
    assert said(founder.post(path, data, follow=True)) == ["The invitation is on its way to invited@example.com."]
    assert founder.post(path, data).url == path
    again = founder.post(path, data | key())
    assert (again.status_code, again.context["form"].non_field_errors()) == (
        422,
        ["This person already has an open invitation. Withdraw it to send a new one."],
    )
    assert Invitation.objects.count() == Mail.objects.count() == 1


@pytest.mark.parametrize("who", ["signer", "editor", "viewer"])
def test_who_is_no_administrator_changes_nobody(organization, cast, now, who):
    browser, row = signed_in(person(who)), organization.memberships.get(user=person("viewer"))
    invitation, _token = make.invited(organization, now=now)
    sent = [
        (page("organization_people", organization.pk), {"email": "new@example.com", "role": "EDITOR"}),
        (page("membership_change", organization.pk, row.pk), {"role": "ADMINISTRATOR"}),
        (page("membership_change", organization.pk, row.pk), {"end": ""}),
        (page("colleague_invitation_withdraw", organization.pk, invitation.pk), {}),
    ]
    assert [browser.post(path, data).status_code for path, data in sent] == [403] * 4
    assert (Membership.objects.get(pk=row.pk).role, status_of(invitation)) == ("VIEWER", "SENT")


@pytest.mark.parametrize("who", ["rival", "stranger", "former", "officer"])
def test_to_others_the_organization_is_not_there(organization, cast, now, who):
    browser, row = signed_in(person(who)), organization.memberships.get(user=person("viewer"))
    invitation, _token = make.invited(organization, now=now)
    paths = [
        page("organization_people", organization.pk),
        page("membership_change", organization.pk, row.pk),
        page("colleague_invitation_withdraw", organization.pk, invitation.pk),
    ]
    assert [browser.post(path, {"role": "VIEWER"}).status_code for path in paths] == [404] * 3


def test_rows_of_another_organization_are_not_there(organization, cast, founder, now):
    rivals = Organization.objects.get(legal_name="Rival Systems Inc")
    invitation, _token = make.invited(rivals, now=now, by=person("rival"))
    row = rivals.memberships.get()
    for path in (
        page("membership_change", organization.pk, row.pk),
        page("colleague_invitation_withdraw", organization.pk, invitation.pk),
    ):
        assert founder.post(path, {"role": "VIEWER"}).status_code == 404
    row.refresh_from_db()
    assert (row.role, status_of(invitation)) == ("ADMINISTRATOR", "SENT")


def test_an_invitation_is_withdrawn_once_however_often_the_button_is_pressed(organization, founder, now):
    invitation, _token = make.invited(organization, now=now)
    path, data = page("colleague_invitation_withdraw", organization.pk, invitation.pk), key()
    assert path in founder.get(page("organization_people", organization.pk)).text
    people = page("organization_people", organization.pk)
    assert [founder.post(path, data).url for _click in range(2)] == [people, people]
    assert status_of(invitation) == "WITHDRAWN"
    assert founder.post(path, key()).status_code == 404


# --- roles -----------------------------------------------------------------------------------------------------------


def test_a_role_is_changed_and_a_membership_ended(organization, cast, founder):
    people = page("organization_people", organization.pk)
    row = organization.memberships.get(user=person("viewer"))
    path = page("membership_change", organization.pk, row.pk)
    assert founder.post(path, {"role": "SIGNER"}).url == people
    assert Membership.objects.get(pk=row.pk).role == "SIGNER"
    data = {"end": ""} | key()
    assert [founder.post(path, data).url for _click in range(2)] == [people, people]
    assert Membership.objects.get(pk=row.pk).ended_at is not None
    assert founder.post(path, {"end": ""}).status_code == 404


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_role_that_is_none_changes_nothing(organization, cast, founder, value):
    row = organization.memberships.get(user=person("viewer"))
    assert founder.post(page("membership_change", organization.pk, row.pk), {"role": value}).status_code == 302
    assert Membership.objects.get(pk=row.pk).role == "VIEWER"
    data = {"email": value, "role": value}
    assert founder.post(page("organization_people", organization.pk), data).status_code == 422


@pytest.mark.parametrize("data", [{"end": ""}, {"role": "VIEWER"}])
def test_the_last_administrator_is_told_and_stays(organization, cast, founder, data):
    row = organization.memberships.get(user=person("founder"))
    answer = founder.post(page("membership_change", organization.pk, row.pk), data, follow=True)
    assert answer.request["PATH_INFO"] == page("organization_people", organization.pk)
    assert said(answer) == ["This is the last administrator. Make another person administrator first."]
    assert Membership.objects.get(pk=row.pk).role == "ADMINISTRATOR"


def test_whoever_leaves_is_led_home(organization, cast, founder, now):
    make.member(organization, "second", "ADMINISTRATOR", now=now)
    row = organization.memberships.get(user=person("founder"))
    assert founder.post(page("membership_change", organization.pk, row.pk), {"end": ""}).url == page("dashboard")
    assert founder.get(page("organization_people", organization.pk)).status_code == 404


# --- answering an invitation -----------------------------------------------------------------------------------------


def test_the_link_asks_and_joining_leads_to_the_organization(organization, invited, now):
    _invitation, token = make.invited(organization, now=now)
    path = page("organization_invitation", token)
    text = invited.get(path).text
    assert "Join Meridian Compute Inc?" in text
    assert "Founder invited you as “Editor”." in text
    data = key()
    home = page("organization_detail", organization.pk)
    assert [invited.post(path, data).url for _click in range(2)] == [home, home]
    assert has_part(person("invited"), organization, "EDITOR")
    assert invited.get(home).status_code == 200


def test_declining_leads_home_and_is_final(organization, invited, now):
    invitation, token = make.invited(organization, now=now)
    path = page("organization_invitation", token)
    assert invited.post(path, {"decline": ""}).url == page("dashboard")
    answer = invited.post(path)
    assert (answer.status_code, said(answer)) == (200, ["This is not possible while the status is “Declined”."])
    assert (status_of(invitation), has_part(person("invited"), organization)) == ("DECLINED", False)


@pytest.mark.parametrize("state", [state for state in InvitationStatus if state != "SENT"])
def test_a_link_that_was_used_or_withdrawn_opens_nothing_more(organization, invited, now, state):
    invitation = make.invitation_at(state, organization, now=now)
    token = Mail.objects.get().text.partition("/organizations/invitations/")[2].partition("/")[0]
    shown = invited.get(page("organization_invitation", token))
    words = f"This is not possible while the status is “{InvitationStatus(state).label}”."
    assert (words in shown.text, "Join</button>" in shown.text) == (True, False)
    assert said(invited.post(page("organization_invitation", token))) == [words]
    assert status_of(invitation) == state


def test_an_expired_link_says_so(organization, invited, now):
    _invitation, token = make.invited(organization, now=now - timedelta(days=14))
    shown = invited.get(page("organization_invitation", token))
    words = "This invitation has expired. Ask for a new one."
    assert (words in shown.text, "Join</button>" in shown.text) == (True, False)
    assert said(invited.post(page("organization_invitation", token))) == [words]
    assert not has_part(person("invited"), organization)


@pytest.mark.parametrize("who", ["stranger", "founder", "officer"])
def test_the_link_alone_opens_nothing_for_another_person(organization, cast, now, who):
    invitation, token = make.invited(organization, now=now)
    for method in ("get", "post"):
        answer = getattr(signed_in(person(who)), method)(page("organization_invitation", token))
        assert answer.status_code == 403
        assert f"You are signed in as {who}@example.com." in answer.text
        assert "Meridian" not in answer.text
    assert status_of(invitation) == "SENT"


def test_a_visitor_signs_in_first(client, organization, now):
    _invitation, token = make.invited(organization, now=now)
    answer = client.get(page("organization_invitation", token))
    assert answer.url == f"/accounts/login/?next=/organizations/invitations/{token}/"


@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", "A" * 2000])
def test_a_token_that_is_none_is_not_found(invited, token):
    assert invited.get(f"/organizations/invitations/{token}/").status_code == 404
