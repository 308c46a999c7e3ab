from datetime import datetime

from accounts.models import User
from organizations import actions
from organizations.models import AssociatedParty, Invitation, Membership, Organization, OwnershipFinding
from organizations.states import FindingKind, InvitationStatus, MemberRole, PartyKind, PartyRole
from tests.factories.accounts import person

NOW_FIELDS = {"address": "1 Main Street", "website": "https://example.com"}
WHOLE = {
    "role": PartyRole.OWNER,
    "kind": PartyKind.PERSON,
    "name": "Robin Vale",
    "country": "US",
    "share_percent": "100",
}
"""One owner of everything, so that nothing is left unknown: what has no known owners is never clear."""


def organization(
    name: str = "Meridian Compute Inc",
    *,
    now: datetime,
    by: User | None = None,
    country: str = "US",
    owned: bool = False,
) -> Organization:
    """A legal entity registered by a person, who is its administrator; `owned`, with its one owner."""
    return actions.register_organization(
        by=by or person("founder"),
        now=now,
        legal_name=name,
        country=country,
        headquarters_country=country,
        parties=[WHOLE] if owned else [],
        **NOW_FIELDS,
    )


def member(subject: Organization, name: str, role: str, *, now: datetime) -> User:
    user = person(name)
    Membership.objects.create(organization=subject, user=user, role=MemberRole(role), joined_at=now)
    return user


def owner(subject: Organization, *, by: User, now: datetime, **fields: object) -> AssociatedParty:
    values = {"kind": PartyKind.PERSON, "name": "Dana Whitfield", "country": "US", "share_percent": "60"} | fields
    return actions.add_party(subject, by=by, now=now, role=PartyRole.OWNER, **values)


def invited(
    subject: Organization,
    *,
    now: datetime,
    email: str = "invited@example.com",
    role: str = MemberRole.EDITOR,
    by: User | None = None,
) -> tuple[Invitation, str]:
    """A colleague asked by the administrator; with the token that only the mail holds."""
    return actions.invite_colleague(subject, by=by or person("founder"), now=now, email=email, role=role)


def invitation_at(state: str, subject: Organization, *, now: datetime) -> Invitation:
    """Of `invited@`, walked to `state`."""
    invitation, _token = invited(subject, now=now)
    if state == InvitationStatus.ACCEPTED:
        actions.accept_invitation(invitation, by=person("invited"), now=now)
    if state == InvitationStatus.DECLINED:
        actions.decline_invitation(invitation, by=person("invited"), now=now)
    if state == InvitationStatus.WITHDRAWN:
        actions.withdraw_invitation(invitation, by=person("founder"), now=now)
    return invitation


def settled(subject: Organization, *, by: User, now: datetime, **fields: object) -> OwnershipFinding:
    """An officer's finding; without more, that nobody listed has what is in no stake."""
    values = {
        "kind": FindingKind.PUBLIC_FLOAT,
        "source": "The exchange's list of holders",
        "reason": "No holder above 5 %.",
    }
    return actions.record_finding(subject, by=by, now=now, **values | {"source_date": now.date()} | fields)
