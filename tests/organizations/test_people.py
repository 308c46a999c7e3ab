"""People in an organization: invitations by a secret link, roles, and always an administrator."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from accounts.models import User
from core.errors import UnableTo
from core.models import LedgerEntry, Mail
from core.tokens import hash_token
from organizations import actions
from organizations.models import Invitation, Membership, Organization
from organizations.selectors import (
    has_part,
    invitation_by_token,
    invitations_of,
    memberships_of,
    organizations_for,
    people_of,
)
from organizations.states import COLLEAGUE_INVITATION, InvitationStatus, MemberRole
from tests.database import check_deferred_guards
from tests.factories import organizations as make
from tests.factories.accounts import person
from tests.organizations.conftest import CAST
from tests.outcomes import DENIED, DONE, REFUSED, outcome

pytestmark = pytest.mark.django_db

MOVES = {
    "accept_invitation": ({"SENT"}, "ACCEPTED"),
    "decline_invitation": ({"SENT"}, "DECLINED"),
    "withdraw_invitation": ({"SENT"}, "WITHDRAWN"),
}
MAY = {
    "accept_invitation": {"invited"},
    "decline_invitation": {"invited"},
    "withdraw_invitation": {"administrator"},
}


def fresh(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)


def last_administrator_is_named(perform) -> None:
    with pytest.raises(UnableTo, match="This is the last administrator"):
        perform()


# --- invitations -----------------------------------------------------------------------------------------------------


def test_only_the_mail_holds_the_token(organization, now):
    invitation, token = make.invited(organization, now=now)
    mail = Mail.objects.get()
    assert (mail.to_address, mail.subject) == (
        "invited@example.com",
        "Founder invites you to Meridian Compute Inc on the AI Exports portal",
    )
    assert f"/organizations/invitations/{token}/" in mail.text
    assert "as “Editor”" in mail.text
    assert invitation.token_hash == hash_token(token) != token
    assert invitation.expires_at == now + timedelta(days=14)
    assert str(invitation) == "invited@example.com to Meridian Compute Inc"
    assert token not in "".join(LedgerEntry.objects.values_list("detail", flat=True))
    assert invitation_by_token(token) == invitation
    with pytest.raises(Invitation.DoesNotExist):
        invitation_by_token(invitation.token_hash)


@pytest.mark.parametrize("address", ["editor@example.com", "EDITOR@Example.com"])
def test_a_member_is_not_invited(organization, cast, now, address):
    with pytest.raises(UnableTo, match="already a member"):
        make.invited(organization, now=now, email=address)


def test_a_former_member_may_be_invited(organization, cast, now):
    assert make.invited(organization, now=now, email="former@example.com")[0].status == "SENT"


def test_one_open_invitation_a_person_until_it_expires_or_is_withdrawn(organization, now):
    first, _token = make.invited(organization, now=now)
    last_moment = first.expires_at - timedelta(microseconds=1)
    with pytest.raises(UnableTo, match="already has an open invitation"):
        make.invited(organization, now=last_moment, email="Invited@example.com")
    second, _token = make.invited(organization, now=first.expires_at)
    actions.withdraw_invitation(second, by=person("founder"), now=now)
    make.invited(organization, now=first.expires_at)
    assert list(invitations_of(organization).values_list("status", flat=True)) == ["SENT", "SENT"]
    assert Mail.objects.count() == 3


@pytest.mark.parametrize("state", list(InvitationStatus))
def test_every_state_action_and_person_of_an_invitation(state, organization, cast, now):
    invitation = make.invitation_at(state, organization, now=now)
    people = cast | {"invited": person("invited")}
    found = {
        (action, name): outcome(
            lambda action=action, name=name: getattr(actions, action)(fresh(invitation), by=people[name], now=now)
        )
        for action in MOVES
        for name in (*CAST, "invited")
    }
    assert found == {
        (action, name): DENIED if name not in MAY[action] else DONE if state in MOVES[action][0] else REFUSED
        for action, name in found
    }


def test_the_table_covers_the_machine():
    machine = {a: ({str(s) for s in t.sources}, str(t.target)) for a, t in COLLEAGUE_INVITATION.transitions.items()}
    assert machine == MOVES


def test_an_expired_invitation_is_not_accepted_but_may_be_declined_or_withdrawn(organization, now):
    invitation, _token = make.invited(organization, now=now)
    invited, end = person("invited"), invitation.expires_at
    with pytest.raises(UnableTo, match="has expired"):
        actions.accept_invitation(invitation, by=invited, now=end)
    assert outcome(lambda: actions.accept_invitation(fresh(invitation), by=invited, now=end - timedelta(1))) == DONE
    assert outcome(lambda: actions.decline_invitation(fresh(invitation), by=invited, now=end)) == DONE
    assert outcome(lambda: actions.withdraw_invitation(fresh(invitation), by=person("founder"), now=end)) == DONE
    assert not has_part(invited, organization)


def test_accepting_makes_a_member_with_the_invited_role(organization, now):
    invitation, _token = make.invited(organization, now=now, email="Invited@Example.com", role="SIGNER")
    membership = actions.accept_invitation(invitation, by=person("invited"), now=now)
    assert (membership.role, membership.joined_at, invitation.status) == ("SIGNER", now, "ACCEPTED")
    assert has_part(person("invited"), organization, MemberRole.SIGNER)
    assert LedgerEntry.objects.get(action="join_organization").detail == '{"role": "SIGNER"}'
    check_deferred_guards()


def test_who_became_a_member_meanwhile_keeps_their_role(organization, now):
    invitation, _token = make.invited(organization, now=now, role="VIEWER")
    make.member(organization, "invited", "ADMINISTRATOR", now=now)
    assert actions.accept_invitation(invitation, by=person("invited"), now=now).role == "ADMINISTRATOR"
    assert memberships_of(organization).filter(user=person("invited")).count() == 1


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["invite_colleague", "change_role", "end_membership"])
def test_only_administrators_manage_people(action, organization, cast, now):
    row = organization.memberships.get(user=person("viewer"))
    arguments = {
        "invite_colleague": lambda: {"email": "new@example.com", "role": "EDITOR"},
        "change_role": lambda: {"membership": Membership.objects.get(pk=row.pk), "role": "EDITOR"},
        "end_membership": lambda: {"membership": Membership.objects.get(pk=row.pk)},
    }[action]
    found = {
        name: outcome(
            lambda name=name: getattr(actions, action)(
                Organization.objects.get(pk=organization.pk), by=cast[name], now=now, **arguments()
            )
        )
        for name in CAST
    }
    assert found == {name: DONE if name == "administrator" else DENIED for name in CAST}


def test_a_role_is_changed_and_recorded(organization, cast, now):
    row = organization.memberships.get(user=person("viewer"))
    changed = actions.change_role(organization, by=person("founder"), now=now, membership=row, role="SIGNER")
    assert Membership.objects.get(pk=row.pk).role == changed.role == "SIGNER"
    entry = LedgerEntry.objects.get(action="change_role")
    assert entry.detail == f'{{"role": "SIGNER", "user": {person("viewer").pk}}}'


@pytest.mark.parametrize("role", ["SIGNER", "EDITOR", "VIEWER"])
def test_the_last_administrator_keeps_the_role(organization, cast, now, role):
    """A former one and one whose account is closed do not count."""
    row, founder = organization.memberships.get(user=person("founder")), person("founder")
    last_administrator_is_named(
        lambda: actions.change_role(organization, by=founder, now=now, membership=row, role=role)
    )
    last_administrator_is_named(lambda: actions.end_membership(organization, by=founder, now=now, membership=row))
    actions.change_role(organization, by=founder, now=now, membership=row, role="ADMINISTRATOR")
    assert Membership.objects.get(pk=row.pk).role == "ADMINISTRATOR"
    make.member(organization, "second", "ADMINISTRATOR", now=now)
    actions.change_role(organization, by=founder, now=now, membership=row, role=role)
    assert [user.email for user in people_of(organization, MemberRole.ADMINISTRATOR)] == ["second@example.com"]


def test_an_ended_membership_is_kept_and_gives_nothing(organization, cast, now):
    row = organization.memberships.get(user=person("editor"))
    actions.end_membership(organization, by=person("founder"), now=now, membership=row)
    assert Membership.objects.get(pk=row.pk).ended_at == now
    assert not has_part(person("editor"), organization)
    assert list(organizations_for(person("editor"))) == []


def test_a_person_has_one_role_in_an_organization(organization, cast, now):
    with pytest.raises(IntegrityError, match="a person has one role in an organization"), transaction.atomic():
        make.member(organization, "editor", "SIGNER", now=now)


def test_who_belongs_to_it(organization, cast, now):
    assert {user.email.partition("@")[0] for user in people_of(organization)} == {
        "founder",
        "signer",
        "editor",
        "viewer",
    }
    assert [user.email for user in people_of(organization, "SIGNER", "VIEWER").order_by("email")] == [
        "signer@example.com",
        "viewer@example.com",
    ]
    assert [row.user.email.partition("@")[0] for row in memberships_of(organization).order_by("pk")] == [
        "founder",
        "signer",
        "editor",
        "viewer",
        "closed",
    ]
    parts = {name: has_part(cast[name], organization) for name in CAST}
    assert parts == {
        name: name in {"administrator", "signer", "editor", "viewer", "closed"} for name in CAST
    }  # a closed account cannot sign in, and no action lets it act
    assert has_part(AnonymousUser(), organization) is False
    assert list(organizations_for(AnonymousUser())) == []
    assert User.objects.filter(memberships__organization=organization).count() == 6
