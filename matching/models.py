"""Package x need: scores with their reasons, and the introductions that come of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buyers.models import Need
from core.models import DatedRule, Stateful, Timestamped
from matching.states import INTRODUCTION, DeclineReason, IntroductionStatus
from packages.models import Package, PackageVersion


class ModelVersion(models.Model):
    """Weights of the score, in thousandths a side; a new version is a new row."""

    number = models.PositiveIntegerField(unique=True)
    buyer_weights = models.JSONField()
    vendor_weights = models.JSONField()
    authority = models.TextField()
    certainty = models.CharField(max_length=3, choices=DatedRule.Certainty)
    effective_from = models.DateTimeField()

    def __str__(self) -> str:
        return f"v{self.number}"


class Match(Timestamped):
    """A need and a package that passed every gate, with the score (0 to 1000) and where its points came from.

    Derived data: it is made anew from need and package, and deleted when they no longer fit. `contributions` holds for
    each side the rows [criterion, answer, points, most] of `matching.scoring.Part`.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="matches")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="matches")
    package_version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    need_version = models.PositiveIntegerField()
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    buyer_utility = models.PositiveSmallIntegerField()
    vendor_utility = models.PositiveSmallIntegerField()
    contributions = models.JSONField()
    unknowns = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["need", "package"], name="a need and a package match once"),
            models.CheckConstraint(
                condition=Q(score__lte=1000, buyer_utility__lte=1000, vendor_utility__lte=1000),
                name="a score is at most 1000",
            ),
        ]
        indexes = [
            models.Index(fields=["need", "-score"], name="match_need"),
            models.Index(fields=["package", "-score"], name="match_package"),
        ]

    def __str__(self) -> str:
        return f"{self.need} x {self.package}: {self.score}"


class Introduction(Stateful):
    """A trusted buyer asks to be introduced to a package's anchor; contacts open only when the anchor accepts."""

    machine = INTRODUCTION

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="introductions")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="introductions")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    message = models.TextField(_("message to the consortium"), max_length=4000)
    decline_reason = models.CharField(_("reason"), max_length=8, choices=DeclineReason.choices, blank=True)
    decline_note = models.TextField(_("note"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    is_live: bool
    """Set by `selectors.introductions_for`: the buyer is trusted and the package offered at that moment."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need", "package"],
                condition=Q(status__in=[IntroductionStatus.REQUESTED, IntroductionStatus.ACCEPTED]),
                name="a need and a package have one open introduction",
            ),
            models.CheckConstraint(
                condition=(Q(status=IntroductionStatus.DECLINED) & ~Q(decline_reason=""))
                | (~Q(status=IntroductionStatus.DECLINED) & Q(decline_reason="")),
                name="a declined introduction has a reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} > {self.package}"


class ThreadMessage(models.Model):
    """What one side wrote to the other after the introduction; never changed."""

    introduction = models.ForeignKey(Introduction, on_delete=models.PROTECT, related_name="thread")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("message"), max_length=8000)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:80]
