"""Who may do what: a buyer's own people by their role in it, officers by theirs, and never an officer on a case of an
organization that they belong to, or on which they declared a conflict of interest."""

from typing import Any

from accounts.selectors import has_role
from accounts.states import Role
from buyers.models import AdverseReport, Buyer, Need, OfficerAbsence, VettingCase
from buyers.selectors import has_conflict
from buyers.selectors.officers import is_at_a_post
from core.actors import System
from organizations.models import Organization
from organizations.rules import can_edit_organization, can_register_organization, can_sign_for

SCREENING = System("screening")
EXPIRY = System("buyers")
CHASING = System("chasers")


# --- the buyer's side -----------------------------------------------------------------------------------------------


def can_register_buyer(user: Any) -> bool:
    return can_register_organization(user)


def can_register_organization_as_buyer(user: Any, organization: Organization) -> bool:
    return can_register_organization(user) and can_sign_for(user, organization)


def can_edit_buyer(user: Any, buyer: Buyer) -> bool:
    return can_edit_organization(user, buyer.organization)


def can_submit_for_vetting(user: Any, buyer: Buyer) -> bool:
    return can_sign_for(user, buyer.organization)


def can_answer_question(user: Any, case: VettingCase) -> bool:
    return can_edit_organization(user, case.buyer.organization)


def can_withdraw_case(user: Any, case: VettingCase) -> bool:
    return can_sign_for(user, case.buyer.organization)


def can_create_need(user: Any, buyer: Buyer) -> bool:
    return can_edit_organization(user, buyer.organization)


def can_edit_need(user: Any, need: Need) -> bool:
    return can_edit_organization(user, need.buyer.organization)


def can_post_need(user: Any, need: Need) -> bool:
    """Whether its buyer is trusted does not matter: the need is matched only while it is."""
    return can_edit_organization(user, need.buyer.organization)


def can_close_need(user: Any, need: Need) -> bool:
    return can_edit_organization(user, need.buyer.organization)


# --- the officers' side ---------------------------------------------------------------------------------------------


def can_view_cases(user: Any) -> bool:
    return has_role(user, Role.OFFICER, Role.MANAGER)


def can_view_reports(user: Any) -> bool:
    return has_role(user, Role.OFFICER, Role.MANAGER)


def _is_unbiased(user: Any, case: VettingCase) -> bool:
    """Neither part of the buyer's organization, nor declared to be in a conflict."""
    return user.pk not in case.insiders and not has_conflict(user, case)


def can_review_case(user: Any, case: VettingCase) -> bool:
    """Take it, record findings, ask questions."""
    return has_role(user, Role.OFFICER) and _is_unbiased(user, case)


def can_escalate_case(user: Any, case: VettingCase) -> bool:
    return can_review_case(user, case)


def can_answer_escalation(user: Any, case: VettingCase) -> bool:
    return has_role(user, Role.MANAGER) and _is_unbiased(user, case)


def can_take_next_case(user: Any) -> bool:
    return has_role(user, Role.OFFICER)


def can_take_next_countersignature(user: Any) -> bool:
    return has_role(user, Role.OFFICER)


def can_enter_absence(user: Any, officer: Any) -> bool:
    """One's own, or as a manager anybody's."""
    return has_role(user, Role.MANAGER) or (has_role(user, Role.OFFICER) and user == officer)


def can_cancel_absence(user: Any, absence: OfficerAbsence) -> bool:
    return can_enter_absence(user, absence.officer)


def can_hand_over_case(user: Any, case: VettingCase) -> bool:
    return can_review_case(user, case) and case.assigned_to_id == user.pk


def can_declare_conflict(user: Any, case: VettingCase) -> bool:
    """Managers too: they assign, suspend and revoke."""
    return has_role(user, Role.OFFICER, Role.MANAGER) and _is_unbiased(user, case)


def can_void_recommendation(by: Any, case: VettingCase) -> bool:
    """The buyer's people by changing the profile, the job that sees such a change, who recommended it, and a post that
    reports something."""
    is_first_officer = case.recommended_by_id is not None and getattr(by, "pk", None) == case.recommended_by_id
    is_concerned = is_first_officer or can_edit_organization(by, case.buyer.organization)
    return by == SCREENING or is_concerned or can_file_report(by, case)


def can_file_report(user: Any, case: VettingCase) -> bool:
    """An officer of a post, whichever it is."""
    return can_review_case(user, case) and is_at_a_post(user)


def can_settle_report(user: Any, report: AdverseReport) -> bool:
    """Somebody else than who filed it."""
    may_decide = has_role(user, Role.OFFICER, Role.MANAGER) and _is_unbiased(user, report.case)
    return may_decide and user.pk != report.reported_by_id


def can_assign_case(user: Any, case: VettingCase) -> bool:
    return has_role(user, Role.MANAGER) and _is_unbiased(user, case)


def can_recommend_trust(user: Any, case: VettingCase) -> bool:
    return can_review_case(user, case)


def can_refuse_trust(user: Any, case: VettingCase) -> bool:
    return can_review_case(user, case)


def can_amend_trust(user: Any, case: VettingCase) -> bool:
    return can_review_case(user, case)


def can_countersign_trust(user: Any, case: VettingCase) -> bool:
    """The second officer is another one than the first."""
    return can_review_case(user, case) and user.pk != case.recommended_by_id


def can_return_case(user: Any, case: VettingCase) -> bool:
    return can_countersign_trust(user, case)


def can_suspend_trust(by: Any, case: VettingCase) -> bool:
    """Screening too: its job suspends when a hit opens."""
    return by == SCREENING or (has_role(by, Role.OFFICER, Role.MANAGER) and _is_unbiased(by, case))


def can_restore_trust(user: Any, case: VettingCase) -> bool:
    return can_review_case(user, case)


def can_revoke_trust(user: Any, case: VettingCase) -> bool:
    return has_role(user, Role.OFFICER, Role.MANAGER) and _is_unbiased(user, case)


# --- the jobs -------------------------------------------------------------------------------------------------------


def is_screening_job(by: Any, _buyer: Buyer) -> bool:
    return by == SCREENING


def is_chasing_job(by: Any, _case: VettingCase) -> bool:
    return by == CHASING


def is_document_job(by: Any, _document: Any) -> bool:
    return by == EXPIRY


def is_expiry_job(by: Any, _case: VettingCase) -> bool:
    return by == EXPIRY
