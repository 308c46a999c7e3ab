"""How a company comes into a consortium, what it supplies there, and how it goes."""

from datetime import timedelta

import pytest

from consortia import actions
from consortia.models import Invitation, Member
from consortia.selectors import invitation_by_token, invitations_to, members_of, open_invitations
from core.errors import UnableTo
from core.models import LedgerEntry, Mail, Notification
from core.tokens import hash_token
from organizations.selectors import has_part
from tests.consortia.conftest import CAST, people_around
from tests.database import check_deferred_guards
from tests.factories import consortia as make
from tests.factories import organizations
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, outcome

pytestmark = pytest.mark.django_db


def accept(invitation: Invitation, *, now, company=None, components=("D",), by=None) -> Member:
    by = by or person("invited")
    company = company or make.company_of(by) or make.company("Rover Labs Inc", now=now, by=by)
    return actions.accept_invitation(invitation, by=by, now=now, company=company, components=components)


def told() -> set[tuple[str, str, str]]:
    rows = Notification.objects.values_list("recipient__email", "kind", "subject")
    return {(email.partition("@")[0], kind.partition(".")[2], subject) for email, kind, subject in rows}


# --- inviting --------------------------------------------------------------------------------------------------------


def test_only_the_mail_holds_the_token(consortium, now):
    invitation, token = make.invited(consortium, now=now, components=["D"], message="Join us.\n\nPlease.")
    mail = Mail.objects.get()
    assert (mail.to_address, mail.subject) == (
        "invited@example.com",
        "Invitation to the consortium “Meridian Alliance”",
    )
    for words in (
        f"/consortia/invitations/{token}/",
        "Anchor invites your company to join",
        "Join us.",
        "works for 30 days",
    ):
        assert words in mail.text, words
    assert (invitation.components, invitation.expires_at) == (["D"], now + timedelta(days=30))
    assert invitation.token_hash == hash_token(token)
    assert str(invitation) == "invited@example.com to Meridian Alliance"
    assert token not in "".join(LedgerEntry.objects.values_list("detail", flat=True))
    assert invitation_by_token(token) == invitation


def test_without_a_message_the_mail_is_shorter(consortium, now):
    make.invited(consortium, now=now)
    assert "“Meridian Alliance”.\n\nSign in or sign up" in Mail.objects.get().text


def test_one_open_invitation_an_address_until_it_expires_or_is_withdrawn(consortium, now):
    first, _token = make.invited(consortium, now=now)
    with pytest.raises(UnableTo, match="already has an open invitation"):
        make.invited(consortium, now=first.expires_at - timedelta(microseconds=1), email="INVITED@example.com")
    second, _token = make.invited(consortium, now=first.expires_at)
    actions.withdraw_invitation(second, by=person("anchor"), now=now)
    third, _token = make.invited(consortium, now=first.expires_at)
    assert list(open_invitations(consortium)) == [third, first]
    assert list(invitations_to(person("invited"), first.expires_at)) == [third]


def test_a_dissolved_consortium_invites_nobody_and_its_invitations_are_withdrawn(consortium, now):
    invitation, _token = make.invited(consortium, now=now)
    actions.dissolve_consortium(consortium, by=person("anchor"), now=now)
    assert Invitation.objects.get().status == "WITHDRAWN"
    with pytest.raises(UnableTo, match="This consortium is dissolved"):
        make.invited(consortium, now=now, email="other@example.com")
    with pytest.raises(UnableTo, match="This consortium is dissolved"):
        accept(invitation, now=now)
    check_deferred_guards()


# --- accepting -------------------------------------------------------------------------------------------------------


def test_a_company_joins_with_the_components_that_it_chose_itself(consortium, now):
    invitation, _token = make.invited(consortium, now=now, components=["A", "B"])
    member = accept(invitation, now=now, components=["D", "E"])
    assert (member.part, member.components, member.accepted_by) == ("MEMBER", ["D", "E"], person("invited"))
    assert (invitation.status, list(members_of(consortium))[1]) == ("ACCEPTED", member)
    assert told() == {("anchor", "invitation_answered", "Rover Labs Inc joined “Meridian Alliance”")}
    check_deferred_guards()


def test_declining_is_told_to_the_anchor(consortium, now):
    invitation, _token = make.invited(consortium, now=now)
    actions.decline_invitation(invitation, by=person("invited"), now=now)
    assert told() == {("anchor", "invitation_answered", "invited@example.com declined to join “Meridian Alliance”")}
    assert members_of(consortium).count() == 1


