"""What a post reports against a buyer: trust stops at once where the dated rule says so, and somebody else settles it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.selectors import officers_for_country
from buyers import letters, rules, selectors
from buyers.actions.trust import suspend_trust, void_recommendation
from buyers.models import AdverseReport, VettingCase
from buyers.notes import write_note
from buyers.selectors.officers import reporting_post
from buyers.states import CaseStatus, SuspensionReason
from core import dated, notifications
from core.actions import action, begin, lock, move
from core.errors import UnableTo

SUSPENDING = "adverse_report_suspends"


@action(rules.can_file_report)
def file_report(case: VettingCase, *, by: Any, now: datetime, kind: str, text: str) -> AdverseReport:
    """File it on a case that is under review or in force. A given trust is suspended where the dated rule names this
    kind, and where no rule holds; a recommendation that waits falls in any case. The buyer learns nothing of the report.
    """
    if not text.strip():
        raise UnableTo(_("Say what was seen, by whom and when."))
    lock(lock(case.buyer).organization)
    lock(case)
    post = reporting_post(by, case.buyer.organization.headquarters_country)
    if case.status not in (*CaseStatus.unfinished(), *CaseStatus.in_force()) or post is None:
        raise UnableTo(_("This case is closed. File the report on the buyer's current case."))
    report = AdverseReport(case=case, post=post, kind=kind, text=text, reported_by=by)
    version, suspends = _rule(kind, now)
    begin(report, by=by, now=now, action="file_report", detail={"kind": str(kind), "rule_version": version})
    if waiting := selectors.recommended_case(case.buyer):
        void_recommendation(waiting, by=by, now=now, cause="report")
    given = selectors.trust_in_force(case.buyer)
    was_suspended = suspends and given is not None and given.status == CaseStatus.TRUSTED
    if given is not None and was_suspended:
        note = _("Report %(number)s of the post %(post)s.") % {"number": report.pk, "post": post}
        suspend_trust(given, by=by, now=now, reason=SuspensionReason.REPORT, note=note)
    _tell_officers(report, was_suspended=was_suspended, now=now)
    return report


def _rule(kind: str, now: datetime) -> tuple[int | None, bool]:
    """The rule's version and whether it suspends; without a rule it does."""
    try:
        rule = dated.rule_at(SUSPENDING, now.date())
    except dated.NoRule:
        return None, True
    return rule.version, kind in rule.value


def _tell_officers(report: AdverseReport, *, was_suspended: bool, now: datetime) -> None:
    case, by = report.case, report.reported_by
    country = case.buyer.organization.headquarters_country
    concerned = {*officers_for_country(country), case.assigned_to, case.recommended_by, case.countersigned_by}
    fit = (person for person in concerned if person and person != by and rules.can_review_case(person, case))
    others = sorted(fit, key=lambda person: person.pk)
    notifications.notify(
        others,
        lambda _user: letters.report_filed(report, was_suspended=was_suspended),
        key=f"report:{report.pk}",
        now=now,
    )


@action(rules.can_settle_report)
def uphold_report(report: AdverseReport, *, by: Any, now: datetime, note: str) -> AdverseReport:
    """It stands. What follows for trust is an act of its own."""
    return _settle(report, "uphold_report", note, by=by, now=now)


@action(rules.can_settle_report)
def dismiss_report(report: AdverseReport, *, by: Any, now: datetime, note: str) -> AdverseReport:
    """It is without ground. A trust that it suspended is restored by an act of its own."""
    return _settle(report, "dismiss_report", note, by=by, now=now)


def _settle(report: AdverseReport, step: str, note: str, *, by: Any, now: datetime) -> AdverseReport:
    move(report, step, by=by, now=now, changes={"settled_by": by, "settlement": note})
    write_note(report.case, step, note, by=by, now=now)
    key = f"report-settled:{report.pk}"
    notifications.notify([report.reported_by], lambda _user: letters.report_settled(report), key=key, now=now)
    return report
