from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class MemberRole(TextChoices):
    """What a person may do in an organization; each includes the ones after it, except that only a signer signs."""

    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")
    SIGNER = "SIGNER", _("Signer")
    EDITOR = "EDITOR", _("Editor")
    VIEWER = "VIEWER", _("Viewer")


class NameKind(TextChoices):
    TRADE = "TRADE", _("Trade name")
    FORMER = "FORMER", _("Former name")
    ORIGINAL_SCRIPT = "ORIGINAL_SCRIPT", _("Name in its own script")
    ACRONYM = "ACRONYM", _("Acronym")


class IdentifierKind(TextChoices):
    REGISTRATION = "REGISTRATION", _("Registration number")
    UEI = "UEI", _("Unique Entity ID (SAM.gov)")
    LEI = "LEI", _("Legal Entity Identifier")
    TAX = "TAX", _("Tax number")


class PartyRole(TextChoices):
    """How a person or entity belongs to an organization; all of them are screened."""

    OWNER = "OWNER", _("Owner")
    SIGNER = "SIGNER", _("Signer")
    CONTACT = "CONTACT", _("Contact")
    END_USER = "END_USER", _("End user")


class PartyKind(TextChoices):
    PERSON = "PERSON", _("Person")
    ENTITY = "ENTITY", _("Company or other entity")
    GOVERNMENT = "GOVERNMENT", _("Government")


class SourceKind(TextChoices):
    """From where a stake or control is known."""

    DECLARED = "DECLARED", _("The organization's own statement")
    REGISTRY = "REGISTRY", _("Company or shareholder register")
    DOCUMENT = "DOCUMENT", _("A document on file here")
    FINDING = "FINDING", _("An officer's finding")


class ControlKind(TextChoices):
    """Ways to direct an entity without owning it."""

    VOTES = "VOTES", _("Votes")
    BOARD = "BOARD", _("Seats on the board")
    AGREEMENT = "AGREEMENT", _("An agreement")
    STATE = "STATE", _("Powers of a state")


class FindingKind(TextChoices):
    """What an officer found about owners whom nobody names, or about a listed one."""

    PUBLIC_FLOAT = "PUBLIC_FLOAT", _("Publicly traded; no listed holder known")
    STATE_BODY = "STATE_BODY", _("Part of a state; it has no other owners")
    HELD_BY_OTHERS = "HELD_BY_OTHERS", _("Held by persons seen in the source; none is listed")
    LISTED_CONSIDERED = "LISTED_CONSIDERED", _("A listed owner or controller below the rule's line was considered")

    @classmethod
    def settling(cls) -> tuple["FindingKind", ...]:
        """Those that say who holds what nobody names."""
        return cls.PUBLIC_FLOAT, cls.STATE_BODY, cls.HELD_BY_OTHERS


class FindingStatus(TextChoices):
    HOLDS = "HOLDS", _("Holds")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


OWNERSHIP_FINDING = Machine(
    "organizations.ownershipfinding",
    FindingStatus,
    initial=FindingStatus.HOLDS,
    transitions=[
        Transition("withdraw_finding", sources=[FindingStatus.HOLDS], target=FindingStatus.WITHDRAWN, role="officer"),
    ],
)


class DocumentKind(TextChoices):
    REGISTRATION = "REGISTRATION", _("Registration extract")
    OWNERSHIP = "OWNERSHIP", _("Ownership chart or shareholder register")
    END_USE = "END_USE", _("End-use statement")
    OTHER = "OTHER", _("Other")


class InvitationStatus(TextChoices):
    SENT = "SENT", _("Sent")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


def is_unexpired(invitation: Any, now: datetime) -> str:
    return "" if now < invitation.expires_at else gettext("This invitation has expired. Ask for a new one.")


COLLEAGUE_INVITATION = Machine(
    "organizations.invitation",
    InvitationStatus,
    initial=InvitationStatus.SENT,
    transitions=[
        Transition(
            "accept_invitation",
            sources=[InvitationStatus.SENT],
            target=InvitationStatus.ACCEPTED,
            role="invited person",
            guards=[is_unexpired],
        ),
        Transition(
            "decline_invitation",
            sources=[InvitationStatus.SENT],
            target=InvitationStatus.DECLINED,
            role="invited person",
        ),
        Transition(
            "withdraw_invitation",
            sources=[InvitationStatus.SENT],
            target=InvitationStatus.WITHDRAWN,
            role="administrator",
        ),
    ],
)
