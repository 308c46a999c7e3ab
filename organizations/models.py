"""The legal entity, once: names, identifiers, owners, people in it, documents. Company and buyer are profiles of one."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core import countries
from core.models import Stateful, StoredFile, Timestamped
from organizations.states import (
    COLLEAGUE_INVITATION,
    OWNERSHIP_FINDING,
    ControlKind,
    DocumentKind,
    FindingKind,
    FindingStatus,
    IdentifierKind,
    MemberRole,
    NameKind,
    PartyKind,
    PartyRole,
    SourceKind,
)


class Organization(Timestamped):
    """`profile_version` grows with every change of what is screened: name, aliases, country, parties, owners of owners;
    `ownership_version` with whatever says who owns or controls it, at any distance."""

    legal_name = models.CharField(_("legal name"), max_length=255)
    country = models.CharField(_("country of incorporation"), max_length=2, choices=countries.choices)
    headquarters_country = models.CharField(_("country of headquarters"), max_length=2, choices=countries.choices)
    address = models.CharField(_("address"), max_length=500, blank=True)
    website = models.URLField(_("website"), blank=True)
    profile_version = models.PositiveIntegerField(default=1, editable=False)
    ownership_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        indexes = [models.Index(fields=["country"], name="organization_country")]

    def __str__(self) -> str:
        return self.legal_name


class OrganizationName(models.Model):
    """Another name by which the organization is or was known."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind of name"), max_length=16, choices=NameKind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="an organization has a name once")]

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind of identifier"), max_length=16, choices=IdentifierKind.choices)
    value = models.CharField(_("number"), max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind"], name="an organization has one identifier a kind")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="identifier_value")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class AssociatedParty(Timestamped):
    """An owner, signer, contact or end user. An owner may own a part of another owner, and what each has is a Stake or
    Control; one that is `registered` here is that organization, whose owners it names itself."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(_("role"), max_length=8, choices=PartyRole.choices)
    kind = models.CharField(_("person or entity"), max_length=10, choices=PartyKind.choices)
    name = models.CharField(_("full name"), max_length=255)
    country = models.CharField(_("country"), max_length=2, choices=countries.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    registered = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="held_as",
        verbose_name=_("the same organization on this portal"),
    )
    position = models.CharField(_("position"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "associated parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(kind=PartyKind.PERSON), name="only a person has a date of birth"
            ),
            models.CheckConstraint(
                condition=Q(registered=None) | Q(kind=PartyKind.ENTITY, role=PartyRole.OWNER),
                name="only an owning entity is a registered organization",
            ),
            models.CheckConstraint(
                condition=~Q(registered=F("organization")), name="an organization is no owner of its own"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holding(Timestamped):
    """What `holder` has in an owner of the organization (`owned`), or in the organization itself (no `owned`), from when
    up to the day before when (NULL: not known, or not ended), and from where that is known."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="%(class)ss")
    holder = models.ForeignKey(AssociatedParty, on_delete=models.CASCADE, related_name="%(class)ss")
    owned = models.ForeignKey(
        AssociatedParty, on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss_in"
    )
    held_from = models.DateField(_("held since"), null=True, blank=True)
    held_to = models.DateField(_("no longer held on"), null=True, blank=True)
    source = models.CharField(_("how this is known"), max_length=8, choices=SourceKind.choices, default="DECLARED")
    source_note = models.CharField(_("where it is written"), max_length=500, blank=True)
    document = models.ForeignKey(
        "organizations.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(held_from=None) | Q(held_to=None) | Q(held_to__gt=F("held_from")),
                name="a %(class)s ends after it began",
            ),
            models.CheckConstraint(condition=~Q(holder=F("owned")), name="nobody has a %(class)s in itself"),
            models.CheckConstraint(
                condition=Q(source=SourceKind.DECLARED)
                | Q(source=SourceKind.DOCUMENT, document__isnull=False)
                | Q(source__in=[SourceKind.REGISTRY, SourceKind.FINDING]) & ~Q(source_note=""),
                name="a %(class)s says where it is written",
            ),
        ]

    def holds_on(self, day: date) -> bool:
        return (self.held_from is None or self.held_from <= day) and (self.held_to is None or day < self.held_to)


class Stake(Holding):
    """A share that is not known is NULL, which is not zero. A trigger refuses stakes of more than the whole on one day,
    and circles of owners, at any distance and under one lock (`organizations.guards`)."""

    share_percent = models.DecimalField(_("share in percent"), max_digits=7, decimal_places=4, null=True, blank=True)

    class Meta(Holding.Meta):
        constraints = [
            *Holding.Meta.constraints,
            models.CheckConstraint(
                condition=Q(share_percent=None) | Q(share_percent__gt=0, share_percent__lte=100),
                name="a share is more than 0 and at most 100 percent",
            ),
            ExclusionConstraint(
                name="a holder has one stake in something a day",
                expressions=[
                    ("holder", RangeOperators.EQUAL),
                    (Coalesce("owned_id", 0), RangeOperators.EQUAL),
                    (Func(F("held_from"), F("held_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.share_percent or '?'} % of {self.owned or self.organization}"


class Control(Holding):
    """Direction without ownership; `note` says what it consists of."""

    kind = models.CharField(_("kind of control"), max_length=9, choices=ControlKind.choices)
    note = models.CharField(_("what it consists of"), max_length=500)

    class Meta(Holding.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.holder}: {self.get_kind_display()} in {self.owned or self.organization}"


class OwnershipFinding(Stateful):
    """What an officer found, when and where, about an owner of the organization (`party`) or itself (no `party`).

    `share_percent` NULL: about everything that is in no stake. After `valid_until` it no longer holds.
    """

    machine = OWNERSHIP_FINDING

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="ownership_findings")
    party = models.ForeignKey(
        AssociatedParty, on_delete=models.PROTECT, null=True, blank=True, related_name="ownership_findings"
    )
    kind = models.CharField(_("finding"), max_length=17, choices=FindingKind.choices)
    share_percent = models.DecimalField(_("share in percent"), max_digits=7, decimal_places=4, null=True, blank=True)
    source = models.TextField(_("source"), max_length=1000)
    source_date = models.DateField(_("date of the source"))
    valid_until = models.DateField(_("holds through"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share_percent=None)
                | Q(share_percent__gt=0, share_percent__lte=100) & ~Q(kind=FindingKind.LISTED_CONSIDERED),
                name="a finding settles more than 0 and at most 100 percent",
            ),
            models.CheckConstraint(condition=~Q(source="") & ~Q(reason=""), name="a finding has a source and a reason"),
            models.CheckConstraint(
                condition=~Q(kind=FindingKind.LISTED_CONSIDERED) | Q(party__isnull=False),
                name="a finding on a listed owner names the owner",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("source_date")),
                name="a finding ends after its source was written",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="ownership_finding_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.party or self.organization}"

    def holds_on(self, day: date) -> bool:
        return self.status == FindingStatus.HOLDS and (self.valid_until is None or day <= self.valid_until)


class Membership(models.Model):
    """A person's role in an organization; ended, never deleted."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=13, choices=MemberRole.choices)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                condition=Q(ended_at=None),
                name="a person has one role in an organization",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization} as {self.role}"


class Invitation(Stateful):
    """A colleague asked by e-mail; only the hash of the link's token is kept."""

    machine = COLLEAGUE_INVITATION

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=13, choices=MemberRole.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.email} to {self.organization}"


class Document(models.Model):
    """Evidence about the organization; the file may still be in quarantine."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="documents")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of document"), max_length=12, choices=DocumentKind.choices)
    valid_until = models.DateField(_("valid through"), null=True, blank=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file)
