"""Foreign buyers, what they need, and how officers came to trust them."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import OverseasPost
from buyers.states import (
    CASE,
    NEED,
    REPORT,
    BuyerKind,
    CaseKind,
    CaseStatus,
    ChecklistItem,
    Finding,
    LetterKind,
    Mover,
    RefusalReason,
    ReportKind,
    Residency,
    SuspensionReason,
)
from consortia.models import component_array
from core import countries
from core.calendars import WASHINGTON
from core.models import Stateful, Timestamped
from organizations.models import Document, Organization
from packages.models import choice_array
from packages.states import Deployment, Language, Sector, Standard


class Buyer(Timestamped):
    """An organization as a buyer. Whether it is trusted is read from its vetting cases, at the moment of asking."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="buyer")
    kind = models.CharField(_("kind of buyer"), max_length=16, choices=BuyerKind.choices)
    activity = models.TextField(_("what the organization does"), max_length=2000)
    intended_end_use = models.TextField(_("intended end use"), max_length=4000)

    def __str__(self) -> str:
        return str(self.organization)


class VettingCase(Stateful):
    """One vetting: who looked, what was found, who decided, and for which countries and components until when.

    Scope and end are what the first officer recommends, and hold once the second one countersigns; a trigger refuses to
    change them under a countersignature. `due_at` is when the officers' move should be made; while it is the buyer's, it
    stays as it was. `basis` is the trust from which a renewal or change begins. `facts` is what the buyer said of itself
    when trust was given (`buyers.facts`), and `profile_version` the last version of its organization's profile that was
    compared with them: of a newer one, trust does not hold. `countersigner` took it from the pool to look at it second.
    """

    machine = CASE

    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(_("kind of case"), max_length=8, choices=CaseKind.choices, default=CaseKind.FIRST)
    basis = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")
    post = models.ForeignKey(OverseasPost, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opinion = models.TextField(_("officer's opinion"), max_length=8000, blank=True)
    scope_countries = ArrayField(models.CharField(max_length=2, choices=countries.choices), default=list, blank=True)
    scope_components = component_array()
    trusted_until = models.DateTimeField(_("trusted until"), null=True, blank=True)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    countersigner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recommended_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.CharField(_("reason"), max_length=12, choices=RefusalReason.choices, blank=True)
    suspension_reason = models.CharField(_("reason"), max_length=9, choices=SuspensionReason.choices, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    profile_version = models.PositiveIntegerField(null=True, blank=True)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer"],
                condition=Q(status__in=CaseStatus.unfinished()),
                name="a buyer has one unfinished case",
            ),
            models.UniqueConstraint(
                fields=["buyer"], condition=Q(status__in=CaseStatus.in_force()), name="a buyer has one trust in force"
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseStatus.TRUSTED)
                | Q(trusted_until__isnull=False, recommended_by__isnull=False, countersigned_by__isnull=False),
                name="trust has an end and two officers",
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseStatus.TRUSTED) | ~Q(scope_countries=[]) & ~Q(scope_components=[]),
                name="trust names countries and components",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None) | ~Q(countersigned_by=F("recommended_by")),
                name="the second officer is another one",
            ),
            models.CheckConstraint(
                condition=(Q(status=CaseStatus.REFUSED) & ~Q(refusal_reason=""))
                | (~Q(status=CaseStatus.REFUSED) & Q(refusal_reason="")),
                name="a refusal has a reason",
            ),
            models.CheckConstraint(
                condition=(Q(status=CaseStatus.SUSPENDED) & ~Q(suspension_reason=""))
                | (~Q(status=CaseStatus.SUSPENDED) & Q(suspension_reason="")),
                name="a suspension has a reason",
            ),
            models.CheckConstraint(
                condition=Q(kind=CaseKind.FIRST) | Q(basis__isnull=False), name="a renewal or change has its trust"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(status__in=CaseStatus.unfinished())),
            models.Index(fields=["status", "due_at", "id"], name="case_status_due"),
            models.Index(fields=["post", "due_at", "id"], name="case_post_due"),
            models.Index(fields=["assigned_to", "due_at", "id"], name="case_officer_due"),
        ]

    def __str__(self) -> str:
        return f"{self.buyer} #{self.pk}"

    @property
    def mover(self) -> Mover | None:
        """Whose move it is; None once it is decided or withdrawn."""
        return Mover.of(self.status)

    @cached_property
    def officers_in_conflict(self) -> frozenset[int]:
        """Who declared a conflict when first asked; `refresh_from_db` asks anew."""
        return frozenset(self.conflicts.values_list("officer", flat=True))

    @cached_property
    def insiders(self) -> frozenset[int]:
        """Who belongs to the buyer's organization, when first asked; `refresh_from_db` asks anew."""
        current = self.buyer.organization.memberships.filter(ended_at=None)
        return frozenset(current.values_list("user", flat=True))

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        for name in ("officers_in_conflict", "insiders"):
            self.__dict__.pop(name, None)

    @property
    def waits_for_buyer(self) -> bool:
        return self.mover == Mover.BUYER

    @property
    def time_zone(self) -> str:
        """Where its clock ticks."""
        return self.post.time_zone if self.post else WASHINGTON


