"""The legal entity, once: names, identifiers, owners, people in it, documents. Company and buyer are profiles of one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import countries
from core.models import Stateful, StoredFile, Timestamped
from organizations.states import (
    COLLEAGUE_INVITATION,
    DocumentKind,
    IdentifierKind,
    MemberRole,
    NameKind,
    PartyKind,
    PartyRole,
)


class Organization(Timestamped):
    """`profile_version` grows with every change of what is screened: name, aliases, country, parties."""

    legal_name = models.CharField(_("legal name"), max_length=255)
    country = models.CharField(_("country of incorporation"), max_length=2, choices=countries.choices)
    headquarters_country = models.CharField(_("country of headquarters"), max_length=2, choices=countries.choices)
    address = models.CharField(_("address"), max_length=500, blank=True)
    website = models.URLField(_("website"), blank=True)
    profile_version = models.PositiveIntegerField(default=1, editable=False)

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
    """An owner, signer, contact or end user. A share that is not known is NULL, which is not zero."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(_("role"), max_length=8, choices=PartyRole.choices)
    kind = models.CharField(_("person or entity"), max_length=10, choices=PartyKind.choices)
    name = models.CharField(_("full name"), max_length=255)
    country = models.CharField(_("country"), max_length=2, choices=countries.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    share_percent = models.DecimalField(_("share in percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "associated parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(share_percent=None) | Q(share_percent__gt=0, share_percent__lte=100),
                name="a share is more than 0 and at most 100 percent",
            ),
            models.CheckConstraint(
                condition=Q(share_percent=None) | Q(role=PartyRole.OWNER), name="only an owner has a share"
            ),
            models.CheckConstraint(
                condition=Q(birth_date=None) | Q(kind=PartyKind.PERSON), name="only a person has a date of birth"
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file)
