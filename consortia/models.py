"""Companies, the consortia that they form, and who of them supplies which component."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consortia.states import (
    CLEARANCE,
    COMPANY,
    CONSORTIUM,
    INVITATION,
    MEMBER,
    ClearanceStatus,
    ComponentLetter,
    ConsortiumKind,
    MemberPart,
    MemberStatus,
)
from core.models import Stateful
from organizations.models import Organization


def component_array() -> ArrayField:
    return ArrayField(models.CharField(max_length=1, choices=ComponentLetter.choices), default=list, blank=True)


class Company(Stateful):
    """An organization as a supplier."""

    machine = COMPANY

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="company")
    summary = models.TextField(_("what the company does"), max_length=2000)
    capabilities = component_array()

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return str(self.organization)


class Consortium(Stateful):
    """A team of companies with exactly one anchor, a U.S. company; no legal form is required."""

    machine = CONSORTIUM

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=9, choices=ConsortiumKind.choices)
    opportunity = models.TextField(_("export opportunity"), max_length=2000, blank=True)
    summary = models.TextField(_("what the consortium offers"), max_length=2000, blank=True)

    class Meta:
        verbose_name_plural = "consortia"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ConsortiumKind.PRE_SET, opportunity="")
                | (Q(kind=ConsortiumKind.ON_DEMAND) & ~Q(opportunity="")),
                name="an on-demand consortium names its opportunity",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Member(Stateful):
    """A company in a consortium, accepted by itself, with the components that it will supply."""

    machine = MEMBER

    consortium = models.ForeignKey(Consortium, on_delete=models.PROTECT, related_name="members")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    part = models.CharField(_("part"), max_length=6, choices=MemberPart.choices)
    components = component_array()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consortium"],
                condition=Q(part=MemberPart.ANCHOR, status=MemberStatus.ACCEPTED),
                name="a consortium has one anchor member",
            ),
            models.UniqueConstraint(
                fields=["consortium", "company"],
                condition=Q(status=MemberStatus.ACCEPTED),
                name="a company is in a consortium once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} in {self.consortium}"


class Invitation(Stateful):
    """A company asked by e-mail to join; only the hash of the link's token is kept."""

    machine = INVITATION

    consortium = models.ForeignKey(Consortium, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    components = component_array()
    message = models.TextField(_("message"), max_length=2000, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.email} to {self.consortium}"


class Clearance(Stateful):
    """That an officer accepted who a company is and who speaks for it, found no open hit, and every rule on members to say
    yes. It holds for what was looked at: these places, owners and rules, up to a day on which one of them ends."""

    machine = CLEARANCE

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="clearances")
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("representative")
    )
    identity_basis = models.TextField(_("how its identity was established"), max_length=2000)
    authority_basis = models.TextField(_("how the representative's authority was established"), max_length=2000)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    headquarters_country = models.CharField(max_length=2)
    ownership_version = models.PositiveIntegerField()
    weighed_countries = ArrayField(models.CharField(max_length=2))
    owners_rule_version = models.PositiveIntegerField()
    holds_until = models.DateField(null=True)
    withdrawal_reason = models.TextField(_("reason"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(status=ClearanceStatus.HOLDS),
                name="a company has one clearance that holds",
            ),
            models.CheckConstraint(
                condition=~Q(identity_basis="") & ~Q(authority_basis=""), name="a clearance says what it rests on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.get_status_display()}"
