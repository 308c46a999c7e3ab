"""Every way buyers, their vetting and their needs change."""

from buyers.actions.absence import cancel_absence, enter_absence
from buyers.actions.assignment import (
    assign_case,
    declare_conflict,
    hand_over_case,
    take_case,
    take_next_case,
    take_next_countersignature,
)
from buyers.actions.escalation import answer_escalation, escalate_case
from buyers.actions.needs import close_need, create_need, edit_need, post_need
from buyers.actions.news import (
    answer_profile_change,
    answer_screening,
    expire_trust,
    remind_of_document,
    remind_of_end,
)
from buyers.actions.profile import edit_buyer, register_buyer
from buyers.actions.questions import answer_question, ask_question, chase_buyer, take_back_question
from buyers.actions.renewal import compare_with_trust, open_renewal
from buyers.actions.reports import dismiss_report, file_report, uphold_report
from buyers.actions.review import record_findings, submit_for_vetting, withdraw_case
from buyers.actions.trust import (
    amend_trust,
    countersign_trust,
    recommend_trust,
    refuse_trust,
    restore_trust,
    return_case,
    revoke_trust,
    suspend_trust,
    void_recommendation,
)

__all__ = [
    "amend_trust",
    "answer_escalation",
    "answer_profile_change",
    "answer_question",
    "answer_screening",
    "ask_question",
    "assign_case",
    "cancel_absence",
    "chase_buyer",
    "close_need",
    "compare_with_trust",
    "countersign_trust",
    "create_need",
    "declare_conflict",
    "dismiss_report",
    "edit_buyer",
    "edit_need",
    "enter_absence",
    "escalate_case",
    "expire_trust",
    "file_report",
    "hand_over_case",
    "open_renewal",
    "post_need",
    "recommend_trust",
    "record_findings",
    "refuse_trust",
    "register_buyer",
    "remind_of_document",
    "remind_of_end",
    "restore_trust",
    "return_case",
    "revoke_trust",
    "submit_for_vetting",
    "suspend_trust",
    "take_back_question",
    "take_case",
    "take_next_case",
    "take_next_countersignature",
    "uphold_report",
    "void_recommendation",
    "withdraw_case",
]
