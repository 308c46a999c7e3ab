"""From submission to a decision: what buyer and officers do to make a case ripe."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.selectors import officers_for_country, post_for_country
from buyers import letters, rules, selectors
from buyers.models import Buyer, CaseQuestion, ChecklistFinding, VettingCase
from buyers.selectors import queue
from buyers.states import CaseStatus
from core import notifications
from core.actions import action, begin, issue_receipt, lock, move, record
from core.actors import Actor
from core.errors import UnableTo
from core.models import Receipt
from organizations.selectors import people_of


@action(rules.can_submit_for_vetting)
def submit_for_vetting(buyer: Buyer, *, by: Any, now: datetime) -> tuple[VettingCase, Receipt]:
    """Open a case at the post that covers the headquarters' country; without such a post, in Washington.

    Raises UnableTo while another case is unfinished, or what officers need first is missing.
    """
    lock(buyer)
    if selectors.unfinished_case(buyer):
        raise UnableTo(_("Your profile is under review already. There is nothing more to submit."))
    if missing := selectors.missing_for_vetting(buyer):
        raise UnableTo(" ".join(missing))
    country = buyer.organization.headquarters_country
    case = VettingCase(buyer=buyer, post=post_for_country(country))
    case.due_at = queue.decision_due(case, now, now)
    begin(case, by=by, now=now, action="submit_for_vetting", detail={"buyer": buyer.pk})
    receipt = _receipt(case, by=by, now=now)
    _tell_buyer(case, lambda _user: letters.submitted(case, receipt), key=f"submitted:{case.pk}", now=now)
    notifications.notify(
        officers_for_country(country), lambda _user: letters.case_opened(case), key=f"case-opened:{case.pk}", now=now
    )
    return case, receipt


def _receipt(case: VettingCase, *, by: Any, now: datetime) -> Receipt:
    return issue_receipt(
        case,
        "submit_for_vetting",
        by=by,
        now=now,
        summary=_("The profile of %(buyer)s was submitted for vetting.") % {"buyer": case.buyer},
        next_step=_("An officer looks at it. Questions and the decision come by mail and stand on the buyer's page."),
        path=reverse("buyer_detail", args=[case.buyer_id]),
    )


def _tell_buyer(case: VettingCase, build: Any, *, key: str, now: datetime) -> None:
    notifications.notify(people_of(case.buyer.organization), build, key=key, now=now)


@action(rules.can_withdraw_case)
def withdraw_case(case: VettingCase, *, by: Actor, now: datetime) -> VettingCase:
    move(case, "withdraw_case", by=by, now=now)
    if case.assigned_to:
        notifications.notify(
            [case.assigned_to], lambda _user: letters.case_withdrawn(case), key=f"case-withdrawn:{case.pk}", now=now
        )
    return case


@action(rules.can_review_case)
def record_findings(
    case: VettingCase, *, by: Any, now: datetime, findings: Mapping[str, tuple[str, str]]
) -> list[ChecklistFinding]:
    """Record findings (item: finding and note) that differ from the current ones; older rows stay.

    Raises UnableTo once the case is recommended or decided.
    """
    lock(case)
    if case.status not in (CaseStatus.OPEN, CaseStatus.QUESTION_ASKED):
        raise UnableTo(_("Findings can be recorded only while the case is under review."))
    current = selectors.current_findings(case)
    known = {item: (row.finding, row.note) for item, row in current.items()}
    new = ChecklistFinding.objects.bulk_create(
        ChecklistFinding(case=case, item=item, finding=finding, note=note, found_by=by, found_at=now)
        for item, (finding, note) in findings.items()
        if known.get(item) != (finding, note)
    )
    if new:
        detail = {str(row.item): str(row.finding) for row in new}
        record(case, "record_findings", by=by, now=now, detail=detail)
    return new


@action(rules.can_review_case)
def ask_question(case: VettingCase, *, by: Any, now: datetime, text: str) -> CaseQuestion:
    """The case waits for the buyer's answer; its people get mail without the question's text."""
    if not text.strip():
        raise UnableTo(_("Write your question."))
    if found := selectors.disclosed(case, text, asks=True):
        raise UnableTo(_("Reword the question, the buyer must not read this: %(what)s") % {"what": "; ".join(found)})
    move(case, "ask_question", by=by, now=now)
    question = CaseQuestion.objects.create(case=case, text=text, asked_by=by, asked_at=now)
    _tell_buyer(case, lambda _user: letters.question_asked(case), key=f"question:{question.pk}", now=now)
    return question


@action(rules.can_answer_question)
def answer_question(case: VettingCase, *, by: Any, now: datetime, answer: str) -> CaseQuestion:
    if not answer.strip():
        raise UnableTo(_("Write your answer."))
    move(case, "answer_question", by=by, now=now)
    question = selectors.open_question(case)
    if question is None:
        raise UnableTo(_("There is no question to answer."))
    question.answer, question.answered_by, question.answered_at = answer, by, now
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    case.due_at = queue.decision_due(case, case.created_at, now)
    case.save(update_fields=["due_at"])
    officer = case.assigned_to or question.asked_by
    key = f"answered:{question.pk}"
    notifications.notify([officer], lambda _user: letters.question_answered(case), key=key, now=now)
    return question
