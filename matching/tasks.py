"""News from the rooms below: whatever may change a pair scores it anew. A message may come again."""

from datetime import datetime

from buyers.selectors import posted_needs
from core import outbox
from matching import actions
from matching.rules import JOB


@outbox.subscriber("buyers.need_posted")
@outbox.subscriber("buyers.need_closed")
@outbox.subscriber("matching.need_due")
def refresh_changed_need(message: outbox.Message, *, now: datetime) -> None:
    actions.refresh_need(message.payload["need"], by=JOB, now=now)


@outbox.subscriber("buyers.trust_changed")
def refresh_needs_of_buyer(message: outbox.Message, *, now: datetime) -> None:
    actions.refresh_buyer(message.payload["buyer"], by=JOB, now=now)


@outbox.subscriber("packages.published")
@outbox.subscriber("packages.unpublished")
def refresh_changed_package(message: outbox.Message, *, now: datetime) -> None:
    actions.refresh_package(message.payload["package"], by=JOB, now=now)


@outbox.subscriber("screening.organization_screened")
@outbox.subscriber("consortia.clearance_changed")
def refresh_changed_organization(message: outbox.Message, *, now: datetime) -> None:
    actions.refresh_organization(message.payload["organization"], by=JOB, now=now)


@outbox.subscriber("screening.list_settled")
def refresh_all_needs(message: outbox.Message, *, now: datetime) -> None:
    """While a new list or engine is held against everybody, a pair is lost when one side has had its turn and the other
    has not. Those who stay clear are not told of one by one; every pair has a need."""
    for need in posted_needs(now).order_by("pk").values_list("pk", flat=True):
        outbox.publish("matching.need_due", key=f"{message.key}:{need}", payload={"need": need}, now=now)


@outbox.subscriber("matching.match_found")
def tell_of_match(message: outbox.Message, *, now: datetime) -> None:
    actions.tell_of_match(message.payload["match"], by=JOB, now=now)
