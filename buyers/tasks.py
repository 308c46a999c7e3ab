"""News from screening and organizations, and the hourly looks at trust that ends and at buyers that are silent. Safety
does not wait for any of it."""

from datetime import datetime, timedelta

from buyers import actions, rules, selectors
from buyers.selectors import facts
from core import outbox

REMINDED_BEFORE = timedelta(days=30)


@outbox.subscriber("screening.organization_screened")
def answer_screening(message: outbox.Message, *, now: datetime) -> None:
    if buyer := selectors.buyer_of_organization(message.payload["organization"]):
        actions.answer_screening(buyer, by=rules.SCREENING, now=now, news=message.key)


@outbox.subscriber("organizations.changed")
def tell_of_profile_change(message: outbox.Message, *, now: datetime) -> None:
    if buyer := selectors.buyer_of_organization(message.payload["organization"]):
        version = message.payload["profile_version"]
        actions.answer_profile_change(buyer, by=rules.SCREENING, now=now, profile_version=version)


@outbox.subscriber("job:buyers.expiry")
def look_at_ends(message: outbox.Message, *, now: datetime) -> None:
    """Renewals are opened, ends are told of and kept. A missed day is made up for: each comes once, whenever the job
    looks."""
    for case in selectors.trusts_ending(now, now + facts.renewed_before(now)):
        actions.open_renewal(case, by=rules.EXPIRY, now=now)
    for case in selectors.trusts_ending(now, now + REMINDED_BEFORE):
        actions.remind_of_end(case, by=rules.EXPIRY, now=now)
    for case in selectors.trusts_ended(now):
        actions.expire_trust(case, by=rules.EXPIRY, now=now)
    for document in selectors.documents_ending(now):
        actions.remind_of_document(document, by=rules.EXPIRY, now=now)


@outbox.subscriber("job:buyers.chasers")
def chase_buyers(message: outbox.Message, *, now: datetime) -> None:
    for case in selectors.cases_that_wait_for_buyers():
        actions.chase_buyer(case, by=rules.CHASING, now=now)
