"""Who may do what in an organization: its own people, by their role in it."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from organizations.models import Invitation, Organization, OwnershipFinding
from organizations.selectors import has_part
from organizations.states import MemberRole

EDITING = (MemberRole.ADMINISTRATOR, MemberRole.SIGNER, MemberRole.EDITOR)
SIGNING = (MemberRole.ADMINISTRATOR, MemberRole.SIGNER)


def can_register_organization(user: Any) -> bool:
    """Whoever signed in; a federal person acts for the government and registers nobody, and a job is no person."""
    return bool(user.is_active) and not getattr(user, "is_staff", True)


def can_edit_organization(user: Any, organization: Organization) -> bool:
    return has_part(user, organization, *EDITING)


def can_sign_for(user: Any, organization: Organization) -> bool:
    return has_part(user, organization, *SIGNING)


def can_manage_people(user: Any, organization: Organization) -> bool:
    return has_part(user, organization, MemberRole.ADMINISTRATOR)


def can_withdraw_invitation(user: Any, invitation: Invitation) -> bool:
    return can_manage_people(user, invitation.organization)


def can_answer_invitation(user: Any, invitation: Invitation) -> bool:
    """Only the person whose (verified) address was invited: the link alone opens nothing."""
    return can_register_organization(user) and user.email.lower() == invitation.email.lower()


def can_view_ownership(user: Any) -> bool:
    """The workbench's page on owners: for those who vet."""
    return has_role(user, Role.OFFICER, Role.MANAGER)


def can_record_finding(user: Any, organization: Organization) -> bool:
    """An officer, never on an organization that the officer belongs to."""
    return has_role(user, Role.OFFICER) and not has_part(user, organization)


def can_enter_holding(user: Any, organization: Organization) -> bool:
    """Its own people state who has a part of it; an officer enters what a source shows."""
    return can_edit_organization(user, organization) or can_record_finding(user, organization)


def can_withdraw_finding(user: Any, finding: OwnershipFinding) -> bool:
    return can_record_finding(user, finding.organization)
