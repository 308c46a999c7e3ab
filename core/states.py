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


class FileRefusal(TextChoices):
    """Why a file is refused, each with how to fix it. The first four at the door, the others after a thorough look."""

    TYPE = (
        "TYPE",
        _("Files of this type are not accepted. Save it as PDF, Word, Excel, PowerPoint, PNG, JPEG, CSV or text."),
    )
    EMPTY = "EMPTY", _("The file is empty. Choose the file that you meant.")
    SIZE = "SIZE", _("The file is larger than 25 MB. Make it smaller, or split it.")
    CONTENT = "CONTENT", _("The file's content is not what its name says. Save it again as the type that you meant.")
    DAMAGED = "DAMAGED", _("The file is damaged and cannot be read. Save it again, open it to check, and upload it.")
    LOCKED = "LOCKED", _("The file is protected by a password. Remove the password and upload it again.")
    TOO_MUCH = "TOO_MUCH", _("The file unpacks to far more than a document should. Split it, or save it as PDF.")
    HIDDEN = "HIDDEN", _("The file has other content hidden behind it. Save it again under a new name and upload that.")
    PATHS = "PATHS", _("The file holds parts with unsafe names. Save it again with your office program.")
    MACROS = "MACROS", _("The file holds macros or program code. Save it without macros, for instance as PDF.")
    OUTSIDE = (
        "OUTSIDE",
        _("The file loads content from another place when it is opened. Embed that content, or save it as PDF."),
    )
    SCRIPT = (
        "SCRIPT",
        _("The PDF holds scripts or actions that run by themselves. Print it to a new PDF and upload that."),
    )
    ATTACHED = (
        "ATTACHED",
        _("The PDF carries other files inside it. Upload those separately, and this one without them."),
    )
    PIXELS = "PIXELS", _("The picture has too many pixels. Make it smaller than 40 megapixels.")
    VIRUS = "VIRUS", _("The virus scanner found something in the file. Check your computer, and upload a clean copy.")


STORED_FILE = Machine(
    "core.storedfile",
    FileStatus,
    initial=FileStatus.QUARANTINED,
    transitions=[
        Transition("release_file", sources=[FileStatus.QUARANTINED], target=FileStatus.CLEAN, role="scanner"),
        Transition("refuse_file", sources=[FileStatus.QUARANTINED], target=FileStatus.REFUSED, role="scanner"),
    ],
)
