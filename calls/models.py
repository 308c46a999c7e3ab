"""What the program says to, and asks of, the public."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.states import NOTICE, NoticeKind, NoticeStatus
from core.models import DatedRule, Stateful


class Notice(Stateful):
    """A public notice, with its citation and how certain we are of what it says."""

    machine = NOTICE

    kind = models.CharField(_("kind"), max_length=11, choices=NoticeKind.choices)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=255)
    summary = models.CharField(_("summary"), max_length=500)
    body = models.TextField(_("text"))
    citation = models.CharField(_("citation"), max_length=255, blank=True)
    certainty = models.CharField(_("certainty"), max_length=3, choices=DatedRule.Certainty.choices)
    issued_date = models.DateField(_("date of issue"))
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=NoticeStatus.DRAFT, published_at=None)
                | (~Q(status=NoticeStatus.DRAFT) & Q(published_at__isnull=False)),
                name="a notice has a time of publication once published",
            )
        ]
        indexes = [models.Index(fields=["-issued_date", "-id"], name="notice_newest")]

    def __str__(self) -> str:
        return self.title
