from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Machine, Transition


class NoticeKind(TextChoices):
    INFORMATION = "INFORMATION", _("Request for information")
    PROPOSALS = "PROPOSALS", _("Call for proposals")
    NEWS = "NEWS", _("Announcement")


class NoticeStatus(TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


NOTICE = Machine(
    "calls.notice",
    NoticeStatus,
    initial=NoticeStatus.DRAFT,
    transitions=[
        Transition("publish_notice", [NoticeStatus.DRAFT], NoticeStatus.PUBLISHED, role="manager"),
        Transition("withdraw_notice", [NoticeStatus.PUBLISHED], NoticeStatus.WITHDRAWN, role="manager"),
    ],
)
