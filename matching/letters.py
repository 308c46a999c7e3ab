"""What we say to both sides. Before acceptance a letter names no contact; no letter says why something is paused."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import countries
from core.notifications import Letter
from matching.models import Introduction, Match, ThreadMessage
from matching.states import Side


def match_found(match: Match, side: Side) -> Letter:
    names = {
        "need": match.need.title,
        "package": match.package_version.title,
        "country": countries.name(match.need.destination),
        "score": match.score,
    }
    if side == Side.BUYER:
        subject = _("A package fits your need “%(need)s”") % names
        body = _("“%(package)s” targets %(country)s and fits your need with %(score)s of 1,000 points.") % names
        reason = _("You get this because your organization posted the need.")
    else:
        subject = _("A trusted buyer's need fits “%(package)s”") % names
        body = (
            _("A trusted buyer seeks “%(need)s” for %(country)s. Your package fits with %(score)s of 1,000 points.")
            % names
        )
        reason = _("You get this because your company is the anchor member of the package's consortium.")
    body += "\n\n" + _("The page says in words what fits, what does not, and what is unknown.")
    return Letter("matching.match_found", subject, body, reverse("match_detail", args=[match.pk]), reason)


def _path(introduction: Introduction) -> str:
    return reverse("introduction_detail", args=[introduction.pk])


def _names(introduction: Introduction) -> dict[str, Any]:
    return {
        "buyer": introduction.need.buyer.organization,
        "need": introduction.need.title,
        "package": introduction.package.title,
        "consortium": introduction.package.consortium,
        "country": countries.name(introduction.need.destination),
    }


def reason_of(side: Side) -> str:
    if side == Side.BUYER:
        return _("You get this because you act for the buyer of this introduction.")
    return _("You get this because you act for the anchor member of the package's consortium.")


def introduction_requested(introduction: Introduction, side: Side) -> Letter:
    names = _names(introduction)
    if side == Side.BUYER:
        subject = _("Your request to be introduced to “%(package)s” was sent") % names
        body = (
            _("The anchor member of “%(consortium)s” can now accept or decline. You will be told its answer.") % names
        )
    else:
        subject = _("%(buyer)s asks to be introduced: “%(package)s”") % names
        body = _("%(buyer)s, a trusted buyer, asks for an introduction about “%(need)s” for %(country)s.") % names
    body += "\n\n" + introduction.message
    body += "\n\n" + _("Contact details of both sides open only when the anchor member accepts.")
    return Letter("matching.introduction_requested", subject, body, _path(introduction), reason_of(side))


def introduction_accepted(introduction: Introduction, side: Side) -> Letter:
    names = _names(introduction)
    subject = _("You are introduced: %(buyer)s and “%(package)s”") % names
    body = (
        _(
            "The anchor member of “%(consortium)s” accepted. Contact details of both sides are on the page, "
            "and you can write to each other there."
        )
        % names
    )
    return Letter("matching.introduction_accepted", subject, body, _path(introduction), reason_of(side))


def introduction_declined(introduction: Introduction, side: Side) -> Letter:
    names = _names(introduction) | {"reason": introduction.get_decline_reason_display()}
    subject = _("No introduction to “%(package)s” this time") % names
    body = _("The anchor member of “%(consortium)s” declined. Reason: %(reason)s.") % names
    if introduction.decline_note:
        body += "\n\n" + introduction.decline_note
    body += "\n\n" + _("Your need stays posted, and other packages may fit it.")
    return Letter("matching.introduction_declined", subject, body, _path(introduction), reason_of(side))


def introduction_withdrawn(introduction: Introduction, side: Side) -> Letter:
    subject = _("%(buyer)s withdrew its request about “%(package)s”") % _names(introduction)
    body = _("You need do nothing. The request is closed.")
    return Letter("matching.introduction_withdrawn", subject, body, _path(introduction), reason_of(side))


def introduction_closed(introduction: Introduction, side: Side) -> Letter:
    subject = _("The introduction of %(buyer)s and “%(package)s” is closed") % _names(introduction)
    body = _("No more messages can be sent in it. What was written stays on the page.")
    return Letter("matching.introduction_closed", subject, body, _path(introduction), reason_of(side))


def message_written(message: ThreadMessage, side: Side) -> Letter:
    """Names the introduction; the words themselves are read on the page, which asks who is reading."""
    subject = _("New message: %(buyer)s and “%(package)s”") % _names(message.introduction)
    body = _("%(sender)s wrote to you. Read and answer it on the introduction's page.") % {
        "sender": message.sender.name
    }
    return Letter("matching.message_written", subject, body, _path(message.introduction), reason_of(side))