class ChecklistFinding(models.Model):
    """An officer's finding on one question; the newest row counts, the older ones stay."""

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="findings")
    item = models.CharField(max_length=12, choices=ChecklistItem.choices)
    finding = models.CharField(max_length=11, choices=Finding.choices)
    note = models.TextField(max_length=2000, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "item", "-id"], name="finding_newest")]

    def __str__(self) -> str:
        return f"{self.item}: {self.finding}"


class CaseQuestion(models.Model):
    """What an officer asked the buyer, and the answer. It waits until `closed_at`: answered, taken back, or the case
    ended without it."""

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(_("question"), max_length=4000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=8000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    documents = models.ManyToManyField(Document, related_name="+", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_by__isnull=False, closed_at=F("answered_at")) & ~Q(answer=""),
                name="an answer has a person and closes its question",
            )
        ]
        indexes = [models.Index(fields=["case", "asked_at"], name="question_open", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return self.text[:80]


class CaseNote(models.Model):
    """Why an officer returned, suspended or revoked: for colleagues, never for the buyer. Never changed."""

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    about = models.CharField(max_length=32)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:80]


class CaseConflict(models.Model):
    """An officer's own word that they must not work on a case. Never taken back."""

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="conflicts")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "officer"], name="an officer declares a conflict once")]

    def __str__(self) -> str:
        return f"{self.officer} on {self.case}"


class CaseLetter(models.Model):
    """A letter to the buyer, stored as sent; `sent_by` is nobody where the portal itself wrote."""

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=32, choices=LetterKind.choices)
    subject = models.CharField(_("subject"), max_length=255)
    body = models.TextField(_("text"), max_length=8000)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class OfficerAbsence(models.Model):
    """Days on which an officer is away; their cases fall to `cover`, or where nobody covers, to their post's queue."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="covers"
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="an absence ends after it began"),
            models.CheckConstraint(
                condition=Q(cover=None) | ~Q(cover=F("officer")), name="nobody covers their own absence"
            ),
            ExclusionConstraint(
                name="an officer is absent once a day",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    (
                        Func(F("first_day"), F("last_day"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer.name}: {self.first_day} – {self.last_day}"


class AdverseReport(Stateful):
    """What an officer of a post reports against a buyer; settled by somebody else. The buyer is never told of it."""

    machine = REPORT

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="reports")
    post = models.ForeignKey(OverseasPost, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what is reported"), max_length=15, choices=ReportKind.choices)
    text = models.TextField(_("report"), max_length=4000)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settlement = models.TextField(_("how it was settled"), max_length=4000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("reported_by")),
                name="nobody settles their own report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.post})"


class DecisionRecord(models.Model):
    """An act on a case with all that it stood on: canonical JSON (`buyers.evidence`), whose SHA-256 the ledger holds too.
    Never changed; derived again by `manage.py replay_decision`."""

    case = models.ForeignKey(VettingCase, on_delete=models.PROTECT, related_name="decisions")
    act = models.CharField(max_length=32)
    decided_at = models.DateTimeField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="decision_newest")]

    def __str__(self) -> str:
        return f"{self.case}: {self.act}"


class Need(Stateful):
    """What a buyer wants to buy, for which country. Numbers here are private: the other side sees bands only."""

    machine = NEED

    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="needs")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is needed"), max_length=8000)
    components = component_array()
    sectors = choice_array(Sector.choices, label=_("sectors"))
    destination = models.CharField(_("destination country"), max_length=2, choices=countries.choices)
    deployments = choice_array(Deployment.choices, label=_("acceptable deployment models"))
    residency = models.CharField(_("data residency"), max_length=7, choices=Residency.choices, default=Residency.NONE)
    languages = choice_array(Language.choices, label=_("languages"), length=2)
    standards = choice_array(Standard.choices, label=_("standards that must be met"))
    capacity_mw = models.DecimalField(_("capacity in megawatts"), max_digits=8, decimal_places=2, null=True, blank=True)
    budget_usd = models.PositiveBigIntegerField(_("budget in U.S. dollars"), null=True, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    wants_financing = models.BooleanField(_("U.S. financing would help"), default=False)
    posted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["status", "destination"], name="need_posted")]

    def __str__(self) -> str:
        return self.title
