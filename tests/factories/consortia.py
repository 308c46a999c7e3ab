from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from consortia import actions
from consortia.models import Clearance, Company, Consortium, Invitation, Member
from consortia.selectors import fit_members, members_of
from consortia.states import ComponentLetter, ConsortiumKind, InvitationStatus, MemberStatus
from organizations.selectors import people_of
from organizations.states import MemberRole
from tests.factories import buyers
from tests.factories.accounts import person
from tests.factories.organizations import NOW_FIELDS, WHOLE


def company(
    name: str = "Meridian Compute Inc", *, now: datetime, by: User | None = None, country: str = "US"
) -> Company:
    return actions.register_company(
        by=by or person("anchor"),
        now=now,
        legal_name=name,
        country=country,
        headquarters_country=country,
        summary="Builds things.",
        parties=[WHOLE],
        **NOW_FIELDS,
    )


def consortium(*, now: datetime, by: User | None = None, components: Sequence[str] = ("A", "B", "C")) -> Consortium:
    """Formed by `anchor@`; its company supplies `components`."""
    by = by or person("anchor")
    return actions.form_consortium(
        company(now=now, by=by),
        by=by,
        now=now,
        name="Meridian Alliance",
        kind=ConsortiumKind.PRE_SET,
        components=components,
    )


def joined(
    subject: Consortium,
    *,
    now: datetime,
    by: User | None = None,
    components: Sequence[str] = ("D", "E"),
    name: str = "Beacon Data LLC",
) -> Member:
    """A second company, of `member@`, that was invited by the anchor and accepted."""
    by = by or person("member")
    invitation, _token = actions.invite_company(subject, by=person("anchor"), now=now, email=by.email)
    return actions.accept_invitation(
        invitation, by=by, now=now, company=company(name, now=now, by=by), components=list(components)
    )


def complete(*, now: datetime) -> Consortium:
    """Both companies together supply all five components."""
    subject = consortium(now=now)
    joined(subject, now=now)
    assert {letter for member in subject.members.all() for letter in member.components} == set(ComponentLetter)
    return subject


def invited(
    subject: Consortium, *, now: datetime, email: str = "invited@example.com", by: User | None = None, **fields: Any
) -> tuple[Invitation, str]:
    """A company asked by the anchor; with the token that only the mail holds."""
    return actions.invite_company(subject, by=by or person("anchor"), now=now, email=email, **fields)


def invitation_at(state: str, subject: Consortium, *, now: datetime) -> Invitation:
    """To `invited@`, who has a company of its own, walked to `state`."""
    invitation, _token = invited(subject, now=now)
    by = person("invited")
    own = company_of(by) or company("Rover Labs Inc", now=now, by=by)
    if state == InvitationStatus.ACCEPTED:
        actions.accept_invitation(invitation, by=by, now=now, company=own, components=["D"])
    if state == InvitationStatus.DECLINED:
        actions.decline_invitation(invitation, by=by, now=now)
    if state == InvitationStatus.WITHDRAWN:
        actions.withdraw_invitation(invitation, by=person("anchor"), now=now)
    return invitation


def company_of(user: User) -> Company | None:
    return Company.objects.filter(organization__memberships__user=user).first()


def member_at(state: str, subject: Consortium, *, now: datetime) -> Member:
    """The company of `member@`, walked to `state`."""
    member = joined(subject, now=now)
    if state == MemberStatus.LEFT:
        actions.leave_consortium(member, by=person("member"), now=now)
    if state == MemberStatus.REMOVED:
        actions.remove_member(member, by=person("anchor"), now=now)
    return member


def cleared(subject: Consortium, *, now: datetime) -> Consortium:
    """Every member of it cleared by an officer, unless it is already. Needs everybody clear in screening."""
    fit = set(fit_members(now).values_list("pk", flat=True))
    for member in members_of(subject):
        if member.pk not in fit:
            clearance(member.company, now=now)
    return subject


def clearance(subject: Company, *, now: datetime, by: User | None = None) -> Clearance:
    return actions.clear_company(
        subject,
        by=by or buyers.officer(now),
        now=now,
        representative=people_of(subject.organization, MemberRole.ADMINISTRATOR).order_by("pk")[0],
        identity_basis="Extract of the register, seen.",
        authority_basis="Named as director in the extract.",
    )
