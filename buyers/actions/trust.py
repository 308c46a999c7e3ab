"""Trust: recommended by one officer, countersigned by another, suspended, restored, revoked.

Trust is given only to an organization that is clear in screening, at both officers' acts. Whether it holds later is
computed at each read (`selectors.trusts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from buyers import letters, rules, selectors
from buyers.checklist import obstacles
from buyers.letters import Draft
from buyers.models import VettingCase
from buyers.notes import write_note
from buyers.questions import close_questions
from buyers.record import decide
from buyers.selectors import facts, queue
from buyers.selectors.officers import on_duty, second_officers
from buyers.sending import publish_change, send_letter
from buyers.states import CASE, CaseKind, LetterKind, SuspensionReason
from core import dated, notifications
from core.actions import action, lock, move
from core.errors import StaleVersion, UnableTo
from core.models import DatedRule
from core.permissions import require
from screening.selectors import ScreeningState, screening_state

END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


# --- giving it ------------------------------------------------------------------------------------------------------


@action(rules.can_recommend_trust)
def recommend_trust(
    case: VettingCase,
    *,
    by: Any,
    now: datetime,
    opinion: str,
    until: date,
    countries: Sequence[str],
    components: Sequence[str],
    seen: str = "",
) -> VettingCase:
    """Recommend trust through the day `until`, for deliveries to `countries` and of `components`.

    `seen` is the `stamp_of` what the officer read. Raises UnableTo unless screening is clear, the checklist carries it,
    and end and scope are allowed; StaleVersion when case or profile changed after they were read.
    """
    _refuse_step(case, "recommend_trust", now)
    _refuse_unseen(case, seen)
    state = _clear_screening(case, now)
    _refuse_unsettled(case)
    if found := obstacles({item: row.finding for item, row in facts.standing_findings(case, now).items()}):
        raise UnableTo(_("The checklist does not carry this recommendation: %(why)s") % {"why": " ".join(found)})
    terms = Terms(opinion, until, countries, components)
    changes, detail = _recommended(case, terms, by=by, now=now)
    decide(case, "recommend_trust", by=by, now=now, changes=changes, detail=_evidence(state) | detail)
    _ask_second(case, by, now)
    return case


@action(rules.can_amend_trust)
def amend_trust(
    case: VettingCase,
    *,
    by: Any,
    now: datetime,
    opinion: str,
    until: date,
    countries: Sequence[str],
    components: Sequence[str],
    seen: str = "",
) -> VettingCase:
    """Change end or scope of a trust that was given. The countersignature is void: nobody is trusted on these terms until
    a second officer signs them. Raises UnableTo while a newer case is under review, or unless screening is clear."""
    _refuse_step(case, "amend_trust", now)
    _refuse_unseen(case, seen)
    if selectors.unfinished_case(case.buyer):
        raise UnableTo(_("Another case of this buyer is under review. Recommend the new terms there."))
    state = _clear_screening(case, now)
    _refuse_unsettled(case)
    changes, detail = _recommended(case, Terms(opinion, until, countries, components), by=by, now=now)
    changes |= {"countersigned_by": None, "facts": {}, "profile_version": None}
    decide(case, "amend_trust", by=by, now=now, changes=changes, detail=_evidence(state) | detail)
    _ask_second(case, by, now)
    send_letter(case, LetterKind.SUSPENDED, None, by=by, now=now)
    publish_change(case, now)
    return case


@dataclass(frozen=True)
class Terms:
    """What is recommended: why, until when, and for what."""

    opinion: str
    until: date
    countries: Sequence[str]
    components: Sequence[str]


def _recommended(case: VettingCase, terms: Terms, *, by: Any, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a recommendation changes on the case, and what the ledger keeps of it. Raises UnableTo for unfit terms."""
    if not terms.opinion.strip() or not terms.countries or not terms.components:
        raise UnableTo(_("Write your opinion, and choose the countries and components that trust shall cover."))
    rule = _longest_trust(terms.until, now)
    changes = {
        "opinion": terms.opinion,
        "trusted_until": datetime.combine(terms.until, END_OF_DAY),
        "scope_countries": sorted(set(terms.countries)),
        "scope_components": sorted(set(terms.components)),
        "recommended_by": by,
        "recommended_at": now,
        "countersigner": None,
        "assigned_to": case.assigned_to or by,
        "due_at": queue.countersignature_due(case, now),
    }
    detail = {"rule": rule.code, "rule_version": rule.version, "until": terms.until.isoformat()}
    return changes, detail | {"profile": selectors.profile_stamp(case.buyer)}


