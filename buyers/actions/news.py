"""What the portal's own jobs do about trust: tell people, keep the record. Safety waits for none of it."""

from datetime import datetime

from accounts.selectors import officers_for_country
from buyers import letters, rules, selectors
from buyers.actions import renewal
from buyers.actions.trust import suspend_trust, void_recommendation
from buyers.models import Buyer, VettingCase
from buyers.record import decide
from buyers.states import CaseStatus, SuspensionReason
from core import notifications, outbox
from core.actions import action, lock
from core.actors import Actor
from organizations.models import Document
from organizations.selectors import people_of
from screening.selectors import screening_state


@action(rules.is_screening_job)
def answer_screening(buyer: Buyer, *, by: Actor, now: datetime, news: str) -> None:
    """After a screening: hits suspend a given trust and are told to the officers, once for each newest hit; a
    buyer that has become clear is told to matching. `news` is the message's key."""
    state = screening_state(buyer.organization, now)
    given = selectors.trust_in_force(buyer)
    is_given = given is not None and given.status == CaseStatus.TRUSTED
    if state.kind in ("OPEN_HITS", "BLOCKED"):
        if given is not None and is_given:
            suspend_trust(given, by=by, now=now, reason=SuspensionReason.SCREENING)
        if case := selectors.unfinished_case(buyer) or given:
            _tell_officers_of_hits(case, now, was_suspended=is_given)
    elif (
        state.is_clear
        and is_given
        and (news.startswith(("hit:", "ownership:")) or selectors.has_become_clear(buyer, now))
    ):
        key = f"screened:{buyer.pk}:{news}"
        outbox.publish("buyers.trust_changed", key=key, payload={"buyer": buyer.pk}, now=now)


def _tell_officers_of_hits(case: VettingCase, now: datetime, *, was_suspended: bool) -> None:
    organization = case.buyer.organization
    notifications.notify(
        officers_for_country(organization.headquarters_country),
        lambda _user: letters.hits_opened(case, was_suspended=was_suspended),
        key=f"hits:{case.pk}:{selectors.newest_open_hit(organization)}",
        now=now,
    )


@action(rules.is_screening_job)
def answer_profile_change(buyer: Buyer, *, by: Actor, now: datetime, profile_version: int) -> None:
    """Tell the officers when a buyer that they trust, or look at, changes what is screened after it submitted. A
    recommendation that was made before does not stand; a trust is compared with what it was given on."""
    lock(lock(buyer).organization)
    waiting = selectors.recommended_case(buyer)
    if waiting and selectors.recommended_stamp(waiting) != selectors.profile_stamp(buyer):
        void_recommendation(waiting, by=by, now=now, cause="profile")
    renewal.compare_with_trust(buyer, by=by, now=now)
    case = selectors.unfinished_case(buyer) or selectors.trust_in_force(buyer)
    if case is None or buyer.organization.updated_at <= case.created_at:
        return
    notifications.notify(
        officers_for_country(buyer.organization.headquarters_country),
        lambda _user: letters.profile_changed(case, buyer),
        key=f"profile:{case.pk}:v{profile_version}",
        now=now,
    )


@action(rules.is_expiry_job)
def remind_of_end(case: VettingCase, *, by: Actor, now: datetime) -> None:
    """Tell both sides, once, that trust will end."""
    key = f"trust-ends:{case.pk}:{case.trusted_until:%Y-%m-%d}"
    organization = case.buyer.organization
    is_renewed = selectors.unfinished_case(case.buyer) is not None
    people = people_of(organization)
    notifications.notify(people, lambda _user: letters.trust_ends_soon(case, is_renewed), key=key, now=now)
    officers = officers_for_country(organization.headquarters_country)
    notifications.notify(officers, lambda _user: letters.trust_ending(case, is_renewed), key=f"{key}:officer", now=now)


@action(rules.is_document_job)
def remind_of_document(document: Document, *, by: Actor, now: datetime) -> None:
    """Tell the buyer's people, once for each end, that a document will no longer be valid."""
    buyer = selectors.buyer_of_organization(document.organization_id)
    if buyer is not None:
        key = f"document-ends:{document.pk}:{document.valid_until}"
        people = people_of(buyer.organization)
        notifications.notify(people, lambda _user: letters.document_ends(document, buyer), key=key, now=now)


@action(rules.is_expiry_job)
def expire_trust(case: VettingCase, *, by: Actor, now: datetime) -> VettingCase:
    """Close a trust whose end has come, and tell the buyer in neutral words, and matching too. It held no longer since
    its end in any case."""
    decide(case, "expire_trust", by=by, now=now, changes={"suspension_reason": ""})
    key = f"trust-ended:{case.pk}:{case.trusted_until:%Y-%m-%d}"
    people = people_of(case.buyer.organization)
    notifications.notify(people, lambda _user: letters.trust_ended(case), key=key, now=now)
    outbox.publish("buyers.trust_changed", key=key, payload={"buyer": case.buyer_id}, now=now)
    return case
