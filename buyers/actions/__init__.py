"""Every way buyers, their vetting and their needs change."""

from buyers.actions.assignment import (
    assign_case,
    declare_conflict,
    hand_over_case,
    take_case,
    take_next_case,
)
from buyers.actions.needs import close_need, create_need, edit_need, post_need
from buyers.actions.news import answer_profile_change, answer_screening, remind_of_end, tell_of_end
from buyers.actions.profile import edit_buyer, register_buyer
from buyers.actions.review import (
    answer_question,
    ask_question,
    record_findings,
    submit_for_vetting,
    withdraw_case,
)
from buyers.actions.trust import (
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
    "answer_profile_change",
    "answer_question",
    "answer_screening",
    "ask_question",
    "assign_case",
    "close_need",
    "countersign_trust",
    "create_need",
    "declare_conflict",
    "edit_buyer",
    "edit_need",
    "hand_over_case",
    "post_need",
    "recommend_trust",
    "record_findings",
    "refuse_trust",
    "register_buyer",
    "remind_of_end",
    "restore_trust",
    "return_case",
    "revoke_trust",
    "submit_for_vetting",
    "suspend_trust",
    "take_case",
    "take_next_case",
    "tell_of_end",
    "void_recommendation",
    "withdraw_case",
]
