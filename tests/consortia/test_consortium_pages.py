"""Pages of a consortium: members, components, invitations and their answers, leaving and dissolving."""

from datetime import timedelta

import pytest

from consortia import actions
from consortia.models import Consortium, Invitation, Member
from consortia.states import InvitationStatus
from core.models import Mail
from tests.browsers import key, page, said, signed_in
from tests.consortia.conftest import people_around
from tests.factories import consortia as make
from tests.factories import packages
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db

ANCHORS = {"anchor", "anchor_signer", "anchor_editor", "anchor_viewer"}
MEMBERS = {"member", "member_signer", "member_editor", "member_viewer"}
LEAD, ANSWER = {"anchor", "anchor_signer"}, {"member", "member_signer"}


@pytest.fixture
def now(today):
    """The request's clock decides whether an invitation expired."""
    return today


@scene
def consortium(now) -> Consortium:
    return make.complete(now=now)


@pytest.fixture
def anchor():
    return signed_in(person("anchor"))


@pytest.fixture
def member():
    return signed_in(person("member"))


@pytest.fixture
def invited():
    return signed_in(person("invited"))


def own(consortium: Consortium, part: str) -> Member:
    return consortium.members.get(part=part, status="ACCEPTED")


def test_a_page_is_the_members_and_a_404_to_all_others(consortium, now):
    cast = people_around(consortium, now)
    pages = [
        (page("consortium_detail", consortium.slug), ANCHORS | MEMBERS),
        (page("company_invite", consortium.slug), LEAD),
        (page("member_components", consortium.slug, own(consortium, "ANCHOR").pk), LEAD),
        (page("member_components", consortium.slug, own(consortium, "MEMBER").pk), ANSWER),
    ]
    for who in (name for name in cast if name != "job"):
        browser = signed_in(cast[who])
        found = [browser.get(path).status_code for path, _may in pages]
        assert found == [200 if who in may else 403 if who in ANCHORS | MEMBERS else 404 for _path, may in pages], who


def test_the_page_shows_the_stack_and_to_each_what_they_may_do(consortium, anchor, member, now):
    make.invited(consortium, now=now)
    packages.draft(consortium, now=now)
    buttons = ("Invite a company", "New package", "Dissolve the consortium", "Open invitations", ">Remove<")
    for browser, shown in [(anchor, True), (member, False)]:
        text = browser.get(page("consortium_detail", consortium.slug)).text
        for words in ("Meridian Compute Inc", "Beacon Data LLC", "D, E", "Hospital AI stack", "Draft"):
            assert words in text, words
        for words in buttons:
            assert (words in text) is shown, words
        assert (">Leave<" in text) is not shown
        assert text.count("Change components") == 1
    assert "No member supplies this yet" not in text


def test_a_missing_component_is_shown_and_a_dissolved_consortium_offers_no_step(anchor, now):
    alone = make.consortium(now=now)
    path = page("consortium_detail", alone.slug)
    assert anchor.get(path).text.count("No member supplies this yet") == 2
    answer = anchor.post(page("consortium_dissolve", alone.slug), key(), follow=True)
    assert answer.request["PATH_INFO"] == path
    assert "Dissolved" in answer.text
    for words in ("Invite a company", "New package", "Dissolve the consortium"):
        assert words not in answer.text, words
    again = anchor.post(page("consortium_dissolve", alone.slug), key(), follow=True)
    assert said(again) == ["This is not possible while the status is “Dissolved”."]


def test_an_on_demand_consortium_names_its_opportunity(anchor, now):
    formed = actions.form_consortium(
        make.company(now=now), by=person("anchor"), now=now, name="X", kind="ON_DEMAND", opportunity="A grid in Kenya"
    )
    assert "A grid in Kenya" in anchor.get(page("consortium_detail", formed.slug)).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(rows, anchor, now, django_assert_num_queries):
    consortium = make.consortium(now=now)
    for number in range(rows):
        make.joined(consortium, now=now, by=person(f"member{number}"), name=f"Supplier {number} LLC")
        make.invited(consortium, now=now, email=f"guest{number}@example.com")
        packages.draft(consortium, now=now, title=f"Stack {number}")
    path = page("consortium_detail", consortium.slug)
    anchor.get(path)
    with django_assert_num_queries(18):
        text = anchor.get(path).text
    counts = [text.count(words) for words in ("<strong>Supplier", "<li>guest", ">Stack ")]
    assert counts == [rows] * 3


# --- inviting --------------------------------------------------------------------------------------------------------


