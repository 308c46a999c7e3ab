"""Packages as their consortium edits them, and as the catalogue offers them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from consortia.models import Consortium, Member
from consortia.selectors import companies_for, consortia_for, fit_members
from consortia.states import ComponentLetter, ConsortiumStatus, MemberPart, MemberStatus
from core import dated
from packages import facts, freeze
from packages.completeness import DraftFacts, ItemFacts
from packages.diff import Change, changes
from packages.models import (
    Component,
    ComponentItem,
    Designation,
    Package,
    PackageVersion,
    VersionLook,
    VersionSupplier,
)
from packages.states import DesignationStatus, PackageStatus
from packages.us_content import Line, UsContent, us_content


def consortia_to_offer(user: Any) -> QuerySet[Consortium]:
    """Standing consortia whose anchor member is a company of the person: those for which a package can be begun."""
    anchors = Member.objects.filter(
        part=MemberPart.ANCHOR, status=MemberStatus.ACCEPTED, company__in=companies_for(user)
    )
    return Consortium.objects.filter(status=ConsortiumStatus.ACTIVE, pk__in=anchors.values("consortium")).order_by("pk")


def packages_for(user: Any) -> QuerySet[Package]:
    """Those of the consortia in which a company of the person is a member; a rival sees none."""
    return Package.objects.filter(consortium__in=consortia_for(user)).select_related("consortium", "current_version")


def once_published() -> QuerySet[Package]:
    """What officers see: drafts that were never published stay with their consortium."""
    return Package.objects.filter(current_version__isnull=False).select_related("consortium", "current_version")


def components_of(package: Package) -> QuerySet[Component]:
    """The five components with their items and suppliers; four queries."""
    return package.components.prefetch_related("items__supplier__company__organization")


def members_behind(package: Package) -> QuerySet[Member]:
    """The anchor and whoever supplies an item of the draft."""
    supplying = Member.objects.filter(items__component__package=package).values("pk")
    leading = Q(consortium=package.consortium_id, part=MemberPart.ANCHOR, status=MemberStatus.ACCEPTED)
    behind = Member.objects.filter(leading | Q(pk__in=supplying))
    return behind.select_related("company__organization").order_by("pk")


def members_not_fit(package: Package, now: datetime) -> QuerySet[Member]:
    """Of those behind the draft, who may not supply yet: see `fit_members`."""
    return members_behind(package).exclude(pk__in=fit_members(now).values("pk"))


def offered(now: datetime) -> QuerySet[Package]:
    """Packages that may be shown at `now`: published by a standing consortium, its anchor (whom buyers meet, even where
    it supplies nothing) and every supplier of the current version a member that may supply (see `fit_members`), and that
    still does what it supplies. Computed at read: no stopped queue leaves one shown.

    Publishing does not endorse: who is not designated (`is_designated`) is let in by a dated rule only.
    """
    fit = fit_members(now)
    supplying = fit.filter(
        consortium=OuterRef("version__package__consortium"),
        company__organization=OuterRef("organization"),
        components__contains=OuterRef("components"),
    )
    unfit = VersionSupplier.objects.filter(version=OuterRef("current_version")).exclude(Exists(supplying))
    leading = fit.filter(consortium=OuterRef("consortium"), part=MemberPart.ANCHOR)
    published: QuerySet[Any] = Package.objects.filter(
        status=PackageStatus.PUBLISHED, consortium__status=ConsortiumStatus.ACTIVE, current_version__isnull=False
    )
    published = published.annotate(is_designated=Exists(designations_that_hold().filter(package=OuterRef("pk"))))
    lets_in = dated.rules_at(now.date()).filter(code="catalogue_shows_undesignated", value=True)
    published = published.exclude(_waiting("current_version"))
    shown = published.filter(Q(is_designated=True) | Exists(lets_in))
    return shown.filter(Exists(leading)).exclude(Exists(unfit)).select_related("consortium", "current_version")


def _waiting(path: str) -> Q:
    """Of rows with a version at `path`: its changes matter, and no officer has looked at them."""
    looked = VersionLook.objects.filter(version=OuterRef(path))
    return Q(**{f"{path}__needs_look": True}) & ~Q(Exists(looked))


def waiting_packages(packages: QuerySet[Package]) -> QuerySet[Package]:
    """Of these, the published ones whose version waits for an officer's look."""
    return packages.filter(_waiting("current_version"), status=PackageStatus.PUBLISHED)


