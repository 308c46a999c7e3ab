"""Cases that begin from a trust: its renewal before it ends, and what changed since it was given."""

from datetime import datetime

from accounts.selectors import officers_for_country, post_for_country
from buyers import letters, rules, selectors
from buyers.actions.trust import suspend_trust
from buyers.material import Change
from buyers.models import Buyer, VettingCase
from buyers.selectors import facts, queue
from buyers.states import CaseKind, CaseStatus, SuspensionReason, has_ended
from core import dated, notifications, outbox
from core.actions import action, begin, lock, record
from core.actors import Actor
from organizations.selectors import people_of

SUSPENDING = "material_change_suspends"


@action(rules.is_expiry_job)
def open_renewal(trust: VettingCase, *, by: Actor, now: datetime) -> VettingCase | None:
    """Begin the look at a trust that will end, once, unless a case of this buyer is under review already. Both sides are
    told. The buyer need not ask for it, and the officer sees what changed since."""
    buyer = lock(trust.buyer)
    lock(trust)
    if trust.status != CaseStatus.TRUSTED or trust.trusted_until is None or selectors.unfinished_case(buyer):
        return None
    due = trust.trusted_until - facts.renewed_before(now)
    if trust.successors.filter(kind=CaseKind.RENEWAL, created_at__gte=due).exists():
        return None
    case = _begin(buyer, CaseKind.RENEWAL, trust, by=by, now=now)
    people = people_of(buyer.organization)
    key = f"renewal:{case.pk}"
    notifications.notify(people, lambda _user: letters.renewal_opened(trust), key=key, now=now)
    _tell_officers(case, now)
    return case


def _begin(buyer: Buyer, kind: CaseKind, trust: VettingCase, *, by: Actor, now: datetime) -> VettingCase:
    post = post_for_country(buyer.organization.headquarters_country)
    case = VettingCase(buyer=buyer, post=post, kind=kind, basis=trust)
    case.due_at = queue.decision_due(case, now, now)
    step = "open_renewal" if kind == CaseKind.RENEWAL else "open_change"
    return begin(case, by=by, now=now, action=step, detail={"buyer": buyer.pk, "basis": trust.pk})


def _tell_officers(case: VettingCase, now: datetime) -> None:
    officers = officers_for_country(case.buyer.organization.headquarters_country)
    key = f"case-opened:{case.pk}"
    notifications.notify(officers, lambda _user: letters.case_opened(case), key=key, now=now)


@action(rules.is_screening_job)
def compare_with_trust(buyer: Buyer, *, by: Actor, now: datetime) -> VettingCase | None:
    """After a change of the organization: what trust was given on is compared with what is said now.

    A material change opens its vetting again, for these facts only, and suspends trust at once where the dated rule names
    one of them, or where no rule holds. Of anything else, trust goes on. Returns the case that was opened.
    """
    trust = selectors.trust_in_force(buyer)
    if trust is None:
        return None
    organization = lock(lock(buyer).organization)
    lock(trust)
    if trust.status not in CaseStatus.in_force() or has_ended(trust, now) == "":
        return None
    found = [change for change in facts.compared(trust.facts, buyer, now.date()) if change.is_material]
    if found and _suspends(found, now):
        if trust.status == CaseStatus.TRUSTED:
            suspend_trust(trust, by=by, now=now, reason=SuspensionReason.FACTS)
    else:
        trust.profile_version = organization.profile_version
        trust.save(update_fields=["profile_version"])
        key = f"compared:{trust.pk}:p{organization.profile_version}"
        outbox.publish("buyers.trust_changed", key=key, payload={"buyer": buyer.pk}, now=now)
    if not found or selectors.unfinished_case(buyer):
        return None
    detail = {"facts": sorted({str(change.fact) for change in found})}
    case = _begin(buyer, CaseKind.CHANGE, trust, by=by, now=now)
    record(case, "material_change", by=by, now=now, detail=detail)
    people = people_of(organization)
    notifications.notify(people, lambda _user: letters.change_opened(case), key=f"change:{case.pk}", now=now)
    _tell_officers(case, now)
    return case


def _suspends(found: list[Change], now: datetime) -> bool:
    try:
        named = dated.rule_at(SUSPENDING, now.date()).value
    except dated.NoRule:
        return True
    return any(change.fact in named for change in found)