@pytest.mark.parametrize(("role", "expected"), [("ADMINISTRATOR", DONE), ("SIGNER", DONE), ("EDITOR", "refused")])
def test_who_accepts_signs_for_the_company(consortium, now, role, expected):
    """Being invited is not enough, nor is the link."""
    company = make.company("Beacon Data LLC", now=now, by=person("member"))
    organizations.member(company.organization, "invited", role, now=now)
    invitation, _token = make.invited(consortium, now=now)
    assert outcome(lambda: accept(Invitation.objects.get(), now=now, company=company)) == expected
    assert invitation.status == "SENT"


def test_not_for_anothers_company(consortium, now):
    make.invited(consortium, now=now)
    rivals = make.company("Rival Systems Inc", now=now, by=person("rival"))
    with pytest.raises(UnableTo, match="Only an administrator or signer"):
        accept(Invitation.objects.get(), now=now, company=rivals)
    assert not has_part(person("invited"), rivals.organization)


def test_without_a_component_nobody_joins(consortium, now):
    invitation, _token = make.invited(consortium, now=now)
    with pytest.raises(UnableTo, match="Choose at least one component"):
        accept(invitation, now=now, components=[])


def test_the_link_works_until_its_last_moment(consortium, now):
    invitation, _token = make.invited(consortium, now=now)
    with pytest.raises(UnableTo, match="has expired"):
        accept(invitation, now=invitation.expires_at)
    assert outcome(lambda: accept(invitation, now=invitation.expires_at - timedelta(microseconds=1))) == DONE


def test_a_link_is_used_once(consortium, now):
    invitation, _token = make.invited(consortium, now=now)
    accept(invitation, now=now)
    second = make.company("Second Rover Inc", now=now, by=person("invited"))
    with pytest.raises(UnableTo, match="Accepted"):
        accept(invitation, now=now, company=second)
    assert members_of(consortium).count() == 2


def test_a_company_is_a_member_once(consortium, now):
    accept(make.invited(consortium, now=now)[0], now=now)
    again, _token = make.invited(consortium, now=now)
    with pytest.raises(UnableTo, match="already a member"):
        accept(again, now=now)
    assert Invitation.objects.get(pk=again.pk).status == "SENT"


def test_who_left_may_come_back(consortium, now):
    member = make.joined(consortium, now=now, by=person("invited"), name="Rover Labs Inc")
    actions.leave_consortium(member, by=person("invited"), now=now)
    assert accept(make.invited(consortium, now=now)[0], now=now).status == "ACCEPTED"


# --- components and going --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "may"), [("ANCHOR", {"anchor", "anchor_signer"}), ("MEMBER", {"member", "member_signer"})]
)
def test_each_company_chooses_for_itself(part, may, consortium, now):
    make.joined(consortium, now=now)
    cast = people_around(consortium, now)
    member = consortium.members.get(part=part)
    found = {
        name: outcome(
            lambda name=name: actions.change_components(
                Member.objects.get(pk=member.pk), by=cast[name], now=now, components=["A"]
            )
        )
        for name in CAST
    }
    assert found == {name: DONE if name in may else DENIED for name in CAST}


def test_components_are_changed_and_recorded_and_only_the_anchor_may_have_none(consortium, now):
    member, anchor = make.joined(consortium, now=now), consortium.members.get(part="ANCHOR")
    actions.change_components(member, by=person("member"), now=now, components=["E", "A"])
    assert Member.objects.get(pk=member.pk).components == ["E", "A"]
    assert LedgerEntry.objects.get(action="change_components").detail == '{"components": ["A", "E"]}'
    with pytest.raises(UnableTo, match="Choose at least one component"):
        actions.change_components(member, by=person("member"), now=now, components=[])
    assert actions.change_components(anchor, by=person("anchor"), now=now, components=[]).components == []


@pytest.mark.parametrize("state", ["LEFT", "REMOVED"])
def test_who_is_gone_supplies_nothing_more_and_all_are_told(consortium, now, state):
    member = make.member_at(state, consortium, now=now)
    with pytest.raises(UnableTo, match="no longer a member"):
        actions.change_components(member, by=person("member"), now=now, components=["A"])
    gone = "Beacon Data LLC is no longer a member of “Meridian Alliance”"
    assert {("anchor", "member_gone", gone), ("member", "membership_ended", gone)} <= told()


def test_a_company_that_was_removed_is_told_as_well_and_led_to_what_it_still_sees(consortium, now):
    member = make.member_at("REMOVED", consortium, now=now)
    paths = Notification.objects.filter(key=f"member-gone:{member.pk}").values_list("recipient__email", "path")
    assert sorted(paths) == [
        ("anchor@example.com", f"/consortia/{consortium.slug}/"),
        ("member@example.com", f"/companies/{member.company_id}/"),
    ]
