"""Questions to the buyer. Several may wait at once; the case waits, and its clock stands, while at least one does."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from buyers import letters, rules, selectors
from buyers.models import CaseQuestion, VettingCase
from buyers.selectors import queue
from buyers.selectors.officers import on_duty
from buyers.states import CASE
from core import dated, notifications
from core.actions import action, lock, move, record
from core.actors import Actor
from core.errors import UnableTo
from organizations.actions import add_document
from organizations.selectors import people_of


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
def answer_question(
    case: VettingCase,
    *,
    by: Any,
    now: datetime,
    answer: str,
    question: CaseQuestion | None = None,
    uploads: Iterable[Any] = (),
    kind: str = "OTHER",
) -> CaseQuestion:
    """Answer `question`, or the one that waits longest, with documents of `kind` from `uploads` if there are any. The
    last open one gives the case back to its officer. Raises UnableTo for a question that is closed already."""
    if not answer.strip():
        raise UnableTo(_("Write your answer."))
    found = _still_open(case, "answer_question", question, now)
    found.answer, found.answered_by, found.answered_at, found.closed_at = answer, by, now, now
    found.save(update_fields=["answer", "answered_by", "answered_at", "closed_at"])
    found.documents.add(
        *[add_document(case.buyer.organization, by=by, now=now, upload=upload, kind=kind) for upload in uploads]
    )
    _go_on(case, "answer_question", found, by=by, now=now)
    officer = on_duty(case.assigned_to or found.asked_by, case, now)
    waits = selectors.open_questions(case).count()
    key = f"answered:{found.pk}"
    notifications.notify([officer], lambda _user: letters.question_answered(case, waits), key=key, now=now)
    return found


@action(rules.can_review_case)
def take_back_question(case: VettingCase, *, by: Any, now: datetime, question: CaseQuestion) -> CaseQuestion:
    """Nobody waits for this answer any more; the buyer's page stops asking. Raises UnableTo for one that is closed."""
    found = _still_open(case, "take_back_question", question, now)
    found.closed_at = now
    found.save(update_fields=["closed_at"])
    _go_on(case, "take_back_question", found, by=by, now=now)
    _tell_buyer(case, lambda _user: letters.question_taken_back(case), key=f"taken-back:{found.pk}", now=now)
    return found


def _still_open(case: VettingCase, step: str, question: CaseQuestion | None, now: datetime) -> CaseQuestion:
    """Lock the case and find the question, or the one that waits longest, among those that wait."""
    lock(case)
    if refusal := CASE.refusal(case, step, now):
        raise UnableTo(refusal)
    waiting = selectors.open_questions(case)
    found = waiting.filter(pk=question.pk).first() if question else waiting.first()
    if found is None:
        raise UnableTo(_("This question was answered or taken back already."))
    return found


def _go_on(case: VettingCase, step: str, question: CaseQuestion, *, by: Actor, now: datetime) -> None:
    """The case moves on with its last open question; the time that it waited is added to what is due."""
    detail = {"question": question.pk}
    if selectors.open_questions(case).exists():
        record(case, step, by=by, now=now, detail=detail)
        return
    due = queue.decision_due(case, case.created_at, now)
    move(case, step, by=by, now=now, changes={"due_at": due}, detail=detail)


@action(rules.is_chasing_job)
def chase_buyer(case: VettingCase, *, by: Actor, now: datetime) -> None:
    """Remind the buyer of its questions, and then the officer of a silent buyer, each once per number of working days
    that the dated rule names, and never where none holds. What was missed is not made up for with several reminders."""
    oldest = selectors.open_questions(case).first()
    if oldest is None:
        return
    try:
        rule = dated.rule_at(queue.CHASERS, now.date()).value
        waited = queue.working_days(case, oldest.asked_at, now)
    except dated.NoRule:
        return
    if passed := [days for days in rule["buyer"] if days <= waited]:
        key = f"chaser:{oldest.pk}:{max(passed)}"
        _tell_buyer(case, lambda _user: letters.question_waits(case, oldest), key=key, now=now)
    if waited >= rule["officer"]:
        officer = on_duty(case.assigned_to or oldest.asked_by, case, now)
        key = f"chaser:{oldest.pk}:officer"
        notifications.notify([officer], lambda _user: letters.buyer_is_silent(case, oldest), key=key, now=now)


def _tell_buyer(case: VettingCase, build: Any, *, key: str, now: datetime) -> None:
    notifications.notify(people_of(case.buyer.organization), build, key=key, now=now)
