"""Every way a package changes."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from consortia.models import Company, Consortium, Member
from consortia.selectors import fit_members, members_of, people_of_members
from consortia.states import CompanyStatus, ComponentLetter, ConsortiumStatus
from core import notifications, outbox
from core.actions import action, begin, lock, move, record
from core.actors import Actor
from core.errors import StaleVersion, UnableTo
from packages import freeze, letters, rules, selectors
from packages.completeness import gaps
from packages.diff import needs_look
from packages.models import Component, ComponentItem, Designation, Package, PackageVersion, VersionLook, VersionSupplier
from packages.offer import OFFER_FIELDS
from packages.states import PackageStatus
from screening.selectors import screening_state


@action(rules.can_create_package)
def create_package(consortium: Consortium, *, by: Actor, now: datetime, title: str) -> Package:
    """Begin a draft with its five empty components. Raises UnableTo when the consortium is dissolved."""
    _refuse_dissolved(consortium)
    package = Package(consortium=consortium, title=title, slug=_free_slug(title))
    begin(package, by=by, now=now, action="create_package", detail={"consortium": consortium.pk})
    Component.objects.bulk_create(
        Component(package=package, letter=letter, created_at=now, updated_at=now) for letter in ComponentLetter
    )
    return package


def _refuse_dissolved(consortium: Consortium) -> None:
    if consortium.status != ConsortiumStatus.ACTIVE:
        raise UnableTo(_("This consortium is dissolved. Only a standing consortium offers packages."))


def _free_slug(title: str) -> str:
    return f"{slugify(title)[:60] or 'package'}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"


@action(rules.can_edit_package)
def save_step(
    package: Package, *, by: Actor, now: datetime, fields: dict[str, Any], seen: datetime | None = None
) -> Package:
    """Save fields of the draft. `seen` is the `updated_at` that the person edited: raises StaleVersion if it moved on."""
    lock(package)
    _refuse_stale(package.updated_at, seen)
    for name, value in fields.items():
        setattr(package, name, value)
    package.updated_at = now
    package.save(update_fields=[*fields, "updated_at"])
    record(package, "save_step", by=by, now=now, detail={"fields": sorted(fields)})
    return package


def _refuse_stale(updated_at: datetime, seen: datetime | None) -> None:
    if seen is not None and updated_at != seen:
        raise StaleVersion(
            _(
                "A colleague saved this page after you opened it. Open it in a second tab, compare, and save yours again."
            )
        )


@action(rules.can_edit_package)
def save_component(
    package: Package, *, by: Actor, now: datetime, letter: str, summary: str, seen: datetime | None = None
) -> Component:
    """`seen` is the component's `updated_at` that the person edited: raises StaleVersion if it moved on."""
    lock(package)
    component = package.components.get(letter=letter)
    _refuse_stale(component.updated_at, seen)
    component.summary, component.updated_at = summary, now
    component.save(update_fields=["summary", "updated_at"])
    record(package, "save_component", by=by, now=now, detail={"letter": letter})
    return component


@action(rules.can_edit_package)
def save_item(
    package: Package,
    *,
    by: Actor,
    now: datetime,
    letter: str,
    fields: dict[str, Any],
    item: ComponentItem | None = None,
) -> ComponentItem:
    """Add or change an item; `fields` are columns and facts of `packages.facts`.

    Raises UnableTo for a supplier that is no accepting member, or that did not choose this component.
    """
    lock(package)  # what is published is frozen as one
    supplier = members_of(package.consortium).filter(pk=fields["supplier"].pk).first()
    if supplier is None or letter not in supplier.components:
        raise UnableTo(
            _("Choose a member that accepted to supply component %(letter)s; it can add the component on its own page.")
            % {"letter": letter}
        )
    item = item or ComponentItem(component=package.components.get(letter=letter), created_at=now)
    for name, value in fields.items():
        item.give(name, value)
    item.updated_at = now
    item.save()
    record(package, "save_item", by=by, now=now, detail={"letter": letter, "item": item.pk})
    return item


