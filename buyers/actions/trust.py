"""Trust: recommended by one officer, countersigned by another, suspended, restored, revoked.

Trust is given only to an organization that is clear in screening, at both officers' acts. Whether it holds later is
computed at each read (`selectors.trusts`).
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from accounts.selectors import officers_for_country
from buyers import letters, rules, selectors
from buyers.checklist import obstacles
from buyers.letters import Draft
from buyers.models import CaseLetter, VettingCase
from buyers.notes import write_note
from buyers.selectors import queue
from buyers.states import CASE, LetterKind
from core import dated, notifications, outbox
from core.actions import action, lock, move, record
from core.errors import StaleVersion, UnableTo
from core.models import DatedRule
from core.permissions import require
from organizations.selectors import people_of
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
    if found := obstacles({item: row.finding for item, row in selectors.current_findings(case).items()}):
        raise UnableTo(_("The checklist does not carry this recommendation: %(why)s") % {"why": " ".join(found)})
    if not opinion.strip() or not countries or not components:
        raise UnableTo(_("Write your opinion, and choose the countries and components that trust shall cover."))
    rule = _longest_trust(until, now)
    changes = {
        "opinion": opinion,
        "trusted_until": datetime.combine(until, END_OF_DAY),
        "scope_countries": sorted(set(countries)),
        "scope_components": sorted(set(components)),
        "recommended_by": by,
        "recommended_at": now,
        "assigned_to": case.assigned_to or by,
        "due_at": queue.countersignature_due(case, now),
    }
    detail = _evidence(state) | {"rule": rule.code, "rule_version": rule.version, "until": until.isoformat()}
    detail["profile"] = selectors.profile_stamp(case.buyer)
    move(case, "recommend_trust", by=by, now=now, changes=changes, detail=detail)
    others = officers_for_country(case.buyer.organization.headquarters_country).exclude(pk=by.pk)
    notifications.notify(
        others,
        lambda _user: letters.countersignature_wanted(case, by),
        key=f"countersign:{case.pk}:v{case.version}",
        now=now,
    )
    return case


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
    """Lock the case and raise UnableTo when its state forbids the step: said before anything else is."""
    lock(case)
    if refusal := CASE.refusal(case, step, now):
        raise UnableTo(refusal)


def _refuse_unseen(case: VettingCase, seen: str) -> None:
    """Keep the buyer's profile as it is until this act is done; StaleVersion when it is not what was `seen`."""
    lock(lock(case.buyer).organization)
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
        notifications.notify([first], lambda _user: letters.case_returned(case, by), key=key, now=now)
    return case


def _withdrawn(case: VettingCase, now: datetime) -> dict[str, Any]:
    """What changes on a case when its recommendation no longer stands: the first officer's clock goes on."""
    due = queue.decision_due(case, case.created_at, now)
    return {"recommended_by": None, "recommended_at": None, "trusted_until": None, "due_at": due}


@action(rules.can_void_recommendation)
def void_recommendation(case: VettingCase, *, by: Any, now: datetime, cause: str) -> VettingCase:
    """A recommendation whose ground changed does not wait for its second officer: the case is open again.

    `cause` is "profile" (the buyer changed what was read) or "conflict" (of the officer who recommended).
    """
    first = case.recommended_by
    move(case, "void_recommendation", by=by, now=now, changes=_withdrawn(case, now), detail={"cause": cause})
    others = [first] if first and first != by else []
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
    if selectors.recommended_stamp(case) != selectors.profile_stamp(case.buyer):
        raise UnableTo(_("The buyer changed its profile after the recommendation. Return the case for another look."))
    if old := selectors.trust_in_force(case.buyer):
        move(old, "replace_trust", by=by, now=now, detail={"case": case.pk})
    changes = {"countersigned_by": by, "decided_at": now}
    move(case, "countersign_trust", by=by, now=now, changes=changes, detail=_evidence(state))
    _send(case, LetterKind.TRUSTED, letter, by=by, now=now)
    _publish_change(case, now)
    return case


@action(rules.can_refuse_trust)
def refuse_trust(case: VettingCase, *, by: Any, now: datetime, reason: str, letter: Draft | None = None) -> VettingCase:
    """Decide against trust and send the letter. A trust that is in force from an earlier case is not touched."""
    changes = {"refusal_reason": reason, "decided_at": now}
    move(case, "refuse_trust", by=by, now=now, changes=changes, detail={"reason": str(reason)})
    _send(case, LetterKind.REFUSED, letter, by=by, now=now, reason=reason)
    return case


# --- taking it back -------------------------------------------------------------------------------------------------


@action(rules.can_suspend_trust)
def suspend_trust(
    case: VettingCase, *, by: Any, now: datetime, note: str = "", letter: Draft | None = None
) -> VettingCase:
    """Suspend at once. An officer says why in a note for colleagues; screening's job needs none."""
    move(case, "suspend_trust", by=by, now=now)
    if by != rules.SCREENING:
        write_note(case, "suspend_trust", note, by=by, now=now)
    _send(case, LetterKind.SUSPENDED, letter, by=by, now=now)
    _publish_change(case, now)
    return case


@action(rules.can_restore_trust)
def restore_trust(case: VettingCase, *, by: Any, now: datetime, letter: Draft | None = None) -> VettingCase:
    """Lift a suspension, until the end that trust had. Raises UnableTo unless screening is clear."""
    _refuse_step(case, "restore_trust", now)
    state = _clear_screening(case, now)
    move(case, "restore_trust", by=by, now=now, detail=_evidence(state))
    _send(case, LetterKind.RESTORED, letter, by=by, now=now)
    _publish_change(case, now)
    return case


@action(rules.can_revoke_trust)
def revoke_trust(case: VettingCase, *, by: Any, now: datetime, note: str, letter: Draft | None = None) -> VettingCase:
    """Take trust back for good; a new one needs a new case."""
    move(case, "revoke_trust", by=by, now=now)
    write_note(case, "revoke_trust", note, by=by, now=now)
    _send(case, LetterKind.REVOKED, letter, by=by, now=now)
    _publish_change(case, now)
    return case


def _send(
    case: VettingCase, kind: LetterKind, letter: Draft | None, *, by: Any, now: datetime, reason: str = ""
) -> CaseLetter:
    """Store the letter as sent and mail it to the buyer's people. Raises UnableTo when it would disclose something."""
    letter = letter or letters.draft(kind, case, reason=reason)
    if found := selectors.disclosed(case, f"{letter.subject}\n{letter.body}"):
        raise UnableTo(_("The letter must not mention this, reword it: %(what)s") % {"what": "; ".join(found)})
    sender = None if by == rules.SCREENING else by
    stored = CaseLetter.objects.create(
        case=case, kind=kind, subject=letter.subject, body=letter.body, sent_by=sender, sent_at=now
    )
    digest = hashlib.sha256(f"{letter.subject}\n\n{letter.body}".encode()).hexdigest()
    record(case, "send_letter", by=by, now=now, detail={"letter": stored.pk, "kind": str(kind), "sha256": digest})
    notifications.notify(
        people_of(case.buyer.organization),
        lambda _user: letters.decision(stored),
        key=f"case-letter:{stored.pk}",
        now=now,
    )
    return stored


def _publish_change(case: VettingCase, now: datetime) -> None:
    payload = {"buyer": case.buyer_id}
    outbox.publish("buyers.trust_changed", key=f"case:{case.pk}:v{case.version}", payload=payload, now=now)
