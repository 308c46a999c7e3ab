from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class ComponentLetter(TextChoices):
    """The five components of a full-stack package, EO 14320 sec. 3(b)(i)(A)-(E)."""

    A = "A", _("AI-optimized hardware and infrastructure")
    B = "B", _("Data pipelines and labeling systems")
    C = "C", _("AI models and systems")
    D = "D", _("Security and cybersecurity measures")
    E = "E", _("AI applications for specific use cases")


class ConsortiumKind(TextChoices):
    PRE_SET = "PRE_SET", _("Pre-set: a standing team, offering on an ongoing basis")
    ON_DEMAND = "ON_DEMAND", _("On-demand: formed around one export opportunity")


class MemberPart(TextChoices):
    ANCHOR = "ANCHOR", _("Anchor member")
    MEMBER = "MEMBER", _("Member")


class CompanyStatus(TextChoices):
    ACTIVE = "ACTIVE", _("Active")
    SUSPENDED = "SUSPENDED", _("Suspended")


class ConsortiumStatus(TextChoices):
    ACTIVE = "ACTIVE", _("Active")
    DISSOLVED = "DISSOLVED", _("Dissolved")


class MemberStatus(TextChoices):
    ACCEPTED = "ACCEPTED", _("Member")
    LEFT = "LEFT", _("Left")
    REMOVED = "REMOVED", _("Removed")


class InvitationStatus(TextChoices):
    SENT = "SENT", _("Waiting for an answer")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class ClearanceStatus(TextChoices):
    """Of what an officer accepted of a company; a company without one that holds is not offered."""

    HOLDS = "HOLDS", _("Cleared")
    REPLACED = "REPLACED", _("Replaced by a newer one")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


def is_unexpired(invitation: Any, now: datetime) -> str:
    return "" if now < invitation.expires_at else gettext("This invitation has expired. Ask the anchor for a new one.")


def is_not_anchor(member: Any, now: datetime) -> str:
    """Exactly one anchor: it leaves by dissolving the consortium, or after another member took its place."""
    return gettext("The anchor member cannot leave its consortium.") if member.part == MemberPart.ANCHOR else ""


COMPANY = Machine(
    "consortia.company",
    CompanyStatus,
    initial=CompanyStatus.ACTIVE,
    transitions=[
        Transition("suspend_company", [CompanyStatus.ACTIVE], CompanyStatus.SUSPENDED, role="officer"),
        Transition("reinstate_company", [CompanyStatus.SUSPENDED], CompanyStatus.ACTIVE, role="officer"),
    ],
)

CONSORTIUM = Machine(
    "consortia.consortium",
    ConsortiumStatus,
    initial=ConsortiumStatus.ACTIVE,
    transitions=[
        Transition("dissolve_consortium", [ConsortiumStatus.ACTIVE], ConsortiumStatus.DISSOLVED, role="anchor"),
    ],
)

MEMBER = Machine(
    "consortia.member",
    MemberStatus,
    initial=MemberStatus.ACCEPTED,
    transitions=[
        Transition(
            "leave_consortium", [MemberStatus.ACCEPTED], MemberStatus.LEFT, role="member", guards=[is_not_anchor]
        ),
        Transition(
            "remove_member", [MemberStatus.ACCEPTED], MemberStatus.REMOVED, role="anchor", guards=[is_not_anchor]
        ),
    ],
)

INVITATION = Machine(
    "consortia.invitation",
    InvitationStatus,
    initial=InvitationStatus.SENT,
    transitions=[
        Transition(
            "accept_invitation",
            [InvitationStatus.SENT],
            InvitationStatus.ACCEPTED,
            role="invited company",
            guards=[is_unexpired],
        ),
        Transition("decline_invitation", [InvitationStatus.SENT], InvitationStatus.DECLINED, role="invited company"),
        Transition("withdraw_invitation", [InvitationStatus.SENT], InvitationStatus.WITHDRAWN, role="anchor"),
    ],
)

CLEARANCE = Machine(
    "consortia.clearance",
    ClearanceStatus,
    initial=ClearanceStatus.HOLDS,
    transitions=[
        Transition(
            "replace_clearance",
            [ClearanceStatus.HOLDS],
            ClearanceStatus.REPLACED,
            role="officer, by clearing the company anew",
        ),
        Transition("withdraw_clearance", [ClearanceStatus.HOLDS], ClearanceStatus.WITHDRAWN, role="officer"),
    ],
)
