"""A case goes to the manager with a reason, and comes back with an answer."""

import pytest

from buyers import actions
from buyers.models import VettingCase
from core.errors import UnableTo
from core.models import DatedRule
from tests.browsers import signed_in
from tests.buyers.bench import QUEUE, case_page, step_page
from tests.buyers.conftest import told
from tests.factories import buyers as make

pytestmark = pytest.mark.django_db


def test_it_goes_and_comes_back(case, now):
    officer, manager = make.officer(now), make.manager(now)
    due = case.due_at
    actions.escalate_case(case, by=officer, now=now, note="Is a grid within the program?")
    assert (case.status, case.assigned_to, case.due_at < due) == ("ESCALATED", officer, True)
    assert told(manager) == ["buyers.case_escalated"]
    actions.answer_escalation(case, by=manager, now=now, note="It is.")
    assert (case.status, case.assigned_to, case.due_at) == ("OPEN", officer, due)
    assert told(officer)[-1] == "buyers.escalation_answered"
    assert list(case.notes.order_by("pk").values_list("about", "text")) == [
        ("escalate_case", "Is a grid within the program?"),
        ("answer_escalation", "It is."),
    ]


@pytest.mark.parametrize("act", ["escalate_case", "answer_escalation"])
def test_both_say_why(act, buyer, now):
    case = make.case_at("OPEN" if act == "escalate_case" else "ESCALATED", buyer, now=now)
    by = make.officer(now) if act == "escalate_case" else make.manager(now)
    with pytest.raises(UnableTo, match="Say why"):
        getattr(actions, act)(case, by=by, now=now, note=" ")
    assert VettingCase.objects.get(pk=case.pk).status == ("OPEN" if act == "escalate_case" else "ESCALATED")


def test_a_manager_in_conflict_is_not_asked(case, now):
    manager = make.manager(now)
    actions.declare_conflict(case, by=manager, now=now)
    actions.escalate_case(case, by=make.officer(now), now=now, note="May we?")
    assert told(manager) == []


def test_without_a_rule_it_is_due_at_once(case, now):
    DatedRule.objects.filter(code="vetting_escalation_days").delete()
    actions.escalate_case(case, by=make.officer(now), now=now, note="May we?")
    assert case.due_at == now


def test_the_manager_finds_it_in_the_queue_and_answers(officer, ready, today):
    assert officer.post(step_page(ready, "escalate_case"), {"note": "May we?"}).url == QUEUE
    manager = signed_in(make.manager(today))
    shown = manager.get(f"{QUEUE}?move=MANAGER").context["rows"]
    assert [row.case for row in shown] == [ready]
    assert b"May we?" in manager.get(case_page(ready)).content
    assert manager.post(step_page(ready, "answer_escalation"), {"note": "We may."}).url == QUEUE
    ready.refresh_from_db()
    assert ready.status == "OPEN"
