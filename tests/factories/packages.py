from datetime import datetime
from decimal import Decimal

from accounts.models import User
from consortia.models import Consortium
from consortia.selectors import members_of
from consortia.states import ComponentLetter
from packages import actions
from packages.models import ComponentItem, Designation, Package, VersionSupplier
from packages.states import PackageStatus
from tests.factories import buyers, consortia
from tests.factories.accounts import person

OFFER = {
    "summary": "A complete stack for public hospitals.",
    "target_countries": ["KE", "BR"],
    "target_blocs": ["GCC"],
    "sectors": ["HEALTH"],
    "deployments": ["ON_PREMISES", "IN_COUNTRY_CLOUD"],
    "languages": ["en", "fr"],
    "standards": ["ISO_27001"],
    "capacity_mw": Decimal("20"),
    "price_band": "FROM_10M",
    "delivery_weeks": 30,
    "built_by": "CONSORTIUM",
    "owned_by": "BUYER",
    "operated_by": "JOINT",
    "operating_model": "The consortium builds, the buyer owns.",
}


def draft(
    consortium: Consortium, *, now: datetime, by: User | None = None, title: str = "Hospital AI stack"
) -> Package:
    return actions.create_package(consortium, by=by or person("anchor"), now=now, title=title)


def filled(
    consortium: Consortium, *, now: datetime, by: User | None = None, title: str = "Hospital AI stack"
) -> Package:
    """A draft with nothing missing; each item is supplied by a member that accepted its component."""
    by = by or person("anchor")
    package = draft(consortium, now=now, by=by, title=title)
    actions.save_step(package, by=by, now=now, fields=OFFER)
    for letter in ComponentLetter:
        supplier = next(member for member in members_of(consortium) if letter in member.components)
        actions.save_component(package, by=by, now=now, letter=letter, summary=f"Layer {letter.value}.")
        actions.save_item(package, by=by, now=now, letter=letter, fields=item_fields(letter, supplier))
    return package


def item_fields(letter: str, supplier: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "name": f"Product {letter}",
        "supplier": supplier,
        "description": f"Secret recipe of {letter}",
        "value_usd": Decimal("1000000"),
        "us_origin_value_usd": Decimal("600000"),
        "made_in": "US",
        "confidential_fields": ["description"],
    }
    if letter == "A":
        fields |= {"us_manufacture": "Assembled in Texas.", "quantity": 12, "eccn": "4A090"}
    if letter == "C":
        fields |= {"model_origin": "US", "has_open_weights": False}
    return fields


def package_at(state: str, subject: Package, *, now: datetime) -> Package:
    """A complete draft of clear members, walked to `state`."""
    if state != PackageStatus.DRAFT:
        consortia.cleared(subject.consortium, now=now)
        actions.publish_package(subject, by=person("anchor"), now=now)
    if state == PackageStatus.WITHDRAWN:
        actions.withdraw_package(subject, by=person("anchor"), now=now)
    if state == PackageStatus.SUSPENDED:
        actions.suspend_package(subject, by=buyers.officer(now), now=now, reason="A claim is being checked.")
    return subject


def offered(consortium: Consortium, *, now: datetime, title: str, **offer: object) -> Package:
    """Published; `offer` changes what the draft says."""
    package = filled(consortium, now=now, title=title)
    actions.save_step(package, by=person("anchor"), now=now, fields=offer)
    return package_at(PackageStatus.PUBLISHED, package, now=now)


def item_of(subject: Package, letter: str = "A") -> ComponentItem:
    return ComponentItem.objects.get(component__package=subject, component__letter=letter)


def copies(subject: Package, titles: list[str]) -> None:
    """The same publication under other titles, past the actions: many rows for pages, never committed."""
    version = subject.current_version
    assert version is not None
    suppliers = list(version.suppliers.all())
    for number, title in enumerate(titles):
        twin = Package.objects.get(pk=subject.pk)
        twin.pk, twin.title, twin.slug, twin.current_version = None, title, f"copy-{number}", None
        twin.save(force_insert=True)
        version.pk, version.package, version.title = None, twin, title
        version.save(force_insert=True)
        VersionSupplier.objects.bulk_create(
            VersionSupplier(version=version, organization=s.organization, components=s.components) for s in suppliers
        )
        Package.objects.filter(pk=twin.pk).update(current_version=version)


def designated(subject: Package, *, now: datetime) -> Designation:
    """A published package, designated."""
    by = buyers.federal("secretary", "SECRETARY", now=now)
    return actions.designate_package(
        subject,
        by=by,
        now=now,
        designated_version=subject.current_version,
        determined_date=now.date(),
        reference="Determination 2026-1",
    )
