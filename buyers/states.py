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


class CaseKind(TextChoices):
    """Why there is a case. A renewal and a change begin from a trust in force: they show what changed since."""

    FIRST = "FIRST", _("Full vetting")
    RENEWAL = "RENEWAL", _("Renewal")
    CHANGE = "CHANGE", _("Changed facts")


class CaseStatus(TextChoices):
    """One vetting of one buyer. A trust past its end does not hold, whether or not it is `EXPIRED` yet.

    While a question waits for its answer, the case does; of several questions the last one ends that.
    """

    OPEN = "OPEN", _("Under review")
    QUESTION_ASKED = "QUESTION_ASKED", _("Waiting for the buyer's answer")
    ESCALATED = "ESCALATED", _("Waiting for the manager")
    RECOMMENDED = "RECOMMENDED", _("Waiting for the second officer")
    TRUSTED = "TRUSTED", _("Trusted")
    REFUSED = "REFUSED", _("Not trusted")
    SUSPENDED = "SUSPENDED", _("Trust suspended")
    REVOKED = "REVOKED", _("Trust revoked")
    EXPIRED = "EXPIRED", _("Trust has ended")
    REPLACED = "REPLACED", _("Replaced by a newer decision")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn by the buyer")

    @classmethod
    def unfinished(cls) -> tuple["CaseStatus", ...]:
        return cls.OPEN, cls.QUESTION_ASKED, cls.ESCALATED, cls.RECOMMENDED

    @classmethod
    def under_review(cls) -> tuple["CaseStatus", ...]:
        """In which findings are recorded and questions asked."""
        return cls.OPEN, cls.QUESTION_ASKED

    @classmethod
    def in_force(cls) -> tuple["CaseStatus", ...]:
        return cls.TRUSTED, cls.SUSPENDED