@action(rules.can_edit_package)
def remove_item(package: Package, *, by: Actor, now: datetime, item: ComponentItem) -> None:
    lock(package)
    record(package, "remove_item", by=by, now=now, detail={"item": item.pk})
    item.delete()


@action(rules.can_publish_package)
def publish_package(package: Package, *, by: Any, now: datetime) -> PackageVersion:
    """Freeze the draft as the version that the catalogue shows.

    Raises UnableTo with what is missing, when nothing changed since the version that is shown, or with the supplier or
    anchor that is suspended or not clear in screening.
    """
    lock(package)
    _refuse_dissolved(package.consortium)
    components = list(selectors.components_of(package))
    if missing := gaps(selectors.draft_facts(package, components)):
        raise UnableTo(_("Complete the package first. ") + " ".join(gap.text for gap in missing))
    behind = list(selectors.members_behind(package))
    _refuse_unfit(behind, now)
    _refuse_unchanged(package, components)
    version = _freeze(package, components, by=by, now=now)
    _name_suppliers(version, components, behind)
    move(
        package,
        "publish_package",
        by=by,
        now=now,
        changes={"current_version": version},
        detail={"version": version.number},
    )
    outbox.publish(
        "packages.published",
        key=f"package:{package.pk}:v{version.number}",
        payload={"package": package.pk, "version": version.number},
        now=now,
    )
    return version


def _refuse_unchanged(package: Package, components: list[Component]) -> None:
    if package.status == PackageStatus.PUBLISHED and not selectors.unpublished_changes(package, components):
        raise UnableTo(_("Nothing changed since the version that is published. Change the draft first."))


def _refuse_unfit(members: list[Member], now: datetime) -> None:
    """What such a member supplies would not be offered: see `selectors.offered`."""
    fit = set(fit_members(now).filter(pk__in=[member.pk for member in members]).values_list("pk", flat=True))
    for member in members:
        if member.pk not in fit:
            raise UnableTo(_why_unfit(member.company, now) % {"company": member.company})


def _why_unfit(company: Company, now: datetime) -> str:
    if company.status != CompanyStatus.ACTIVE:
        return _("%(company)s is suspended. Publish with another supplier.")
    if not screening_state(company.organization, now).is_clear:
        return _("%(company)s has not passed screening yet. Publish when it has; you do not need to send anything.")
    return _(
        "%(company)s is not cleared by an officer of the program yet, or not for what it is now. It is told when it is. "
        "The consortium's page says what the rules on members say of it."
    )


def _name_suppliers(version: PackageVersion, components: list[Component], members: list[Member]) -> None:
    for member in members:
        letters_of = [c.letter for c in components if any(item.supplier_id == member.pk for item in c.items.all())]
        if letters_of:
            VersionSupplier.objects.create(
                version=version, organization=member.company.organization, components=letters_of
            )


def _freeze(package: Package, components: list[Component], *, by: Any, now: datetime) -> PackageVersion:
    last = package.versions.order_by("-number").values_list("number", flat=True).first() or 0
    text = freeze.search_text(package, components)
    content = freeze.freeze(package, components, selectors.members_behind(package))
    accepted = selectors.accepted_version(package)
    return PackageVersion.objects.create(
        package=package,
        number=last + 1,
        published_at=now,
        published_by=by,
        content=content,
        needs_look=accepted is not None and needs_look(accepted.content, content),
        public=freeze.public(package, components),
        search=SearchVector(Value(package.title), weight="A", config="english")
        + SearchVector(Value(text), weight="B", config="english"),
        **{field: getattr(package, field) for field in OFFER_FIELDS},
    )