def test_an_invitation_is_sent_once_and_withdrawn_once(consortium, anchor):
    path, home = page("company_invite", consortium.slug), page("consortium_detail", consortium.slug)
    data = {"email": "invited@example.com", "components": ["A"], "message": "Join us."} | key()
    assert said(anchor.post(path, data, follow=True)) == ["The invitation is on its way to invited@example.com."]
    assert anchor.post(path, data).url == home
    again = anchor.post(path, data | key())
    assert (again.status_code, again.context["form"].non_field_errors()) == (
        422,
        ["This address already has an open invitation. Withdraw it to send a new one."],
    )
    invitation = Invitation.objects.get(status="SENT")
    assert invitation.message == "Join us."
    path = page("company_invitation_withdraw", consortium.slug, invitation.pk)
    data = key()
    assert [anchor.post(path, data).url for _click in range(2)] == [home, home]
    assert anchor.post(path, key()).status_code == 404
    assert Invitation.objects.get(pk=invitation.pk).status == "WITHDRAWN"


def test_a_member_invites_nobody_and_ends_nothing_of_others(consortium, member, now):
    invitation, _token = make.invited(consortium, now=now)
    sent = [
        (page("company_invite", consortium.slug), {"email": "new@example.com"}),
        (page("company_invitation_withdraw", consortium.slug, invitation.pk), {}),
        (page("consortium_dissolve", consortium.slug), {}),
        (page("member_end", consortium.slug, own(consortium, "ANCHOR").pk), {}),
        (page("member_components", consortium.slug, own(consortium, "ANCHOR").pk), {"components": ["A"]}),
    ]
    assert [member.post(path, data).status_code for path, data in sent] == [403] * 5
    assert (Invitation.objects.get(pk=invitation.pk).status, consortium.members.count()) == ("SENT", 2)


def test_rows_of_another_consortium_are_not_there(consortium, anchor, now):
    other = make.consortium(now=now, by=person("rival"))
    invitation, _token = make.invited(other, now=now, by=person("rival"))
    member = other.members.get()
    for path in (
        page("company_invitation_withdraw", consortium.slug, invitation.pk),
        page("member_end", consortium.slug, member.pk),
        page("member_components", consortium.slug, member.pk),
        page("consortium_dissolve", other.slug),
    ):
        assert anchor.post(path).status_code == 404, path
    assert (Invitation.objects.get(pk=invitation.pk).status, Member.objects.get(pk=member.pk).status) == (
        "SENT",
        "ACCEPTED",
    )


# --- answering -------------------------------------------------------------------------------------------------------


def test_a_company_joins_with_the_components_that_it_chose(consortium, invited, now):
    company = make.company("Rover Labs Inc", now=now, by=person("invited"))
    _invitation, token = make.invited(consortium, now=now, components=["A", "D"], message="Join us.")
    path, home = page("consortium_invitation", token), page("consortium_detail", consortium.slug)
    shown = invited.get(path)
    assert shown.context["form"]["components"].value() == ["A", "D"]
    assert "Join us." in shown.text
    assert invited.get(home).status_code == 404
    data = {"company": company.pk, "components": ["D"]} | key()
    assert said(invited.post(path, data, follow=True)) == ["Rover Labs Inc is now a member."]
    assert invited.post(path, data).url == home
    assert Member.objects.get(company=company).components == ["D"]


def test_without_a_company_one_is_registered_first(consortium, invited, now):
    _invitation, token = make.invited(consortium, now=now)
    text = invited.get(page("consortium_invitation", token)).text
    assert "Register your company first, then open the link of the mail again." in text
    assert invited.post(page("consortium_invitation", token), {"components": ["A"]}).status_code == 422


@pytest.mark.parametrize("data", [{}, {"components": []}, {"components": ["Z"]}, {"company": "0", "components": ["A"]}])
def test_an_incomplete_answer_joins_nobody(consortium, invited, now, data):
    company = make.company("Rover Labs Inc", now=now, by=person("invited"))
    _invitation, token = make.invited(consortium, now=now)
    answer = invited.post(page("consortium_invitation", token), {"company": company.pk} | data)
    assert (answer.status_code, company.memberships.count()) == (422, 0)


def test_anothers_company_cannot_be_chosen(consortium, invited, now):
    make.company("Rover Labs Inc", now=now, by=person("invited"))
    _invitation, token = make.invited(consortium, now=now)
    data = {"company": own(consortium, "MEMBER").company_id, "components": ["A"]}
    assert list(invited.post(page("consortium_invitation", token), data).context["form"].errors) == ["company"]


