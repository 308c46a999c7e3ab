"""What every room stands on: the ledger, the outbox, what people are told, receipts, files and dated rules."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import STORED_FILE, FileRefusal, FileStatus, MailDelivery
from core.transitions import Machine


class Timestamped(models.Model):
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Stateful(Timestamped):
    """A record whose status only `core.actions` may change; a deferred trigger refuses what the ledger does not hold.

    The subclass names its `machine`, and its migration installs `core.guards.guard_status`.
    """

    machine: ClassVar[Machine]

    status = models.CharField(_("status"), max_length=32, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def get_status_display(self) -> str:
        return str(self.machine.states(self.status).label)


class LedgerEntry(models.Model):
    """One recorded act. No foreign keys, so that it outlives its subjects; no personal data, only ids, codes, hashes."""

    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    from_state = models.CharField(max_length=32, blank=True)
    to_state = models.CharField(max_length=32, blank=True)
    detail = models.TextField(default="{}")  # JSON as text, because the hash covers the stored text
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="ledger_subject"),
            models.Index(fields=["actor", "-id"], name="ledger_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.action}"


class LedgerSeal(models.Model):
    """Number and hash of an entry, written at commit by a deferred trigger under the lock of the head."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"#{self.number}"


class LedgerHead(models.Model):
    """The one row that numbers the ledger; its lock always comes last in a transaction."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="the ledger has one head")]

    def __str__(self) -> str:
        return f"#{self.number} {self.hash[:12]}"


class OutboxMessage(models.Model):
    """What has to be done after a commit, one row per subscriber. The broker holds nothing that matters."""

    topic = models.CharField(max_length=80)
    subscriber = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "topic", "key"], name="a message is stored once a subscriber"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_pending",
                condition=Q(done_at=None, parked_at=None),
            ),
            models.Index(fields=["created_at"], name="outbox_created"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} > {self.subscriber} ({self.key})"


class JobRun(models.Model):
    """Beat only rings a bell; the unique (job, slot) decides that a slot's work is asked for once."""

    job = models.CharField(max_length=80)
    slot = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="a job runs once a slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"


class Notification(models.Model):
    """What a person was told, as they read it in the portal."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=255)
    body = models.TextField()
    path = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="a person is told a thing once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_inbox"),
            models.Index(fields=["recipient"], name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject


class Mail(models.Model):
    """An e-mail on its way: PENDING > SENDING > SENT | FAILED. `message_id` is the key that a provider sees."""

    key = models.CharField(max_length=255, unique=True)
    to_address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    delivery = models.CharField(max_length=8, choices=MailDelivery.choices, default=MailDelivery.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mail"
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery=MailDelivery.SENT, sent_at__isnull=False)
                | (~Q(delivery=MailDelivery.SENT) & Q(sent_at=None)),
                name="mail has a time of sending exactly when it was sent",
            )
        ]
        indexes = [models.Index(fields=["delivery", "-id"], name="mail_delivery")]

    def __str__(self) -> str:
        return f"{self.to_address}: {self.subject}"


class Receipt(models.Model):
    """Proof of an act, given to the person who did it."""

    number = models.CharField(max_length=32, unique=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    act = models.CharField(max_length=80)
    subject_version = models.PositiveIntegerField()
    summary = models.TextField()
    next_step = models.TextField()
    path = models.CharField(max_length=500)
    issued_at = models.DateTimeField()
    issued_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="receipts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "act", "subject_version"], name="an act has one receipt"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Submission(models.Model):
    """A form that was sent, by its key: a second post of the same form leads to where the first one led."""

    key = models.UUIDField()
    actor = models.CharField(max_length=80)
    path = models.CharField(max_length=500)
    target = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "actor"], name="a form is submitted once")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"


class StoredFile(Stateful):
    """An upload: quarantined until a scanner calls it clean; served only by a room's own authorised view."""

    machine = STORED_FILE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    refusal = models.CharField(max_length=16, blank=True)  # FileRefusal; as choices its words would need migrations
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="file_quarantine", condition=Q(status=FileStatus.QUARANTINED))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def refusal_text(self) -> str:
        """Why it was refused and how to fix it, in the active language; "" for a file that was not."""
        return str(FileRefusal(self.refusal).label) if self.refusal else ""


class DatedRule(models.Model):
    """A rule of the program as data: what holds from when until when, who says so, and how certain that is."""

    class Certainty(models.TextChoices):
        PRIMARY = "P", _("Primary text")
        SECONDARY = "S", _("Secondary source")
        QUOTED = "S2", _("A note quoting a secondary source")
        KNOWLEDGE = "K", _("General knowledge, not confirmed")
        GAP = "GAP", _("No published rule found; set by the operator")

    code = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text=_("The first day on which it no longer holds"))
    authority = models.TextField()
    certainty = models.CharField(max_length=3, choices=Certainty.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a rule has each version once"),
            ExclusionConstraint(
                name="a rule has one value a day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (Func(F("effective_from"), F("effective_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
