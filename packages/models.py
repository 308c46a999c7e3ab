"""Full-stack packages: the draft that a consortium edits, its five components, and the versions it published."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium, Member, component_array
from consortia.states import ComponentLetter
from core import countries
from core.models import Stateful, Timestamped
from organizations.models import Organization
from packages.facts import plain
from packages.states import (
    DESIGNATION,
    PACKAGE,
    Bloc,
    Deployment,
    DesignationStatus,
    Language,
    Party,
    PriceBand,
    Sector,
    Standard,
)


def choice_array(choices: Any, *, label: Any = "", length: int = 20) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=length, choices=choices), verbose_name=label, default=list, blank=True
    )


class Offer(models.Model):
    """What a package says of itself; the same fields in the draft and, frozen, in each published version."""

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    target_countries = choice_array(countries.choices, label=_("target countries"), length=2)
    target_blocs = choice_array(Bloc.choices, label=_("target regional blocs"))
    sectors = choice_array(Sector.choices, label=_("sectors"))
    deployments = choice_array(Deployment.choices, label=_("deployment models"))
    languages = choice_array(Language.choices, label=_("languages"), length=2)
    standards = choice_array(Standard.choices, label=_("standards met"))
    capacity_mw = models.DecimalField(_("capacity in megawatts"), max_digits=8, decimal_places=2, null=True, blank=True)
    price_band = models.CharField(_("price band"), max_length=10, choices=PriceBand.choices, blank=True)
    delivery_weeks = models.PositiveSmallIntegerField(_("weeks to deliver"), null=True, blank=True)
    built_by = models.CharField(_("who builds"), max_length=11, choices=Party.choices, blank=True)
    owned_by = models.CharField(_("who owns"), max_length=11, choices=Party.choices, blank=True)
    operated_by = models.CharField(_("who operates"), max_length=11, choices=Party.choices, blank=True)
    operating_model = models.TextField(_("business and operational model"), max_length=4000, blank=True)

    class Meta:
        abstract = True


class Package(Stateful, Offer):
    """The consortium's working copy. `current_version` is the one that the catalogue shows while it is PUBLISHED."""

    machine = PACKAGE

    consortium = models.ForeignKey(Consortium, on_delete=models.PROTECT, related_name="packages")
    slug = models.SlugField(max_length=80, unique=True)
    current_version = models.OneToOneField("PackageVersion", on_delete=models.PROTECT, null=True, related_name="+")
    suspension_reason = models.TextField(max_length=1000, blank=True)

    is_designated: bool
    """Set by `selectors.offered`."""

    class Meta:
        indexes = [models.Index(fields=["status"], name="package_status")]

    def __str__(self) -> str:
        return self.title


class Component(Timestamped):
    """One of the five layers; all five exist from the start, empty."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="components")
    letter = models.CharField(_("component"), max_length=1, choices=ComponentLetter.choices)
    summary = models.TextField(_("what this component delivers"), max_length=4000, blank=True)

    class Meta:
        ordering = ["letter"]
        constraints = [models.UniqueConstraint(fields=["package", "letter"], name="a package has each component once")]

    def __str__(self) -> str:
        return f"{self.letter} of {self.package}"


class ComponentItem(Timestamped):
    """A product or service inside a component, supplied by an accepting member of the consortium.

    What is asked of it stands in `packages.facts`; those facts that have no column of their own are in `facts`.
    """

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="items")
    supplier = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(_("product or service"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    maker = models.CharField(_("maker"), max_length=200, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    value_usd = models.DecimalField(_("value in U.S. dollars"), max_digits=14, decimal_places=2, null=True, blank=True)
    us_origin_value_usd = models.DecimalField(
        _("U.S.-origin value in U.S. dollars"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    made_in = models.CharField(_("where made"), max_length=2, choices=countries.choices, blank=True)
    us_manufacture = models.TextField(_("extent of manufacture in the United States"), max_length=2000, blank=True)
    model_origin = models.CharField(
        _("country of origin of the model"), max_length=2, choices=countries.choices, blank=True
    )
    has_open_weights = models.BooleanField(_("open weights"), null=True, blank=True)
    eccn = models.CharField(_("ECCN, if known"), max_length=12, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    confidential_fields = ArrayField(
        models.CharField(max_length=40), verbose_name=_("business confidential"), default=list, blank=True
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(us_origin_value_usd=None) | Q(us_origin_value_usd__lte=F("value_usd")),
                name="U.S.-origin value is at most the value",
            ),
            models.CheckConstraint(condition=Q(value_usd=None) | Q(value_usd__gte=0), name="a value is not negative"),
        ]

    def __str__(self) -> str:
        return self.name

    def fact(self, name: str) -> Any:
        """A fact of `packages.facts`, wherever it is stored; None for one that was never given."""
        return getattr(self, name) if name in _ITEM_COLUMNS else self.facts.get(name)

    def give(self, name: str, value: Any) -> None:
        """Store a fact, or a column such as the supplier, under its name."""
        if name in _ITEM_COLUMNS:
            setattr(self, name, value)
        else:
            self.facts = self.facts | {name: plain(value)}


_ITEM_COLUMNS = frozenset(field.name for field in ComponentItem._meta.concrete_fields)


class PackageVersion(Offer):
    """A frozen publication. `content` is whole; `public` holds only what the allow-list lets out. Never changed.

    `needs_look`: what it consists of differs in what matters; it is not offered until an officer looked (VersionLook).
    """

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    public = models.JSONField()
    needs_look = models.BooleanField(default=False)
    search = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "number"], name="a package has each version once")]
        indexes = [
            GinIndex(fields=["search"], name="version_search"),
            GinIndex(fields=["target_countries"], name="version_countries"),
            GinIndex(fields=["sectors"], name="version_sectors"),
            GinIndex(fields=["deployments"], name="version_deployments"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class VersionLook(models.Model):
    """That an officer looked at what changed in a version and found nothing against it. Never changed."""

    version = models.OneToOneField(PackageVersion, on_delete=models.PROTECT, related_name="look")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()
    note = models.TextField(_("what was looked at"), max_length=2000)

    def __str__(self) -> str:
        return f"{self.version}, looked at"


class VersionSupplier(models.Model):
    """An organization that supplies a published version: the version is offered only while each one is fit."""

    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="suppliers")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    components = component_array()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "organization"], name="a version names a supplier once")
        ]

    def __str__(self) -> str:
        return f"{self.organization} in {self.version}"


class Designation(Stateful):
    """That the Secretary of Commerce designated a package as a priority AI export package; publishing alone never does.

    What was determined on is `designated_version`. Of a later version it speaks only while no change since matters.
    """

    machine = DESIGNATION

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="designations")
    designated_version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    determined_date = models.DateField(_("date of the determination"))
    reference = models.CharField(_("where the determination is written"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    end_reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(status=DesignationStatus.IN_FORCE),
                name="a package has one designation in force",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="a designation says where it is written"),
        ]

    def __str__(self) -> str:
        return f"{self.package}: {self.get_status_display()}"