def waits_for_look(package: Package) -> bool:
    return waiting_packages(Package.objects.filter(pk=package.pk)).exists()


def accepted_version(package: Package) -> PackageVersion | None:
    """The newest that needed no look, or got one; what is published next is compared with it."""
    return package.versions.filter(Q(needs_look=False) | Q(look__isnull=False)).order_by("-number").first()


def changes_to_look_at(version: PackageVersion) -> list[Change]:
    """Since the version that was accepted before."""
    before = accepted_version(version.package)
    return changes(before.content, version.content) if before else []


def designations_in_force() -> QuerySet[Designation]:
    return Designation.objects.filter(status=DesignationStatus.IN_FORCE)


def designations_that_hold() -> QuerySet[Designation]:
    """Those in force that speak of what is published now: nothing that matters was changed since. Another model, supplier
    or class is another package, whatever an officer found of it."""
    changed = PackageVersion.objects.filter(
        package=OuterRef("package"), number__gt=OuterRef("designated_version__number"), needs_look=True
    )
    return designations_in_force().exclude(Exists(changed))


def designation_of(package: Package) -> Designation | None:
    """The one in force, whether it speaks of what is published now or not."""
    return designations_in_force().filter(package=package).select_related("designated_version").first()


def catalogue(now: datetime, *, designated: bool) -> QuerySet[Package]:
    """What the public sees, in two parts that are never mixed."""
    shown: QuerySet[Any] = offered(now)
    return shown.filter(is_designated=designated)


def items_of(package: Package, letter: str) -> QuerySet[ComponentItem]:
    return ComponentItem.objects.filter(component__package=package, component__letter=letter)


def draft_facts(package: Package, components: list[Component]) -> DraftFacts:
    return DraftFacts(
        **{
            name: getattr(package, name)
            for name in [
                "title",
                "summary",
                "sectors",
                "deployments",
                "languages",
                "price_band",
                "delivery_weeks",
                "built_by",
                "owned_by",
                "operated_by",
                "operating_model",
            ]
        },
        has_target=bool(package.target_countries or package.target_blocs),
        components={c.letter: (c.summary, [item_facts(item) for item in c.items.all()]) for c in components},
    )


def item_facts(item: ComponentItem) -> ItemFacts:
    return ItemFacts(
        pk=item.pk,
        name=item.name,
        supplier_is_member=item.supplier.status == MemberStatus.ACCEPTED,
        values={fact.name: item.fact(fact.name) for fact in facts.FACTS},
    )


def us_content_of(components: list[Component], percent: int) -> UsContent:
    """Of the draft's hardware."""
    hardware = next(component for component in components if component.letter == ComponentLetter.A)
    return us_content(
        [Line(item.name, item.value_usd, item.us_origin_value_usd) for item in hardware.items.all()], percent
    )


def us_content_of_version(version: PackageVersion, percent: int) -> UsContent:
    """As it was published."""
    items = next(part for part in version.content["components"] if part["letter"] == ComponentLetter.A)["items"]
    return us_content(
        [Line(item["name"], _decimal(item["value_usd"]), _decimal(item["us_origin_value_usd"])) for item in items],
        percent,
    )


def _decimal(digits: str | None) -> Decimal | None:
    return None if digits is None else Decimal(digits)


def versions_of(package: Package) -> QuerySet[PackageVersion]:
    """Every publication, the newest first."""
    return package.versions.select_related("published_by").order_by("-number")


def unpublished_changes(package: Package, components: list[Component]) -> list[Change]:
    """What publishing would change of the version that the catalogue shows; two queries."""
    if package.current_version is None:
        return []
    return changes(package.current_version.content, freeze.freeze(package, components, members_behind(package)))


def public_preview(package: Package, components: list[Component]) -> dict[str, Any]:
    """Exactly what publishing would make public."""
    return freeze.public(package, components)
