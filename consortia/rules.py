"""Who may do what with companies and consortia."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from consortia.models import Clearance, Company, Consortium, Invitation, Member
from consortia.selectors import anchor_of
from organizations.rules import can_edit_organization, can_register_organization, can_sign_for
from organizations.selectors import has_part


def can_register_company(user: Any) -> bool:
    return can_register_organization(user)


def can_edit_company(user: Any, company: Company) -> bool:
    return can_edit_organization(user, company.organization)


def can_suspend_company(user: Any, company: Company) -> bool:
    """Officers and managers, except on an organization that they belong to."""
    return has_role(user, Role.OFFICER, Role.MANAGER) and not has_part(user, company.organization)


def can_view_companies(user: Any) -> bool:
    """The workbench's page of those who clear companies."""
    return has_role(user, Role.OFFICER, Role.MANAGER)


def can_clear_company(user: Any, company: Company) -> bool:
    """An officer, never of an organization that the officer belongs to."""
    return has_role(user, Role.OFFICER) and not has_part(user, company.organization)


def can_withdraw_clearance(user: Any, clearance: Clearance) -> bool:
    return can_suspend_company(user, clearance.company)


def can_form_consortium(user: Any, company: Company) -> bool:
    return can_sign_for(user, company.organization)


def is_anchor_person(user: Any, consortium: Consortium) -> bool:
    """Whether the person may edit for the anchor member."""
    return can_edit_organization(user, anchor_of(consortium).company.organization)


def can_lead_consortium(user: Any, consortium: Consortium) -> bool:
    """Signers of the anchor member."""
    return can_sign_for(user, anchor_of(consortium).company.organization)


def can_withdraw_invitation(user: Any, invitation: Invitation) -> bool:
    return can_lead_consortium(user, invitation.consortium)


def can_answer_invitation(user: Any, invitation: Invitation) -> bool:
    """Only the person whose (verified) address was invited; for which company is asked of `can_sign_for`."""
    return can_register_organization(user) and user.email.lower() == invitation.email.lower()


def can_leave_consortium(user: Any, member: Member) -> bool:
    return can_sign_for(user, member.company.organization)


def can_remove_member(user: Any, member: Member) -> bool:
    return can_lead_consortium(user, member.consortium)


def can_change_components(user: Any, member: Member) -> bool:
    return can_sign_for(user, member.company.organization)