@action(rules.can_accept_version)
def accept_version(version: PackageVersion, *, by: Any, now: datetime, note: str) -> VersionLook:
    """An officer looked at what changed; it is offered from then on. Raises UnableTo where there is nothing to look at."""
    package = lock(version.package)
    if package.current_version_id != version.pk or not selectors.waits_for_look(package):
        raise UnableTo(_("This version does not wait for an officer: it was looked at, or another one was published."))
    look = VersionLook.objects.create(version=version, looked_by=by, looked_at=now, note=note)
    record(package, "accept_version", by=by, now=now, detail={"version": version.number})
    key = f"package:{package.pk}:v{version.number}:looked"
    payload = {"package": package.pk, "version": version.number}
    outbox.publish("packages.published", key=key, payload=payload, now=now)
    people = people_of_members(package.consortium)
    notifications.notify(people, lambda _user: letters.version_accepted(package), key=key, now=now)
    return look


@action(rules.can_withdraw_package)
def withdraw_package(package: Package, *, by: Actor, now: datetime) -> Package:
    """Take it out of the catalogue at once; it may be published again."""
    move(package, "withdraw_package", by=by, now=now)
    _unpublish(package, now)
    return package


@action(rules.can_suspend_package)
def suspend_package(package: Package, *, by: Actor, now: datetime, reason: str) -> Package:
    """An officer takes it out of the catalogue at once, and says why to the members."""
    move(package, "suspend_package", by=by, now=now, changes={"suspension_reason": reason})
    _unpublish(package, now)
    _tell_members(package, letters.package_suspended, now)
    return package


@action(rules.can_suspend_package)
def reinstate_package(package: Package, *, by: Actor, now: datetime) -> Package:
    move(package, "reinstate_package", by=by, now=now, changes={"suspension_reason": ""})
    _tell_members(package, letters.package_reinstated, now)
    number = package.current_version.number if package.current_version else 0
    outbox.publish(
        "packages.published",
        key=f"package:{package.pk}:state{package.version}",
        payload={"package": package.pk, "version": number},
        now=now,
    )
    return package


def _unpublish(package: Package, now: datetime) -> None:
    key = f"package:{package.pk}:state{package.version}"
    outbox.publish("packages.unpublished", key=key, payload={"package": package.pk}, now=now)


def _tell_members(package: Package, letter: Any, now: datetime) -> None:
    notifications.notify(
        people_of_members(package.consortium),
        lambda _user: letter(package),
        key=f"package:{package.pk}:state{package.version}",
        now=now,
    )


# --- designation --------------------------------------------------------------------------------------------------------


@action(rules.can_designate_package)
def designate_package(
    package: Package,
    *,
    by: Any,
    now: datetime,
    designated_version: PackageVersion,
    determined_date: date,
    reference: str,
) -> Designation:
    """Record the Secretary's determination, on this version. Raises UnableTo for a package that is not published, or
    designated already."""
    lock(package)
    if package.status != PackageStatus.PUBLISHED:
        raise UnableTo(_("Only a published package is designated."))
    if determined_date > now.date():
        raise UnableTo(_("The determination cannot be of a later day than today."))
    if selectors.designations_in_force().filter(package=package).exists():
        raise UnableTo(_("This package is designated already."))
    designation = Designation(
        package=package,
        designated_version=designated_version,
        determined_date=determined_date,
        reference=reference,
        recorded_by=by,
    )
    detail = {"package": package.pk, "version": designated_version.number}
    begin(designation, by=by, now=now, action="designate_package", detail=detail)
    _announce_designation(designation, letters.package_designated, "packages.published", now)
    return designation


@action(rules.can_end_designation)
def end_designation(designation: Designation, *, by: Actor, now: datetime, reason: str) -> Designation:
    move(designation, "end_designation", by=by, now=now, changes={"end_reason": reason})
    _announce_designation(designation, letters.designation_ended, "packages.unpublished", now)
    return designation


def _announce_designation(designation: Designation, letter: Any, topic: str, now: datetime) -> None:
    """Whether it is offered may depend on it: see `selectors.offered`."""
    package, key = designation.package, f"designation:{designation.pk}:{designation.status}"
    version = package.current_version.number if package.current_version else 0
    outbox.publish(topic, key=key, payload={"package": package.pk, "version": version}, now=now)
    notifications.notify(people_of_members(package.consortium), lambda _user: letter(package), key=key, now=now)
