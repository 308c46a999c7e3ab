"""The steps that an officer can take on a case: each has a page of its own, and calls one action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buyers import actions, rules
from buyers.forms import vetting as forms
from buyers.models import VettingCase
from buyers.states import CASE, CaseStatus


@dataclass(frozen=True)
class Step:
    """A step on a case with a page of its own. One with a letter is previewed before it is done; one after which it is
    no longer this officer's move leads on, back to the queue."""

    title: Any
    button: Any
    form: type[forms.CaseForm]
    perform: Callable[..., Any]
    may: Callable[[Any, VettingCase], bool]
    done: Any
    has_letter: bool = False
    leads_on: bool = False


STEPS = {
    "recommend_trust": Step(
        gettext_lazy("Recommend trust"),
        gettext_lazy("Recommend"),
        forms.RecommendForm,
        actions.recommend_trust,
        rules.can_recommend_trust,
        gettext_lazy("Recommended. A second officer decides."),
        leads_on=True,
    ),
    "countersign_trust": Step(
        gettext_lazy("Countersign trust"),
        gettext_lazy("Countersign and send the letter"),
        forms.CountersignForm,
        actions.countersign_trust,
        rules.can_countersign_trust,
        gettext_lazy("The buyer is trusted. The letter is on its way."),
        has_letter=True,
        leads_on=True,
    ),
    "return_case": Step(
        gettext_lazy("Return the case to the first officer"),
        gettext_lazy("Return"),
        forms.ReturnForm,
        actions.return_case,
        rules.can_return_case,
        gettext_lazy("Returned. The first officer was told."),
        leads_on=True,
    ),
    "ask_question": Step(
        gettext_lazy("Ask the buyer a question"),
        gettext_lazy("Ask"),
        forms.QuestionForm,
        actions.ask_question,
        rules.can_review_case,
        gettext_lazy("The buyer was told that there is a question."),
    ),
    "take_back_question": Step(
        gettext_lazy("Take a question back"),
        gettext_lazy("Take back"),
        forms.TakeBackForm,
        actions.take_back_question,
        rules.can_review_case,
        gettext_lazy("Taken back. The buyer was told that it need not answer."),
    ),
    "escalate_case": Step(
        gettext_lazy("Ask the manager"),
        gettext_lazy("Ask"),
        forms.EscalateForm,
        actions.escalate_case,
        rules.can_escalate_case,
        gettext_lazy("The managers were told. The case comes back to you with an answer."),
        leads_on=True,
    ),
    "answer_escalation": Step(
        gettext_lazy("Answer the officer"),
        gettext_lazy("Answer"),
        forms.AnswerEscalationForm,
        actions.answer_escalation,
        rules.can_answer_escalation,
        gettext_lazy("Answered. The officer was told."),
        leads_on=True,
    ),
    "refuse_trust": Step(
        gettext_lazy("Decide against trust"),
        gettext_lazy("Decide and send the letter"),
        forms.RefuseForm,
        actions.refuse_trust,
        rules.can_refuse_trust,
        gettext_lazy("Decided. The letter is on its way."),
        has_letter=True,
        leads_on=True,
    ),
    "amend_trust": Step(
        gettext_lazy("Change end or scope of trust"),
        gettext_lazy("Change, for a second officer to sign"),
        forms.AmendForm,
        actions.amend_trust,
        rules.can_amend_trust,
        gettext_lazy("Changed. Trust pauses until a second officer signs the new terms."),
    ),
    "restore_trust": Step(
        gettext_lazy("Restore trust"),
        gettext_lazy("Restore and send the letter"),
        forms.RestoreForm,
        actions.restore_trust,
        rules.can_restore_trust,
        gettext_lazy("Trust is restored. The letter is on its way."),
        has_letter=True,
    ),
    "suspend_trust": Step(
        gettext_lazy("Suspend trust"),
        gettext_lazy("Suspend and send the letter"),
        forms.SuspendForm,
        actions.suspend_trust,
        rules.can_suspend_trust,
        gettext_lazy("Trust is suspended. The letter is on its way."),
        has_letter=True,
    ),
    "revoke_trust": Step(
        gettext_lazy("Revoke trust"),
        gettext_lazy("Revoke and send the letter"),
        forms.RevokeForm,
        actions.revoke_trust,
        rules.can_revoke_trust,
        gettext_lazy("Trust is revoked. The letter is on its way."),
        has_letter=True,
    ),
    "file_report": Step(
        gettext_lazy("Report against this buyer"),
        gettext_lazy("File the report"),
        forms.ReportForm,
        actions.file_report,
        rules.can_file_report,
        gettext_lazy("Filed. The officers of the case were told."),
    ),
    "assign_case": Step(
        gettext_lazy("Assign the case"),
        gettext_lazy("Assign"),
        forms.AssignForm,
        actions.assign_case,
        rules.can_assign_case,
        gettext_lazy("Assigned."),
    ),
    "hand_over_case": Step(
        gettext_lazy("Hand over the case"),
        gettext_lazy("Hand over"),
        forms.HandOverForm,
        actions.hand_over_case,
        rules.can_hand_over_case,
        gettext_lazy("Handed over. Your colleague was told."),
    ),
    "declare_conflict": Step(
        gettext_lazy("Declare a conflict of interest"),
        gettext_lazy("Declare"),
        forms.ConflictForm,
        actions.declare_conflict,
        rules.can_declare_conflict,
        gettext_lazy("Declared. You do not see this case any more."),
        leads_on=True,
    ),
}


def refusal_of(name: str, case: VettingCase, now: datetime) -> str:
    """Why the case's state forbids a step; "" when it does not."""
    if name in CASE.transitions:
        return CASE.refusal(case, name, now)
    if name in ("declare_conflict", "file_report") and case.status in CaseStatus.in_force():
        return ""
    return "" if case.status in CaseStatus.unfinished() else _("This case is decided or withdrawn.")
