"""Who works on a case: taken, given, handed over, or kept away from it by a conflict of interest."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.selectors import has_role
from accounts.states import Role
from buyers import letters, rules
from buyers.actions.trust import void_recommendation
from buyers.models import CaseConflict, VettingCase
from buyers.notes import write_note
from buyers.selectors import queue
from buyers.states import CaseStatus
from core import notifications
from core.actions import action, lock, record
from core.actors import Actor
from core.errors import UnableTo


@action(rules.can_review_case)
def take_case(case: VettingCase, *, by: Any, now: datetime) -> VettingCase:
    """Make it the officer's own, also from a colleague, who is told."""
    lock(case)
    return _assign(case, by, by=by, now=now, step="take_case")


@action(rules.can_take_next_case)
def take_next_case(*, by: Any, now: datetime) -> VettingCase | None:
    """Take the longest due of the cases that nobody has at the officer's posts, or that are a colleague's whom the officer
    covers; None when there is none.

    Two officers at the same moment get different ones: what a colleague is taking is passed over.
    """
    case = queue.next_cases(by, now).select_for_update(of=("self",), skip_locked=True).first()
    return case and _assign(case, by, by=by, now=now, step="take_case")


@action(rules.can_take_next_countersignature)
def take_next_countersignature(*, by: Any, now: datetime) -> VettingCase | None:
    """Take the longest due recommendation of the pool, of any post, to look at it second; None when there is none. Others
    may still sign it: the first one who does decides."""
    waiting = queue.next_countersignatures(by, now)
    case = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if case is not None:
        case.countersigner = by
        case.save(update_fields=["countersigner"])
        record(case, "take_countersignature", by=by, now=now)
    return case


@action(rules.can_assign_case)
def assign_case(case: VettingCase, *, by: Actor, now: datetime, officer: Any, note: str = "") -> VettingCase:
    """Give it to an officer; from a colleague only with a note that says why.

    Raises UnableTo for somebody who is no officer, belongs to the buyer's organization or declared a conflict.
    """
    lock(case)
    _refuse_unfit(case, officer)
    if note.strip() or case.assigned_to_id not in (None, officer.pk):
        write_note(case, "assign_case", note, by=by, now=now)
    return _assign(case, officer, by=by, now=now, step="assign_case")


@action(rules.can_hand_over_case)
def hand_over_case(case: VettingCase, *, by: Any, now: datetime, officer: Any, note: str) -> VettingCase:
    """Give one's own case to a colleague, with a note that says why and what is left to do."""
    lock(case)
    if case.assigned_to_id != by.pk:
        raise UnableTo(_("This case is no longer yours. Only the officer who has it can hand it over."))
    _refuse_unfit(case, officer)
    write_note(case, "hand_over_case", note, by=by, now=now)
    return _assign(case, officer, by=by, now=now, step="hand_over_case")


def _refuse_unfit(case: VettingCase, officer: Any) -> None:
    if not has_role(officer, Role.OFFICER) or not rules.can_review_case(officer, case):
        raise UnableTo(_("%(name)s cannot review this case. Choose another officer.") % {"name": officer.name})


def _assign(case: VettingCase, officer: Any, *, by: Any, now: datetime, step: str) -> VettingCase:
    """Of a case that is locked. Whoever had it and whoever has it now are told, except of their own act."""
    if case.status not in CaseStatus.unfinished():
        raise UnableTo(_("This case is decided or withdrawn. There is nothing left to review."))
    before = case.assigned_to
    case.assigned_to = officer
    case.save(update_fields=["assigned_to"])
    entry = record(case, step, by=by, now=now, detail={"officer": officer.ledger_name})
    concerned = [person for person in (before, officer) if person and person != by] if before != officer else []
    key = f"assigned:{case.pk}:{entry.pk}"
    notifications.notify(concerned, lambda _user: letters.case_assigned(case, officer), key=key, now=now)
    return case


@action(rules.can_declare_conflict)
def declare_conflict(case: VettingCase, *, by: Any, now: datetime) -> CaseConflict:
    """Keep away from a case for good: it is nobody's again, and a recommendation of this officer does not stand."""
    lock(case)
    if case.status == CaseStatus.RECOMMENDED and case.recommended_by_id == by.pk:
        void_recommendation(case, by=by, now=now, cause="conflict")
    for part in ("assigned_to", "countersigner"):
        if getattr(case, f"{part}_id") == by.pk:
            setattr(case, part, None)
            case.save(update_fields=[part])
    conflict = CaseConflict.objects.create(case=case, officer=by, declared_at=now)
    record(case, "declare_conflict", by=by, now=now)
    case.refresh_from_db()
    return conflict
