"""From submission to a decision: what buyer and officers do to make a case ripe."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.selectors import officers_for_country, post_for_country
from buyers import letters, rules, selectors
from buyers.models import Buyer, ChecklistFinding, VettingCase
from buyers.questions import close_questions
from buyers.selectors import facts, queue
from buyers.states import CaseKind, CaseStatus
from core import notifications
from core.actions import action, begin, issue_receipt, lock, move, record
from core.actors import Actor
from core.errors import UnableTo
from core.models import Receipt
from organizations.selectors import people_of


@action(rules.can_submit_for_vetting)
def submit_for_vetting(buyer: Buyer, *, by: Any, now: datetime) -> tuple[VettingCase, Receipt]:
    """Open a case at the post that covers the headquarters' country; without such a post, in Washington. While a trust is
    in force it is a renewal of that.

    Raises UnableTo while another case is unfinished, or what officers need first is missing.
    """
    lock(buyer)
    if selectors.unfinished_case(buyer):
        raise UnableTo(_("Your profile is under review already. There is nothing more to submit."))
    if missing := selectors.missing_for_vetting(buyer):
        raise UnableTo(" ".join(missing))
    country = buyer.organization.headquarters_country
    basis = selectors.trust_in_force(buyer)
    kind = CaseKind.RENEWAL if basis else CaseKind.FIRST
    case = VettingCase(buyer=buyer, post=post_for_country(country), kind=kind, basis=basis)
    case.due_at = queue.decision_due(case, now, now)
    begin(case, by=by, now=now, action="submit_for_vetting", detail={"buyer": buyer.pk})
    receipt = _receipt(case, by=by, now=now)
    key = f"submitted:{case.pk}"
    people = people_of(buyer.organization)
    notifications.notify(people, lambda _user: letters.submitted(case, receipt), key=key, now=now)
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


@action(rules.can_withdraw_case)
def withdraw_case(case: VettingCase, *, by: Actor, now: datetime) -> VettingCase:
    move(case, "withdraw_case", by=by, now=now)
    close_questions(case, now)
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
    if case.status not in CaseStatus.under_review():
        raise UnableTo(_("Findings can be recorded only while the case is under review."))
    current = facts.standing_findings(case, now)
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
