"""News from screening and organizations, and the daily look at trust that ends. Safety does not wait for any of it."""

from datetime import datetime, timedelta

from buyers import actions, rules, selectors
from core import outbox

REMINDED_BEFORE = timedelta(days=30)
TOLD_WITHIN = timedelta(days=30)


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
def remind_of_expiry(message: outbox.Message, *, now: datetime) -> None:
    """A missed day is made up for: each is told once, whenever the job looks."""
    for case in selectors.trusts_ending(now, now + REMINDED_BEFORE):
        actions.remind_of_end(case, by=rules.EXPIRY, now=now)
    for case in selectors.trusts_ending(now - TOLD_WITHIN, now):
        actions.tell_of_end(case, by=rules.EXPIRY, now=now)
