"""Which organizations a person belongs to, and who belongs to one."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet, Sum

from accounts.selectors import has_role
from accounts.states import Role
from core.models import StoredFile
from core.tokens import hash_token
from organizations.models import AssociatedParty, Document, Invitation, Membership, Organization
from organizations.states import InvitationStatus, PartyRole


def organizations_for(user: Any) -> QuerySet[Organization]:
    """Those that the person is a current member of; none for a visitor."""
    if not user.is_authenticated:
        return Organization.objects.none()
    return Organization.objects.filter(memberships__user=user, memberships__ended_at=None)


def has_part(user: Any, organization: Organization, *roles: str) -> bool:
    """Whether the person is a current member, in one of `roles` if any are given; False for a visitor and for a job."""
    if not getattr(user, "is_authenticated", False):
        return False
    current = Membership.objects.filter(organization=organization, user=user, ended_at=None)
    return (current.filter(role__in=roles) if roles else current).exists()


def people_of(organization: Organization, *roles: str) -> QuerySet[Any]:
    """The current members' accounts, in one of `roles` if any are given."""
    memberships = Membership.objects.filter(organization=organization, ended_at=None)
    memberships = memberships.filter(role__in=roles) if roles else memberships
    return get_user_model().objects.filter(memberships__in=memberships, is_active=True).distinct()


def memberships_of(organization: Organization) -> QuerySet[Membership]:
    return organization.memberships.filter(ended_at=None).select_related("user").order_by("joined_at")


def parties_of(organization: Organization) -> QuerySet[AssociatedParty]:
    return organization.parties.order_by("role", "id")


def owned_percent(organization: Organization) -> Any:
    """The sum of the owners' known shares; None when no share is known."""
    return organization.parties.filter(role=PartyRole.OWNER).aggregate(total=Sum("share_percent"))["total"]


def documents_of(organization: Organization) -> QuerySet[Document]:
    return organization.documents.select_related("file").order_by("-id")


def file_for(user: Any, pk: Any) -> StoredFile:
    """A document that the person may open: a member, or who vets the organization. Raises Document.DoesNotExist."""
    is_vetting = has_role(user, Role.OFFICER, Role.MANAGER)
    own = Document.objects.filter(organization__in=organizations_for(user))
    documents = Document.objects.all() if is_vetting else own
    return documents.select_related("file").get(file_id=pk).file


def invitations_of(organization: Organization) -> QuerySet[Invitation]:
    return organization.invitations.filter(status=InvitationStatus.SENT).order_by("-id")


def invitation_by_token(token: str) -> Invitation:
    """Raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("organization").get(token_hash=hash_token(token))


def similar_names(legal_name: str) -> QuerySet[Organization]:
    """Registered organizations whose name is nearly the same, for a warning before a duplicate is made."""
    return Organization.objects.filter(legal_name__trigram_similar=legal_name).order_by("id")[:5]
