"""The government's lists as they were fetched, and what came of holding organizations against them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stateful
from organizations.models import Organization
from screening.states import (
    HIT,
    Decision,
    FetchOutcome,
    HitStatus,
    ListChangeKind,
    Outcome,
    OwnershipOutcome,
    Tier,
)


class ListEntry(models.Model):
    """A listed party as one release wrote it; never changed. `content_key` is the hash of all its fields."""

    content_key = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=200)
    list_code = models.CharField(max_length=12)
    type = models.CharField(max_length=20, blank=True)
    name = models.TextField()
    dates_of_birth = models.TextField(blank=True)
    fields = models.JSONField()

    class Meta:
        verbose_name_plural = "list entries"

    def __str__(self) -> str:
        return f"{self.name} ({self.list_code})"


class ListName(models.Model):
    """One name or alias of an entry, with the keys by which it is found."""

    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="names")
    name = models.TextField()
    is_alias = models.BooleanField()
    keys = ArrayField(models.TextField())
    keyed_by = models.CharField(max_length=20, default="")  # the engine that made the keys; another one makes its own

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="list_name_keys"),
            models.Index(fields=["keyed_by", "id"], name="list_name_engine"),
        ]

    def __str__(self) -> str:
        return self.name


class ListFact(models.Model):
    """A number, telephone, domain or address of an entry, in the form in which it is compared (`screening.facts`)."""

    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["value", "kind"], name="list_fact_value")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class ListRelease(models.Model):
    """One fetch of the whole list; never changed. `content_sha256` is of what is listed, `sha256` of the file's bytes.

    Every row of the file is an entry (`counts`, by list), the repetition of an earlier line (`merged`), or rejected:
    pairs of its line with the earlier line, or with the reason.
    """

    as_of = models.DateField(_("list of"))
    fetched_at = models.DateTimeField(_("imported"))
    sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64, default="")
    row_count = models.PositiveIntegerField(_("rows"))
    counts = models.JSONField()
    merged = models.JSONField(default=list)
    rejected = models.JSONField(default=list)
    oddities = models.JSONField()
    replaced = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    entries = models.ManyToManyField(ListEntry, through="ReleaseEntry", related_name="releases")

    def __str__(self) -> str:
        return f"{self.as_of} ({self.row_count})"


class ReleaseEntry(models.Model):
    release = models.ForeignKey(ListRelease, on_delete=models.PROTECT, related_name="rows")
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "entry"], name="a release holds an entry once")]

    def __str__(self) -> str:
        return f"{self.release_id}:{self.entry_id}"


class ListChange(models.Model):
    """How a release differs from the one that it replaced: an entry that came, went, or says something else now."""

    release = models.ForeignKey(ListRelease, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=7, choices=ListChangeKind.choices)
    source = models.CharField(_("list"), max_length=200)
    name = models.TextField()
    before = models.ForeignKey(ListEntry, on_delete=models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(ListEntry, on_delete=models.PROTECT, null=True, related_name="+")
    columns = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ListChangeKind.ADDED, before=None, after__isnull=False)
                | Q(kind=ListChangeKind.REMOVED, before__isnull=False, after=None)
                | Q(kind=ListChangeKind.CHANGED, before__isnull=False, after__isnull=False),
                name="a change has the entries of its kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_kind_display()}"


class ListFetch(models.Model):
    """One asking for the list over the network, and what came of it; never changed. `etag` and `last_modified` are what
    the server called the file, to ask the next time whether there is another."""

    asked_at = models.DateTimeField(_("asked"))
    address = models.CharField(max_length=500)
    outcome = models.CharField(_("outcome"), max_length=9, choices=FetchOutcome.choices)
    problem = models.TextField(_("problem"), blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    release = models.ForeignKey(ListRelease, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "list fetches"

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}: {self.get_outcome_display()}"


class CurrentRelease(models.Model):
    """The one pointer to the release in force; freshness counts from `confirmed_at`."""

    release = models.ForeignKey(ListRelease, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there is one current release")]

    def __str__(self) -> str:
        return str(self.release)


class ScreeningRun(models.Model):
    """What holding an organization's names against a release gave; append-only, the newest counts."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="screening_runs")
    release = models.ForeignKey(ListRelease, on_delete=models.PROTECT, null=True, related_name="+")
    engine_version = models.CharField(max_length=20)
    profile_version = models.PositiveIntegerField()
    screened_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=Outcome.COULD_NOT, release=None) & ~Q(reason="")
                | ~Q(outcome=Outcome.COULD_NOT) & Q(release__isnull=False),
                name="a run names its release, or why it could not screen",
            )
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.outcome}"


class Hit(Stateful):
    """A name of an organization that is like a listed one. `fingerprint` is of both contents: a decision outlives
    re-imports and holds until either side changes. `explanation` holds the facts of both sides, the list that it was
    found on, and all that the engine said of them: enough to derive the hit again."""

    machine = HIT

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="hits")
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="hits")
    fingerprint = models.CharField(max_length=64)
    party_role = models.CharField(max_length=20)
    party_name = models.CharField(max_length=255)
    listed_name = models.TextField()
    score = models.DecimalField(max_digits=5, decimal_places=2)
    tier = models.CharField(max_length=6, choices=Tier.choices)
    explanation = models.JSONField()
    engine_version = models.CharField(max_length=20)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "fingerprint"],
                condition=~Q(status=HitStatus.GONE),
                name="a hit stands once",
            )
        ]
        indexes = [
            models.Index(fields=["organization"], name="hit_blocking", condition=Q(status__in=HitStatus.blocking()))
        ]

    def __str__(self) -> str:
        return f"{self.party_name} ~ {self.listed_name}"


class OwnershipConclusion(models.Model):
    """What the rules on ownership said of an organization, given these owners and these of them found to be `listed`
    (ids of hits); append-only, the newest counts. From `holds_until` on, a date in owners, findings or rules changes it.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="ownership_conclusions")
    ownership_version = models.PositiveIntegerField()
    concluded_at = models.DateTimeField()
    holds_until = models.DateField(null=True)
    outcome = models.CharField(max_length=11, choices=OwnershipOutcome.choices)
    reason = models.TextField()
    rules = models.CharField(max_length=200, blank=True)
    listed = ArrayField(models.BigIntegerField(), default=list)
    evidence = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="conclusion_newest")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.outcome}"


class Adjudication(models.Model):
    """One act of an officer on all `hits` of a party against one listed entry; append-only. `fingerprints` are of what
    was judged: they hold whatever list comes, until either side says something else."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="adjudications")
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="adjudications")
    decision = models.CharField(_("decision"), max_length=24, choices=Decision.choices)
    hits = ArrayField(models.BigIntegerField())
    fingerprints = ArrayField(models.CharField(max_length=64))
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "entry", "-id"], name="adjudication_newest"),
            models.Index(fields=["decided_at"], name="adjudication_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ~ {self.entry}: {self.get_decision_display()}"
