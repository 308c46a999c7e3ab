"""Words that matching stores or computes with, and the table of an introduction's states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class Verdict(TextChoices):
    """What a gate says. Only YES lets a pair through: unknown is not allowed."""

    YES = "YES", _("Yes")
    NO = "NO", _("No")
    CANNOT_TELL = "CANNOT_TELL", _("Cannot tell")


class Gate(TextChoices):
    """What must hold for a need and a package to be a match at all."""

    BUYER_TRUSTED = "BUYER_TRUSTED", _("The buyer is trusted now")
    IN_SCOPE = "IN_SCOPE", _("The need is within what the buyer is trusted for")
    NEED_POSTED = "NEED_POSTED", _("The need is posted")
    PACKAGE_OFFERED = "PACKAGE_OFFERED", _("The package is offered now")
    DESTINATION = "DESTINATION", _("The destination is open to the program")
    MARKET = "MARKET", _("The package targets the destination")
    COMPONENTS = "COMPONENTS", _("The package has the components")
    DEPLOYMENT = "DEPLOYMENT", _("Deployment and data residency are possible")
    STANDARDS = "STANDARDS", _("Required standards are met")
    BUDGET = "BUDGET", _("The price starts within the budget")


class Criterion(TextChoices):
    """What the score is made of: eight things that matter to the buyer, five that matter to the consortium."""

    SECTOR = "SECTOR", _("Sectors")
    BUDGET = "BUDGET", _("Price against budget")
    DELIVERY = "DELIVERY", _("Delivery time")
    TEXT = "TEXT", _("Wording of need and package")
    LANGUAGES = "LANGUAGES", _("Languages")
    STANDARDS = "STANDARDS", _("Standards")
    CAPACITY = "CAPACITY", _("Capacity")
    FINANCING = "FINANCING", _("U.S. financing")
    DEAL_SIZE = "DEAL_SIZE", _("Size of the deal")
    MARKET = "MARKET", _("Priority of the market")
    FIT = "FIT", _("Fit with what the package is for")
    LICENSE = "LICENSE", _("Export license burden")
    READINESS = "READINESS", _("Readiness of the buyer")

    @classmethod
    def of_buyer(cls) -> tuple["Criterion", ...]:
        return (
            cls.SECTOR,
            cls.BUDGET,
            cls.DELIVERY,
            cls.TEXT,
            cls.LANGUAGES,
            cls.STANDARDS,
            cls.CAPACITY,
            cls.FINANCING,
        )

    @classmethod
    def of_vendor(cls) -> tuple["Criterion", ...]:
        return cls.DEAL_SIZE, cls.MARKET, cls.FIT, cls.LICENSE, cls.READINESS


class Side(TextChoices):
    """On whose side of a match or an introduction a person stands."""

    BUYER = "BUYER", _("Buyer")
    VENDOR = "VENDOR", _("Consortium")


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
        Transition(
            "close_introduction", [IntroductionStatus.ACCEPTED], IntroductionStatus.CLOSED, role="buyer or anchor"
        ),
    ],
)
