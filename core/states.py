from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class MailDelivery(TextChoices):
    """Not a machine of the program: the worker's own bookkeeping of one delivery."""

    PENDING = "PENDING", _("Waiting")
    SENDING = "SENDING", _("Being sent")
    SENT = "SENT", _("Sent")
    FAILED = "FAILED", _("Failed")


class FileStatus(TextChoices):
    QUARANTINED = "QUARANTINED", _("Waiting for the virus scan")
    CLEAN = "CLEAN", _("Checked")
    REFUSED = "REFUSED", _("Refused")


STORED_FILE = Machine(
    "core.storedfile",
    FileStatus,
    initial=FileStatus.QUARANTINED,
    transitions=[
        Transition("release_file", sources=[FileStatus.QUARANTINED], target=FileStatus.CLEAN, role="scanner"),
        Transition("refuse_file", sources=[FileStatus.QUARANTINED], target=FileStatus.REFUSED, role="scanner"),
    ],
)
