"""What a buyer is told of its vetting. Not the internal state: that a colleague's opinion waits for a second one, what
was found or noted is never part of it. Pure: a case and its ledger entries in, words out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from buyers.states import CaseKind, CaseStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the buyer stands, in words: the state, whose move it is, and a tone (good, wait, bad or info)."""

    label: str
    next_step: str
    tone: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline. `place` is "done", "now" or "next"; what is now, and a decision to come, have no time."""

    label: str
    at: datetime | None
    place: str = "done"


def is_under_review(case: Any) -> bool:
    """Whether there is something to withdraw."""
    return case.status in CaseStatus.unfinished()


def is_in_force(case: Any, now: datetime) -> bool:
    """Given, and neither taken back nor ended; perhaps suspended."""
    return case.status in CaseStatus.in_force() and now < case.trusted_until


def is_buyers_move(case: Any) -> bool:
    return case.status == CaseStatus.QUESTION_ASKED


def standing(case: Any | None, now: datetime, *, is_trusted: bool) -> Standing:
    """`is_trusted` is what is computed at this moment; a stored trust that does not hold now is only called paused."""
    if case is None:
        return Standing(_("Not submitted"), _("Your move: complete the profile and submit it for vetting."), "info")
    if case.status == CaseStatus.TRUSTED and not is_trusted:
        return _lapsed(case, now)
    label, next_step, tone = _words(case)
    return Standing(label, next_step, tone)


def _lapsed(case: Any, now: datetime) -> Standing:
    if now >= case.trusted_until:
        return Standing(*_ended())
    return Standing(
        _("Trust is paused"),
        _("Our move: your records are being checked. You need not do anything; we write to you if we need something."),
        "wait",
    )


def _ended() -> tuple[str, str, str]:
    return _("Trust has ended"), _("Your move: submit your profile for vetting again."), "wait"


def _words(case: Any) -> tuple[str, str, str]:
    label = {
        CaseKind.FIRST: _("Under review"),
        CaseKind.RENEWAL: _("Renewal under review"),
        CaseKind.CHANGE: _("Changes under review"),
    }[CaseKind(case.kind)]
    review = (label, _("Our move: an officer looks at your profile. You need not do anything."), "wait")
    return {
        CaseStatus.OPEN: review,
        CaseStatus.ESCALATED: review,
        CaseStatus.RECOMMENDED: review,
        CaseStatus.QUESTION_ASKED: (_("Waiting for your answer"), _("Your move: answer what is asked."), "wait"),
        CaseStatus.TRUSTED: (_("Trusted"), _("Your posted needs are matched with packages."), "good"),
        CaseStatus.REFUSED: (_("Not trusted"), _("The letter says why, and what you can do."), "bad"),
        CaseStatus.SUSPENDED: (_("Trust is suspended"), _("Our move: an officer looks at your profile."), "bad"),
        CaseStatus.REVOKED: (_("Trust is revoked"), _("The letter says why, and what you can do."), "bad"),
        CaseStatus.EXPIRED: _ended(),
        CaseStatus.REPLACED: (_("Replaced by a newer decision"), "", "info"),
        CaseStatus.WITHDRAWN: (_("Withdrawn"), _("You can submit your profile again at any time."), "info"),
    }[CaseStatus(case.status)]


def waiting_since(case: Any, entries: Iterable[Any], questions: Iterable[Any]) -> datetime | None:
    """Since when it is this move: the buyer's since the longest open question, ours since the last released act; None
    where nobody is awaited."""
    if case.status not in CaseStatus.unfinished():
        return None
    if is_buyers_move(case):
        return min((question.asked_at for question in questions), default=None)
    words = _released_acts()
    return max((entry.recorded_at for entry in entries if entry.action in words), default=None)


def timeline(case: Any, entries: Iterable[Any], now: datetime) -> list[Step]:
    """The released acts on the case in their order, then what is now, then what comes next."""
    words = _released_acts()
    steps = [Step(words[entry.action], entry.recorded_at) for entry in entries if entry.action in words]
    if case.status in CaseStatus.unfinished():
        here = standing(case, now, is_trusted=False)
        steps += [Step(here.label, None, "now"), Step(_("Decision by letter"), None, "next")]
    elif case.status in CaseStatus.in_force() and case.trusted_until:
        has_ended = now >= case.trusted_until
        label = _("Trust ended") if has_ended else _("Trust ends, unless it is renewed")
        steps.append(Step(label, case.trusted_until, "done" if has_ended else "next"))
    return steps


def _released_acts() -> dict[str, str]:
    return {
        "submit_for_vetting": _("Submitted for vetting"),
        "ask_question": _("An officer asked you a question"),
        "answer_question": _("You answered"),
        "take_back_question": _("An officer took a question back"),
        "open_renewal": _("Review for a new term began"),
        "open_change": _("Review of what you changed began"),
        "withdraw_case": _("You withdrew your submission"),
        "countersign_trust": _("Trusted"),
        "refuse_trust": _("Decided: not trusted"),
        "suspend_trust": _("Trust suspended"),
        "amend_trust": _("Trust suspended"),
        "restore_trust": _("Trust restored"),
        "revoke_trust": _("Trust revoked"),
        "expire_trust": _("Trust ended"),
        "replace_trust": _("Replaced by a newer decision"),
    }
