"""Introductions in every state, on matches that are there."""

from datetime import datetime

from consortia.selectors import people_of_anchor
from core import outbox
from matching.actions import introductions as actions
from matching.models import Match
from organizations.selectors import people_of

STATES = ("ACCEPTED", "REQUESTED", "DECLINED", "CLOSED", "WITHDRAWN", "ACCEPTED", "REQUESTED")


def build(now: datetime) -> None:
    """One introduction on the best match of a need, for the first needs that have one; then each to its state."""
    chosen: dict[int, Match] = {}
    for match in Match.objects.select_related("need__buyer__organization", "package__consortium").order_by(
        "-score", "id"
    ):
        chosen.setdefault(match.need_id, match)
    for state, match in zip(STATES, sorted(chosen.values(), key=lambda match: match.need_id), strict=False):
        _introduce(match, state, now)
    outbox.drain(now)


def _introduce(match: Match, state: str, now: datetime) -> None:
    buyer = people_of(match.need.buyer.organization).order_by("id")[0]
    anchor = people_of_anchor(match.package.consortium).order_by("id")[0]
    introduction, _receipt = actions.request_introduction(
        match.need,
        by=buyer,
        now=now,
        package=match.package,
        message="We would like to talk about delivery, training and the first year of operation.",
    )
    if state in {"ACCEPTED", "CLOSED"}:
        actions.accept_introduction(introduction, by=anchor, now=now)
        actions.write_message(introduction, by=anchor, now=now, body="Thank you. Which site do you have in mind?")
        actions.write_message(introduction, by=buyer, now=now, body="The one near the capital; power is ready there.")
    if state == "CLOSED":
        actions.close_introduction(introduction, by=buyer, now=now)
    if state == "DECLINED":
        actions.decline_introduction(introduction, by=anchor, now=now, reason="CAPACITY", note="Not before next year.")
    if state == "WITHDRAWN":
        actions.withdraw_introduction(introduction, by=buyer, now=now)
