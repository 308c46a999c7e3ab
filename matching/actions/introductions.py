"""How a buyer and a consortium meet: asked by the one, answered by the other, with contacts and messages only then."""

from datetime import datetime
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from buyers.models import Need
from buyers.selectors import posted_needs, trusted
from core import notifications
from core.actions import action, begin, issue_receipt, lock, move, record
from core.actors import Actor
from core.errors import UnableTo
from core.models import Receipt
from core.notifications import Letter
from matching import gates, letters, rules, selectors
from matching.models import Introduction, ThreadMessage
from matching.states import Gate, IntroductionStatus, Side, Verdict
from packages.models import Package
from packages.selectors import offered


class Writer(Protocol):
    """A letter about an introduction for the people of one side."""

    __name__: str

    def __call__(self, introduction: Introduction, side: Side) -> Letter: ...


@action(rules.can_request_introduction)
def request_introduction(
    need: Need, *, by: Any, now: datetime, package: Package, message: str
) -> tuple[Introduction, Receipt]:
    """Ask the package's anchor for an introduction, about one posted need.

    Raises UnableTo unless the buyer is trusted for this need, the package is offered and the destination open at `now`,
    and no introduction of the two is open.
    """
    lock(need)
    _refuse_unsafe(need, package, now)
    open_ones = Introduction.objects.filter(
        need=need, package=package, status__in=[IntroductionStatus.REQUESTED, IntroductionStatus.ACCEPTED]
    )
    if open_ones.exists():
        raise UnableTo(
            _("There is already an introduction about this need and this package. Look under Introductions.")
        )
    introduction = Introduction(need=need, package=package, requested_by=by, message=message)
    begin(
        introduction,
        by=by,
        now=now,
        action="request_introduction",
        detail={"need": need.pk, "package": package.pk},
    )
    _tell(introduction, letters.introduction_requested, Side.VENDOR, Side.BUYER, now=now)
    receipt = issue_receipt(
        introduction,
        "request_introduction",
        by=by,
        now=now,
        summary=_("You asked for an introduction to “%(package)s”.") % {"package": package},
        next_step=_("The anchor member accepts or declines. You are told by mail and in your inbox."),
        path=reverse("introduction_detail", args=[introduction.pk]),
    )
    return introduction, receipt


def _refuse_unsafe(need: Need, package: Package, now: datetime) -> None:
    if not trusted(now).filter(pk=need.buyer_id).exists():
        raise UnableTo(_("Introductions open when officers have found your organization to be a trusted buyer."))
    if not posted_needs(now).filter(pk=need.pk).exists():
        raise UnableTo(_("Choose a need that is posted, and that lies within what your organization is trusted for."))
    if not offered(now).filter(pk=package.pk).exists():
        raise UnableTo(_("This package is not offered at present."))
    if not _is_destination_open(need, package, now):
        raise UnableTo(_("The program's country rules do not let this package be introduced for this destination."))


def _is_destination_open(need: Need, package: Package, now: datetime) -> bool:
    pair = selectors.pair_of(need, package, now)
    results = gates.check(pair.need_facts, pair.package_facts) if pair else ()
    return Verdict.YES in [result.verdict for result in results if result.gate == Gate.DESTINATION]


@action(rules.can_answer_introduction)
def accept_introduction(introduction: Introduction, *, by: Actor, now: datetime) -> Introduction:
    """Open the contact details of both sides to each other, and the thread. Raises UnableTo while it is paused."""
    lock(introduction.need)  # it stays what it is until it is answered
    _refuse_paused(introduction, now)
    move(introduction, "accept_introduction", by=by, now=now, changes={"answered_at": now})
    _tell(introduction, letters.introduction_accepted, Side.BUYER, Side.VENDOR, now=now)
    return introduction


@action(rules.can_answer_introduction)
def decline_introduction(
    introduction: Introduction, *, by: Actor, now: datetime, reason: str, note: str = ""
) -> Introduction:
    """Both reason and note are sent to the buyer."""
    changes = {"answered_at": now, "decline_reason": reason, "decline_note": note}
    move(introduction, "decline_introduction", by=by, now=now, changes=changes, detail={"reason": reason})
    _tell(introduction, letters.introduction_declined, Side.BUYER, now=now)
    return introduction


@action(rules.can_withdraw_introduction)
def withdraw_introduction(introduction: Introduction, *, by: Actor, now: datetime) -> Introduction:
    move(introduction, "withdraw_introduction", by=by, now=now)
    _tell(introduction, letters.introduction_withdrawn, Side.VENDOR, now=now)
    return introduction


@action(rules.can_write_message)
def close_introduction(introduction: Introduction, *, by: Actor, now: datetime) -> Introduction:
    move(introduction, "close_introduction", by=by, now=now)
    _tell(introduction, letters.introduction_closed, Side.BUYER, Side.VENDOR, now=now)
    return introduction


@action(rules.can_write_message)
def write_message(introduction: Introduction, *, by: Any, now: datetime, body: str) -> ThreadMessage:
    """Raises UnableTo before acceptance, after the end, and while the introduction is paused."""
    lock(introduction)
    if introduction.status != IntroductionStatus.ACCEPTED:
        raise UnableTo(_("Messages can be sent only after the introduction was accepted, and until it is closed."))
    _refuse_paused(introduction, now)
    message = ThreadMessage.objects.create(introduction=introduction, sender=by, body=body, sent_at=now)
    record(introduction, "write_message", by=by, now=now, detail={"message": message.pk})
    other = Side.VENDOR if selectors.side_in(by, introduction) == Side.BUYER else Side.BUYER
    notifications.notify(
        selectors.people_of_side(introduction, other),
        lambda _user: letters.message_written(message, other),
        key=f"introduction-message:{message.pk}",
        now=now,
    )
    return message


def _refuse_paused(introduction: Introduction, now: datetime) -> None:
    """Says that it is paused and not why: the reason may be one side's own business."""
    is_open = _is_destination_open(introduction.need, introduction.package, now)
    if not is_open or not selectors.is_live(introduction, now):
        raise UnableTo(_("This introduction is paused. Try again later; you need do nothing now."))


def _tell(introduction: Introduction, letter: Writer, *sides: Side, now: datetime) -> None:
    for side in sides:
        _tell_side(introduction, letter, side, now)


def _tell_side(introduction: Introduction, letter: Writer, side: Side, now: datetime) -> None:
    notifications.notify(
        selectors.people_of_side(introduction, side),
        lambda _user: letter(introduction, side),
        key=f"introduction:{introduction.pk}:v{introduction.version}:{letter.__name__}",
        now=now,
    )