class Mover(TextChoices):
    """Whose move an unfinished case is."""

    OFFICER = "OFFICER", _("Officer")
    SECOND = "SECOND", _("Second officer")
    MANAGER = "MANAGER", _("Manager")
    BUYER = "BUYER", _("Buyer")

    @property
    def status(self) -> CaseStatus:
        """The status in which it is this one's move."""
        return {
            Mover.OFFICER: CaseStatus.OPEN,
            Mover.SECOND: CaseStatus.RECOMMENDED,
            Mover.MANAGER: CaseStatus.ESCALATED,
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


class SuspensionReason(TextChoices):
    """Why trust is suspended: for officers and the record. The letter to the buyer is the same for all of them."""

    SCREENING = "SCREENING", _("A screening hit or blocked owners")
    REPORT = "REPORT", _("An adverse report by a post")
    FACTS = "FACTS", _("Legal name, owners or country changed")
    END_USE = "END_USE", _("Doubt about end use or end users")
    OTHER = "OTHER", _("Another reason, as the note says")

    @classmethod
    def of_officers(cls) -> list[tuple[str, Any]]:
        """What an officer may choose; the others belong to the acts that suspend by themselves."""
        return [(reason.value, reason.label) for reason in (cls.FACTS, cls.END_USE, cls.OTHER)]


class RestorationReason(TextChoices):
    UNFOUNDED = "UNFOUNDED", _("The ground for the suspension did not hold")
    RESOLVED = "RESOLVED", _("The ground for the suspension is settled")
    MISTAKE = "MISTAKE", _("Suspended by mistake")


class ReportKind(TextChoices):
    """What a post reports against a buyer. Which of these suspend trust at once is a dated rule."""

    DIVERSION = "DIVERSION", _("Goods or services went to somebody else")
    MILITARY = "MILITARY", _("Military or intelligence end use")
    FALSE_STATEMENT = "FALSE_STATEMENT", _("The buyer said what is not true")
    HIDDEN_OWNER = "HIDDEN_OWNER", _("An owner or controller was not named")
    CONDUCT = "CONDUCT", _("Business conduct")
    PAYMENT = "PAYMENT", _("Failure to pay")
    OTHER = "OTHER", _("Something else")


class ReportStatus(TextChoices):
    FILED = "FILED", _("Not settled")
    UPHELD = "UPHELD", _("Upheld")
    UNFOUNDED = "UNFOUNDED", _("Found to be without ground")


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


class Fact(TextChoices):
    """What a buyer says of itself, as compared with what it said when it was trusted."""

    LEGAL_NAME = "LEGAL_NAME", _("Legal name")
    COUNTRY = "COUNTRY", _("Country of incorporation")
    HEADQUARTERS = "HEADQUARTERS", _("Country of headquarters")
    OWNERS = "OWNERS", _("Owner")
    CONTROL = "CONTROL", _("Control without ownership")
    NAMES = "NAMES", _("Other name")
    IDENTIFIERS = "IDENTIFIERS", _("Identifier")
    ADDRESS = "ADDRESS", _("Address")
    WEBSITE = "WEBSITE", _("Website")
    KIND = "KIND", _("Kind of buyer")
    ACTIVITY = "ACTIVITY", _("Activity")
    END_USE = "END_USE", _("Intended end use")
    PEOPLE = "PEOPLE", _("Signer or contact")
    END_USERS = "END_USERS", _("End user")
    NEEDS = "NEEDS", _("Need")
    DOCUMENTS = "DOCUMENTS", _("Document")


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


def is_not_about_changed_facts(case: Any, now: datetime) -> str:
    if case.kind != CaseKind.CHANGE:
        return ""
    return gettext("This review follows from a change of your profile, and cannot be withdrawn.")


def has_ended(case: Any, now: datetime) -> str:
    return "" if case.trusted_until and now >= case.trusted_until else gettext("This trust has not ended yet.")


def is_complete(need: Any, now: datetime) -> str:
    return "" if need.components else gettext("Choose at least one component before you post this need.")


CASE = Machine(
    "buyers.vettingcase",
    CaseStatus,
    initial=CaseStatus.OPEN,
    transitions=[
        Transition(
            "ask_question", [CaseStatus.OPEN, CaseStatus.QUESTION_ASKED], CaseStatus.QUESTION_ASKED, role="officer"
        ),
        Transition(
            "answer_question", [CaseStatus.QUESTION_ASKED], CaseStatus.OPEN, role="buyer, to the last open question"
        ),
        Transition(
            "take_back_question",
            [CaseStatus.QUESTION_ASKED],
            CaseStatus.OPEN,
            role="officer, of the last open question",
        ),
        Transition(
            "withdraw_case",
            CaseStatus.unfinished(),
            CaseStatus.WITHDRAWN,
            role="buyer",
            guards=[is_not_about_changed_facts],
        ),
        Transition("escalate_case", [CaseStatus.OPEN], CaseStatus.ESCALATED, role="officer"),
        Transition("answer_escalation", [CaseStatus.ESCALATED], CaseStatus.OPEN, role="manager"),
        Transition("recommend_trust", [CaseStatus.OPEN], CaseStatus.RECOMMENDED, role="officer"),
        Transition("return_case", [CaseStatus.RECOMMENDED], CaseStatus.OPEN, role="second officer"),
        Transition(
            "void_recommendation",
            [CaseStatus.RECOMMENDED],
            CaseStatus.OPEN,
            role="a change of the profile, a post's report, or a conflict of the officer who recommended",
        ),
        Transition(
            "countersign_trust",
            [CaseStatus.RECOMMENDED],
            CaseStatus.TRUSTED,
            role="second officer",
            guards=[is_recommended_into_future],
        ),
        Transition(
            "amend_trust",
            [CaseStatus.TRUSTED],
            CaseStatus.RECOMMENDED,
            role="officer; the countersignature is void",
            guards=[is_before_trust_ends],
        ),
        Transition("refuse_trust", CaseStatus.under_review(), CaseStatus.REFUSED, role="officer"),
        Transition(
            "suspend_trust", [CaseStatus.TRUSTED], CaseStatus.SUSPENDED, role="officer, manager, screening or a rule"
        ),
        Transition(
            "restore_trust",
            [CaseStatus.SUSPENDED],
            CaseStatus.TRUSTED,
            role="officer",
            guards=[is_before_trust_ends],
        ),
        Transition("revoke_trust", CaseStatus.in_force(), CaseStatus.REVOKED, role="officer or manager"),
        Transition(
            "expire_trust",
            CaseStatus.in_force(),
            CaseStatus.EXPIRED,
            role="the portal's clock",
            guards=[has_ended],
        ),
        Transition(
            "replace_trust", CaseStatus.in_force(), CaseStatus.REPLACED, role="countersignature of a newer case"
        ),
    ],
)

REPORT = Machine(
    "buyers.adversereport",
    ReportStatus,
    initial=ReportStatus.FILED,
    transitions=[
        Transition("uphold_report", [ReportStatus.FILED], ReportStatus.UPHELD, role="another officer, or a manager"),
        Transition(
            "dismiss_report", [ReportStatus.FILED], ReportStatus.UNFOUNDED, role="another officer, or a manager"
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
