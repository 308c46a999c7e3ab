from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class BuyerKind(TextChoices):
    MINISTRY = "MINISTRY", _("Ministry or government agency")
    STATE_ENTERPRISE = "STATE_ENTERPRISE", _("State-owned enterprise")
    PRIVATE = "PRIVATE", _("Private company")
    UNIVERSITY = "UNIVERSITY", _("University or research body")
    UTILITY = "UTILITY", _("Utility or operator")


class CaseStatus(TextChoices):
    """One vetting of one buyer. Expiry is not a state: it is read from `trusted_until`."""

    OPEN = "OPEN", _("Under review")
    QUESTION_ASKED = "QUESTION_ASKED", _("Waiting for the buyer's answer")
    RECOMMENDED = "RECOMMENDED", _("Waiting for the second officer")
    TRUSTED = "TRUSTED", _("Trusted")
    REFUSED = "REFUSED", _("Not trusted")
    SUSPENDED = "SUSPENDED", _("Trust suspended")
    REVOKED = "REVOKED", _("Trust revoked")
    REPLACED = "REPLACED", _("Replaced by a newer decision")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn by the buyer")

    @classmethod
    def unfinished(cls) -> tuple["CaseStatus", ...]:
        return cls.OPEN, cls.QUESTION_ASKED, cls.RECOMMENDED

    @classmethod
    def in_force(cls) -> tuple["CaseStatus", ...]:
        return cls.TRUSTED, cls.SUSPENDED


class Mover(TextChoices):
    """Whose move an unfinished case is."""

    OFFICER = "OFFICER", _("Officer")
    SECOND = "SECOND", _("Second officer")
    BUYER = "BUYER", _("Buyer")

    @property
    def status(self) -> CaseStatus:
        """The status in which it is this one's move."""
        return {
            Mover.OFFICER: CaseStatus.OPEN,
            Mover.SECOND: CaseStatus.RECOMMENDED,
            Mover.BUYER: CaseStatus.QUESTION_ASKED,
        }[self]

    @classmethod
    def of(cls, status: str) -> "Mover | None":
        return next((mover for mover in cls if mover.status == status), None)


class LetterKind(TextChoices):
    """What a letter to the buyer tells."""

    TRUSTED = "TRUSTED", _("Trusted")
    REFUSED = "REFUSED", _("Not trusted")
    SUSPENDED = "SUSPENDED", _("Trust suspended")
    RESTORED = "RESTORED", _("Trust restored")
    REVOKED = "REVOKED", _("Trust revoked")


class RefusalReason(TextChoices):
    """What an officer may choose; the letter is drafted from it and never names a screening hit."""

    UNRESOLVED = "UNRESOLVED", _("Questions about the organization could not be resolved")
    OWNERSHIP = "OWNERSHIP", _("Ownership could not be established")
    END_USE = "END_USE", _("End use or end user does not fit the program")
    POLICY = "POLICY", _("The program cannot support this transaction")


class NeedStatus(TextChoices):
    DRAFT = "DRAFT", _("Draft")
    POSTED = "POSTED", _("Posted")
    CLOSED = "CLOSED", _("Closed")


class Residency(TextChoices):
    NONE = "NONE", _("No requirement")
    COUNTRY = "COUNTRY", _("Data must stay in the country")
    REGION = "REGION", _("Data must stay in the region")


class Finding(TextChoices):
    YES = "YES", _("Yes")
    NO = "NO", _("No")
    CANNOT_TELL = "CANNOT_TELL", _("Cannot tell")


class ChecklistItem(TextChoices):
    """Modeled on the International Company Profile of the Commercial Service."""

    IDENTITY = "IDENTITY", _("The legal entity exists and is who it says")
    ADDRESS = "ADDRESS", _("The address is real and is used by it")
    OWNERSHIP = "OWNERSHIP", _("Owners are known and add up")
    ACTIVITY = "ACTIVITY", _("The business activity fits the need")
    FINANCE = "FINANCE", _("There are signs that it can pay")
    REPUTATION = "REPUTATION", _("Press and references raise no concern")
    END_USE = "END_USE", _("End use and end users are plausible")
    SCREENING = "SCREENING", _("Screening hits are resolved")

    @classmethod
    def decisive(cls) -> tuple["ChecklistItem", ...]:
        """What must be a yes before anybody is trusted; of the others an officer may be unable to tell."""
        return cls.IDENTITY, cls.OWNERSHIP, cls.END_USE, cls.SCREENING


def is_before_trust_ends(case: Any, now: datetime) -> str:
    return "" if case.trusted_until and now < case.trusted_until else gettext("This trust has ended; open a new case.")


def is_recommended_into_future(case: Any, now: datetime) -> str:
    if case.trusted_until and now < case.trusted_until:
        return ""
    return gettext("The recommended end of trust has passed. Return the case, so that a new one is recommended.")


def is_complete(need: Any, now: datetime) -> str:
    return "" if need.components else gettext("Choose at least one component before you post this need.")


CASE = Machine(
    "buyers.vettingcase",
    CaseStatus,
    initial=CaseStatus.OPEN,
    transitions=[
        Transition("ask_question", [CaseStatus.OPEN], CaseStatus.QUESTION_ASKED, role="officer"),
        Transition("answer_question", [CaseStatus.QUESTION_ASKED], CaseStatus.OPEN, role="buyer"),
        Transition("withdraw_case", CaseStatus.unfinished(), CaseStatus.WITHDRAWN, role="buyer"),
        Transition("recommend_trust", [CaseStatus.OPEN], CaseStatus.RECOMMENDED, role="officer"),
        Transition("return_case", [CaseStatus.RECOMMENDED], CaseStatus.OPEN, role="second officer"),
        Transition(
            "void_recommendation",
            [CaseStatus.RECOMMENDED],
            CaseStatus.OPEN,
            role="a change of the profile, or a conflict of the officer who recommended",
        ),
        Transition(
            "countersign_trust",
            [CaseStatus.RECOMMENDED],
            CaseStatus.TRUSTED,
            role="second officer",
            guards=[is_recommended_into_future],
        ),
        Transition("refuse_trust", [CaseStatus.OPEN, CaseStatus.QUESTION_ASKED], CaseStatus.REFUSED, role="officer"),
        Transition("suspend_trust", [CaseStatus.TRUSTED], CaseStatus.SUSPENDED, role="officer, manager or screening"),
        Transition(
            "restore_trust",
            [CaseStatus.SUSPENDED],
            CaseStatus.TRUSTED,
            role="officer",
            guards=[is_before_trust_ends],
        ),
        Transition("revoke_trust", CaseStatus.in_force(), CaseStatus.REVOKED, role="officer or manager"),
        Transition(
            "replace_trust", CaseStatus.in_force(), CaseStatus.REPLACED, role="countersignature of a newer case"
        ),
    ],
)

NEED = Machine(
    "buyers.need",
    NeedStatus,
    initial=NeedStatus.DRAFT,
    transitions=[
        Transition(
            "post_need", [NeedStatus.DRAFT, NeedStatus.CLOSED], NeedStatus.POSTED, role="buyer", guards=[is_complete]
        ),
        Transition("close_need", [NeedStatus.POSTED, NeedStatus.DRAFT], NeedStatus.CLOSED, role="buyer"),
        Transition(
            "edit_need",
            [NeedStatus.DRAFT, NeedStatus.POSTED, NeedStatus.CLOSED],
            NeedStatus.DRAFT,
            role="buyer",
        ),
    ],
)