def test_a_refusal_of_the_act_stands_on_the_form(consortium, invited, now):
    company = make.company("Rover Labs Inc", now=now, by=person("invited"))
    make.joined(consortium, now=now, by=person("invited"), name="Rover Two Inc")
    actions.accept_invitation(
        make.invited(consortium, now=now)[0], by=person("invited"), now=now, company=company, components=["A"]
    )
    _invitation, token = make.invited(consortium, now=now)
    answer = invited.post(page("consortium_invitation", token), {"company": company.pk, "components": ["A"]})
    assert answer.context["form"].non_field_errors() == ["This company is already a member of the consortium."]


def test_declining_once_leads_home(consortium, invited, now):
    invitation, token = make.invited(consortium, now=now)
    path, data = page("consortium_invitation", token), {"decline": ""} | key()
    assert [invited.post(path, data).url for _click in range(2)] == [page("dashboard")] * 2
    assert Invitation.objects.get(pk=invitation.pk).status == "DECLINED"
    again = invited.post(path, {"decline": ""} | key(), follow=True)
    assert said(again) == ["This is not possible while the status is “Declined”."]


@pytest.mark.parametrize("state", [state for state in InvitationStatus if state != "SENT"])
def test_a_link_that_was_used_or_withdrawn_opens_nothing_more(consortium, invited, now, state):
    make.invitation_at(state, consortium, now=now)
    mail = Mail.objects.get(text__contains="/consortia/invitations/", to_address="invited@example.com")
    token = mail.text.partition("/consortia/invitations/")[2].partition("/")[0]
    shown = invited.get(page("consortium_invitation", token))
    words = f"This is not possible while the status is “{InvitationStatus(state).label}”."
    assert (words in shown.text, "Accept for the company" in shown.text) == (True, False)
    company = make.company("Second Rover Inc", now=now, by=person("invited"))
    answer = invited.post(page("consortium_invitation", token), {"company": company.pk, "components": ["A"]})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [words])
    assert company.memberships.count() == 0


def test_an_expired_link_says_so(consortium, invited, now):
    _invitation, token = make.invited(consortium, now=now - timedelta(days=30))
    shown = invited.get(page("consortium_invitation", token)).text
    assert "This invitation has expired. Ask the anchor for a new one." in shown


@pytest.mark.parametrize("who", ["stranger", "anchor", "officer", "rival"])
def test_the_link_alone_opens_nothing_for_another_person(consortium, now, who):
    invitation, token = make.invited(consortium, now=now)
    cast = people_around(consortium, now)
    for method in ("get", "post"):
        answer = getattr(signed_in(cast[who]), method)(page("consortium_invitation", token), {"decline": ""})
        assert (answer.status_code, "Meridian Alliance" in answer.text) == (403, False)
    assert Invitation.objects.get(pk=invitation.pk).status == "SENT"


@pytest.mark.parametrize("token", ["x", "0" * 64, "%00", "A" * 2000])
def test_a_token_that_is_none_is_not_found(invited, token):
    assert invited.get(f"/consortia/invitations/{token}/").status_code == 404


# --- components, leaving, removing -----------------------------------------------------------------------------------


def test_a_member_changes_its_components(consortium, member):
    row = own(consortium, "MEMBER")
    path = page("member_components", consortium.slug, row.pk)
    assert member.get(path).context["form"]["components"].value() == ["D", "E"]
    assert member.post(path, {"components": ["A", "B"]}).url == page("consortium_detail", consortium.slug)
    refused = member.post(path, {"components": []})
    assert refused.context["form"].non_field_errors() == [
        "Choose at least one component that your company will supply."
    ]
    assert Member.objects.get(pk=row.pk).components == ["A", "B"]


@pytest.mark.parametrize(("who", "status", "home"), [("member", "LEFT", "company_list"), ("anchor", "REMOVED", "")])
def test_a_member_leaves_or_is_removed_once(consortium, who, status, home):
    row, browser = own(consortium, "MEMBER"), signed_in(person(who))
    path, data = page("member_end", consortium.slug, row.pk), key()
    first = browser.post(path, data)
    assert first.url == (page(home) if home else page("consortium_detail", consortium.slug))
    assert Member.objects.get(pk=row.pk).status == status
    assert browser.post(path, data).url == first.url
    assert browser.post(path, key()).status_code == 404


def test_the_anchor_is_told_that_it_cannot_leave(consortium, anchor):
    path = page("member_end", consortium.slug, own(consortium, "ANCHOR").pk)
    assert said(anchor.post(path, follow=True)) == ["The anchor member cannot leave its consortium."]