def _ask_second(case: VettingCase, by: Any, now: datetime) -> None:
    notifications.notify(
        second_officers(case, by, now),
        lambda _user: letters.countersignature_wanted(case, by),
        key=f"countersign:{case.pk}:v{case.version}",
        now=now,
    )


def _longest_trust(until: date, now: datetime) -> DatedRule:
    """The rule that allows this end. Raises UnableTo when it is too late or past, or where no rule holds."""
    try:
        rule = dated.rule_at("trust_max_days", now.date())
    except dated.NoRule as error:
        raise UnableTo(str(error)) from error
    days = (until - now.date()).days
    if not 0 < days <= rule.value:
        raise UnableTo(
            _("Trust may last at most %(days)s days. Choose an earlier day, after today.") % {"days": rule.value}
        )
    return rule


def _clear_screening(case: VettingCase, now: datetime) -> ScreeningState:
    """Raises UnableTo with screening's own reason unless the organization is clear."""
    state = screening_state(case.buyer.organization, now)
    if not state.is_clear:
        raise UnableTo(_("Trust is not possible: %(reason)s") % {"reason": state.reason})
    return state


def _evidence(state: ScreeningState) -> dict[str, Any]:
    """By which run against which list this was clear, for the ledger."""
    return {"run": state.run.pk if state.run else None, "release": state.release.pk if state.release else None}


def _refuse_step(case: VettingCase, step: str, now: datetime) -> None:
    """Lock buyer, organization and case, in this order as everybody does, and raise UnableTo when the case's state forbids
    the step: said before anything else is."""
    lock(lock(case.buyer).organization)
    lock(case)
    if refusal := CASE.refusal(case, step, now):
        raise UnableTo(refusal)


def _refuse_unseen(case: VettingCase, seen: str) -> None:
    """StaleVersion when the buyer's profile, which stays as it is until this act is done, is not what was `seen`."""
    if seen and seen != selectors.stamp_of(case):
        raise StaleVersion(
            _("The case or the buyer's profile changed after you read it. Read the case again and repeat your step.")
        )


@action(rules.can_return_case)
def return_case(case: VettingCase, *, by: Any, now: datetime, note: str) -> VettingCase:
    """Give it back to the first officer, with a note that says why."""
    first = case.recommended_by
    move(case, "return_case", by=by, now=now, changes=_withdrawn(case, now))
    write_note(case, "return_case", note, by=by, now=now)
    if first:
        key = f"returned:{case.pk}:v{case.version}"
        reader = on_duty(first, case, now)
        notifications.notify([reader], lambda _user: letters.case_returned(case, by), key=key, now=now)
    return case


def _withdrawn(case: VettingCase, now: datetime) -> dict[str, Any]:
    """What changes on a case when its recommendation no longer stands: the first officer's clock goes on."""
    began = case.recommended_at if case.decided_at else case.created_at  # amended terms are a look of their own
    due = queue.decision_due(case, began or now, now)
    terms = {"recommended_by": None, "recommended_at": None, "trusted_until": None}
    return terms | {"countersigner": None, "due_at": due}


@action(rules.can_void_recommendation)
def void_recommendation(case: VettingCase, *, by: Any, now: datetime, cause: str) -> VettingCase:
    """A recommendation whose ground changed does not wait for its second officer: the case is open again.

    `cause` is "profile" (the buyer changed what was read), "report" (of a post) or "conflict" (of the officer who
    recommended).
    """
    first = case.recommended_by
    move(case, "void_recommendation", by=by, now=now, changes=_withdrawn(case, now), detail={"cause": cause})
    others = [on_duty(first, case, now)] if first and first != by else []
    key = f"void:{case.pk}:v{case.version}"
    notifications.notify(others, lambda _user: letters.recommendation_void(case), key=key, now=now)
    return case


