"""A case that an officer cannot settle goes to the manager, with a reason, and comes back with an answer."""

from datetime import datetime
from typing import Any

from accounts.selectors import people_with_role
from accounts.states import Role
from buyers import letters, rules
from buyers.models import VettingCase
from buyers.notes import write_note
from buyers.selectors import queue
from buyers.selectors.officers import on_duty
from core import notifications
from core.actions import action, move


@action(rules.can_escalate_case)
def escalate_case(case: VettingCase, *, by: Any, now: datetime, note: str) -> VettingCase:
    """The managers are told. It stays the officer's case, and nobody decides on it until a manager answered."""
    changes = {"assigned_to": case.assigned_to or by, "due_at": queue.escalation_due(case, now)}
    move(case, "escalate_case", by=by, now=now, changes=changes)
    write_note(case, "escalate_case", note, by=by, now=now)
    managers = [person for person in people_with_role(Role.MANAGER) if rules.can_answer_escalation(person, case)]
    key = f"escalated:{case.pk}:v{case.version}"
    notifications.notify(managers, lambda _user: letters.case_escalated(case, by), key=key, now=now)
    return case


@action(rules.can_answer_escalation)
def answer_escalation(case: VettingCase, *, by: Any, now: datetime, note: str) -> VettingCase:
    """The manager's answer stands in a note, and the officer's clock goes on."""
    due = queue.decision_due(case, case.created_at, now)
    move(case, "answer_escalation", by=by, now=now, changes={"due_at": due})
    write_note(case, "answer_escalation", note, by=by, now=now)
    key = f"escalation-answered:{case.pk}:v{case.version}"
    officers = [on_duty(case.assigned_to, case, now)] if case.assigned_to else []
    notifications.notify(officers, lambda _user: letters.escalation_answered(case, by), key=key, now=now)
    return case
