"""The people in an organization. There is always an administrator left."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import notifications
from core.actions import action, begin, lock, move, record
from core.actors import Actor
from core.errors import UnableTo
from core.tokens import hash_token, new_token
from organizations import letters, rules
from organizations.models import Invitation, Membership, Organization
from organizations.selectors import people_of
from organizations.states import InvitationStatus, MemberRole

INVITATION_TERM = timedelta(days=14)


@action(rules.can_manage_people)
def invite_colleague(
    organization: Organization, *, by: Any, now: datetime, email: str, role: str
) -> tuple[Invitation, str]:
    """Mail a link to a colleague; returns the invitation and the token that only the mail holds.

    Raises UnableTo for somebody who is a member already, or whose invitation is still open.
    """
    lock(organization)
    if Membership.objects.filter(organization=organization, ended_at=None, user__email__iexact=email).exists():
        raise UnableTo(_("This person is already a member of the organization."))
    if Invitation.objects.filter(
        organization=organization, status=InvitationStatus.SENT, expires_at__gt=now, email__iexact=email
    ).exists():
        raise UnableTo(_("This person already has an open invitation. Withdraw it to send a new one."))
    token = new_token()
    invitation = Invitation(
        organization=organization,
        email=email,
        role=role,
        token_hash=hash_token(token),
        invited_by=by,
        expires_at=now + INVITATION_TERM,
    )
    begin(invitation, by=by, now=now, action="invite_colleague", detail={"organization": organization.pk, "role": role})
    notifications.mail_address(
        email,
        lambda _nobody: letters.colleague_invited(invitation, by, token),
        key=f"colleague-invitation:{invitation.pk}",
        now=now,
    )
    return invitation, token


@action(rules.can_answer_invitation)
def accept_invitation(invitation: Invitation, *, by: Any, now: datetime) -> Membership:
    """Become a member with the invited role. Raises UnableTo when it expired or was answered or withdrawn."""
    move(invitation, "accept_invitation", by=by, now=now)
    lock(invitation.organization)
    membership, _created = Membership.objects.get_or_create(
        organization=invitation.organization,
        user=by,
        ended_at=None,
        defaults={"role": invitation.role, "joined_at": now},
    )
    record(invitation.organization, "join_organization", by=by, now=now, detail={"role": membership.role})
    return membership


@action(rules.can_answer_invitation)
def decline_invitation(invitation: Invitation, *, by: Any, now: datetime) -> Invitation:
    return move(invitation, "decline_invitation", by=by, now=now)


@action(rules.can_withdraw_invitation)
def withdraw_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> Invitation:
    return move(invitation, "withdraw_invitation", by=by, now=now)


@action(rules.can_manage_people)
def change_role(
    organization: Organization, *, by: Actor, now: datetime, membership: Membership, role: str
) -> Membership:
    """Give a member another role. Raises UnableTo when no administrator would be left."""
    lock(organization)
    if role != MemberRole.ADMINISTRATOR:
        _keep_administrator(organization, without=membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record(organization, "change_role", by=by, now=now, detail={"user": membership.user_id, "role": role})
    return membership


@action(rules.can_manage_people)
def end_membership(organization: Organization, *, by: Actor, now: datetime, membership: Membership) -> None:
    """Raises UnableTo when no administrator would be left."""
    lock(organization)
    _keep_administrator(organization, without=membership)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    record(organization, "end_membership", by=by, now=now, detail={"user": membership.user_id})


def _keep_administrator(organization: Organization, *, without: Membership) -> None:
    """Of those who can sign in: an administrator whose account is closed can do nothing for the organization."""
    if not people_of(organization, MemberRole.ADMINISTRATOR).exclude(pk=without.user_id).exists():
        raise UnableTo(_("This is the last administrator. Make another person administrator first."))