@action(rules.can_countersign_trust)
def countersign_trust(
    case: VettingCase, *, by: Any, now: datetime, letter: Draft | None = None, seen: str = ""
) -> VettingCase:
    """Give the recommended trust, replacing one in force, and send the letter (as drafted, or as the officer wrote it).

    Raises UnableTo unless screening is clear now, and when the buyer changed anything after the recommendation;
    StaleVersion when this is not the recommendation that the officer read (`seen`, a `stamp_of`).
    """
    _refuse_step(case, "countersign_trust", now)
    require(rules.can_countersign_trust(by, case))  # again, of whoever recommended it by now
    _refuse_unseen(case, seen)
    state = _clear_screening(case, now)
    _refuse_unsettled(case)
    if selectors.recommended_stamp(case) != selectors.profile_stamp(case.buyer):
        raise UnableTo(_("The buyer changed its profile after the recommendation. Return the case for another look."))
    if old := selectors.trust_in_force(case.buyer):
        move(old, "replace_trust", by=by, now=now, changes={"suspension_reason": ""}, detail={"case": case.pk})
    changes = {
        "countersigned_by": by,
        "decided_at": case.decided_at or now,  # amended terms were decided on before: the case took until then
        "facts": facts.facts_of(case.buyer, now.date()),
        "profile_version": case.buyer.organization.profile_version,
    }
    decide(case, "countersign_trust", by=by, now=now, changes=changes, detail=_evidence(state))
    send_letter(case, LetterKind.TRUSTED, letter, by=by, now=now)
    publish_change(case, now)
    return case


@action(rules.can_refuse_trust)
def refuse_trust(case: VettingCase, *, by: Any, now: datetime, reason: str, letter: Draft | None = None) -> VettingCase:
    """Decide against trust and send the letter. A trust that is in force from an earlier case is not touched, except where
    the case was about what changed since: of that buyer it no longer speaks, and is revoked."""
    changes = {"refusal_reason": reason, "decided_at": now}
    decide(case, "refuse_trust", by=by, now=now, changes=changes, detail={"reason": str(reason)})
    close_questions(case, now)
    if case.kind == CaseKind.CHANGE and (old := selectors.trust_in_force(case.buyer)):
        decide(old, "revoke_trust", by=by, now=now, changes={"suspension_reason": ""}, detail={"case": case.pk})
        publish_change(old, now)
    send_letter(case, LetterKind.REFUSED, letter, by=by, now=now, reason=reason)
    return case


# --- taking it back -------------------------------------------------------------------------------------------------


@action(rules.can_suspend_trust)
def suspend_trust(
    case: VettingCase, *, by: Any, now: datetime, reason: str, note: str = "", letter: Draft | None = None
) -> VettingCase:
    """Suspend at once. An officer says why in a note for colleagues; screening's job needs none."""
    changes = {"suspension_reason": SuspensionReason(reason)}
    decide(case, "suspend_trust", by=by, now=now, changes=changes, detail={"reason": str(reason)})
    if by != rules.SCREENING:
        write_note(case, "suspend_trust", note, by=by, now=now)
    send_letter(case, LetterKind.SUSPENDED, letter, by=by, now=now)
    publish_change(case, now)
    return case


@action(rules.can_restore_trust)
def restore_trust(
    case: VettingCase, *, by: Any, now: datetime, reason: str, letter: Draft | None = None
) -> VettingCase:
    """Lift a suspension, until the end that trust had. Raises UnableTo unless screening is clear, every report of a post
    is settled, and legal name, countries and owners are those on which trust was given."""
    _refuse_step(case, "restore_trust", now)
    state = _clear_screening(case, now)
    _refuse_unsettled(case)
    _refuse_changed(case, now)
    changes = {"suspension_reason": "", "profile_version": case.buyer.organization.profile_version}
    detail = _evidence(state) | {"reason": str(reason), "suspended_for": case.suspension_reason}
    decide(case, "restore_trust", by=by, now=now, changes=changes, detail=detail)
    send_letter(case, LetterKind.RESTORED, letter, by=by, now=now)
    publish_change(case, now)
    return case


def _refuse_unsettled(case: VettingCase) -> None:
    if selectors.has_unsettled_report(case.buyer):
        raise UnableTo(_("A post's report on this buyer is not settled. Settle it first."))


def _refuse_changed(trust: VettingCase, now: datetime) -> None:
    """Trust was given on other facts: whatever case was to look at them, this trust does not come back."""
    if selectors.changed_facts_case(trust):
        raise UnableTo(_("The buyer's changed facts are under review. Decide that case; its trust replaces this one."))
    if any(change.is_material for change in facts.compared(trust.facts, trust.buyer, now.date())):
        raise UnableTo(
            _("Legal name, country or owners are not those on which trust was given. Give trust anew, in a new case.")
        )


@action(rules.can_revoke_trust)
def revoke_trust(case: VettingCase, *, by: Any, now: datetime, note: str, letter: Draft | None = None) -> VettingCase:
    """Take trust back for good; a new one needs a new case."""
    decide(case, "revoke_trust", by=by, now=now, changes={"suspension_reason": ""})
    write_note(case, "revoke_trust", note, by=by, now=now)
    send_letter(case, LetterKind.REVOKED, letter, by=by, now=now)
    publish_change(case, now)
    return case
