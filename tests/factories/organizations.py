from datetime import datetime

from accounts.models import User
from organizations import actions
from organizations.models import AssociatedParty, Membership, Organization
from organizations.states import MemberRole, PartyKind, PartyRole
from tests.factories.accounts import person

NOW_FIELDS = {"address": "1 Main Street", "website": "https://example.com"}


def organization(
    name: str = "Meridian Compute Inc", *, now: datetime, by: User | None = None, country: str = "US"
) -> Organization:
    """A legal entity registered by a person, who is its administrator."""
    return actions.register_organization(
        by=by or person("founder"),
        now=now,
        legal_name=name,
        country=country,
        headquarters_country=country,
        **NOW_FIELDS,
    )


def member(subject: Organization, name: str, role: str, *, now: datetime) -> User:
    user = person(name)
    Membership.objects.create(organization=subject, user=user, role=MemberRole(role), joined_at=now)
    return user


def owner(subject: Organization, *, by: User, now: datetime, **fields: object) -> AssociatedParty:
    values = {"kind": PartyKind.PERSON, "name": "Dana Whitfield", "country": "US", "share_percent": "60"} | fields
    return actions.add_party(subject, by=by, now=now, role=PartyRole.OWNER, **values)
