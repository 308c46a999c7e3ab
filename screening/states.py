from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class Outcome(TextChoices):
    """Of one run over one organization."""

    CLEAR = "CLEAR", _("No hit")
    HITS = "HITS", _("Hits found")
    COULD_NOT = "COULD_NOT", _("Could not screen")


class ListChangeKind(TextChoices):
    """Of an entry, from one release of the list to the next."""

    ADDED = "added", _("Added")
    REMOVED = "removed", _("Removed")
    CHANGED = "changed", _("Changed")


class FetchOutcome(TextChoices):
    """Of asking for the list over the network."""

    IMPORTED = "IMPORTED", _("A new list, imported")
    UNCHANGED = "UNCHANGED", _("No change: the list in force is confirmed")
    STOPPED = "STOPPED", _("Stopped: an officer has to look")
    FAILED = "FAILED", _("Failed")


class OwnershipOutcome(TextChoices):
    """Of the rules on ownership."""

    CLEAR = "CLEAR", _("No rule on ownership blocks it")
    BLOCKED = "BLOCKED", _("Blocked by who owns it")
    CANNOT_TELL = "CANNOT_TELL", _("Cannot tell")


class Tier(TextChoices):
    ALERT = "alert", _("Alert")
    REVIEW = "review", _("Review")


class HitStatus(TextChoices):
    OPEN = "OPEN", _("Open")
    PROPOSED = "PROPOSED", _("Dismissal waits for a second officer")
    ESCALATED = "ESCALATED", _("Escalated")
    NOT_A_MATCH = "NOT_A_MATCH", _("Not the same party")
    TRUE_MATCH = "TRUE_MATCH", _("The listed party")
    GONE = "GONE", _("No longer found")

    @classmethod
    def blocking(cls) -> tuple["HitStatus", ...]:
        return *cls.undecided(), cls.TRUE_MATCH

    @classmethod
    def undecided(cls) -> tuple["HitStatus", ...]:
        return cls.OPEN, cls.PROPOSED, cls.ESCALATED


class Decision(TextChoices):
    """What an officer said of a party and a listed entry, by the name of the act."""

    DISMISS = "dismiss_hit", _("Not the listed party")
    COUNTERSIGN = "countersign_dismissal", _("Dismissal agreed to")
    RETURN = "return_dismissal", _("Dismissal returned")
    CONFIRM = "confirm_hit", _("The listed party")
    ESCALATE = "escalate_hit", _("Escalated")
    REOPEN = "reopen_hit", _("Reopened")


_UNDECIDED = [HitStatus.OPEN, HitStatus.ESCALATED]

HIT = Machine(
    "screening.hit",
    HitStatus,
    initial=HitStatus.OPEN,
    transitions=[
        Transition("propose_dismissal", _UNDECIDED, HitStatus.PROPOSED, role="officer, for an alert"),
        Transition("countersign_dismissal", [HitStatus.PROPOSED], HitStatus.NOT_A_MATCH, role="second officer"),
        Transition("return_dismissal", [HitStatus.PROPOSED], HitStatus.OPEN, role="second officer"),
        Transition("dismiss_review", _UNDECIDED, HitStatus.NOT_A_MATCH, role="officer, below the alert line"),
        Transition("confirm_hit", [*_UNDECIDED, HitStatus.PROPOSED], HitStatus.TRUE_MATCH, role="officer"),
        Transition("escalate_hit", [HitStatus.OPEN], HitStatus.ESCALATED, role="officer"),
        Transition("reopen_hit", [HitStatus.NOT_A_MATCH, HitStatus.TRUE_MATCH], HitStatus.OPEN, role="officer"),
        Transition(
            "drop_hit",
            [HitStatus.OPEN, HitStatus.PROPOSED, HitStatus.ESCALATED, HitStatus.NOT_A_MATCH, HitStatus.TRUE_MATCH],
            HitStatus.GONE,
            role="screening, when neither side's content gives it any more",
        ),
    ],
)
