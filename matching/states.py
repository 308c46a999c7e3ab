from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class IntroductionStatus(TextChoices):
    REQUESTED = "REQUESTED", _("Waiting for the anchor's answer")
    ACCEPTED = "ACCEPTED", _("Introduced")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    CLOSED = "CLOSED", _("Closed")


class DeclineReason(TextChoices):
    CAPACITY = "CAPACITY", _("No capacity at present")
    FIT = "FIT", _("The need does not fit the package")
    MARKET = "MARKET", _("The consortium does not serve this market now")
    OTHER = "OTHER", _("Another reason")


INTRODUCTION = Machine(
    "matching.introduction",
    IntroductionStatus,
    initial=IntroductionStatus.REQUESTED,
    transitions=[
        Transition("accept_introduction", [IntroductionStatus.REQUESTED], IntroductionStatus.ACCEPTED, role="anchor"),
        Transition("decline_introduction", [IntroductionStatus.REQUESTED], IntroductionStatus.DECLINED, role="anchor"),
        Transition("withdraw_introduction", [IntroductionStatus.REQUESTED], IntroductionStatus.WITHDRAWN, role="buyer"),
        Transition("close_introduction", [IntroductionStatus.ACCEPTED], IntroductionStatus.CLOSED, role="buyer or anchor"),
    ],
)
