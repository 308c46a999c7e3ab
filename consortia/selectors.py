"""Companies and consortia as their people see them."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet

from consortia.models import Company, Consortium, Invitation, Member
from consortia.states import ComponentLetter, InvitationStatus, MemberPart, MemberStatus
from core import dated
from core.tokens import hash_token
from organizations.selectors import organizations_for


def companies_for(user: Any) -> QuerySet[Company]:
    """The person's own companies."""
    return Company.objects.filter(organization__in=organizations_for(user)).select_related("organization")


def consortia_for(user: Any) -> QuerySet[Consortium]:
    """Those in which a company of the person is a member now."""
    return Consortium.objects.filter(
        pk__in=Member.objects.filter(status=MemberStatus.ACCEPTED, company__in=companies_for(user)).values("consortium")
    )


def consortia_with_counts(user: Any) -> QuerySet[Consortium]:
    accepted = Q(members__status=MemberStatus.ACCEPTED)
    return consortia_for(user).annotate(member_count=Count("members", filter=accepted)).order_by("name")


def members_of(consortium: Consortium) -> QuerySet[Member]:
    """Accepted members, the anchor first."""
    accepted = consortium.members.filter(status=MemberStatus.ACCEPTED)
    return accepted.select_related("company__organization").order_by("part", "id")


def anchor_of(consortium: Consortium) -> Member:
    return members_of(consortium).get(part=MemberPart.ANCHOR)


def people_of_anchor(consortium: Consortium) -> QuerySet[Any]:
    organization = anchor_of(consortium).company.organization_id
    return get_user_model().objects.filter(
        memberships__organization=organization, memberships__ended_at=None, is_active=True
    )


def people_of_members(consortium: Consortium) -> QuerySet[Any]:
    organizations = members_of(consortium).values("company__organization")
    return (
        get_user_model()
        .objects.filter(memberships__organization__in=organizations, memberships__ended_at=None, is_active=True)
        .distinct()
    )


def coverage(consortium: Consortium) -> list[tuple[ComponentLetter, list[Member]]]:
    """Each of the five components with the members that will supply it."""
    members = list(members_of(consortium))
    return [(letter, [m for m in members if letter in m.components]) for letter in ComponentLetter]


def open_invitations(consortium: Consortium) -> QuerySet[Invitation]:
    return consortium.invitations.filter(status=InvitationStatus.SENT).order_by("-id")


def invitations_to(user: Any, now: datetime) -> QuerySet[Invitation]:
    """Invitations to the person's address that can still be accepted."""
    sent = Invitation.objects.filter(status=InvitationStatus.SENT, email__iexact=user.email, expires_at__gt=now)
    return sent.select_related("consortium").order_by("-id")


def invitation_by_token(token: str) -> Invitation:
    """Raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("consortium").get(token_hash=hash_token(token))


def is_us_company(company: Company, now: datetime) -> bool:
    """Whether the dated rule calls it a U.S. company. Raises dated.NoRule where no rule holds."""
    rule = dated.rule_at("anchor_us_company", now.date())
    return company.organization.country in rule.value["incorporated_in"]
