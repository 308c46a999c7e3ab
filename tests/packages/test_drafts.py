"""Drafting, and what publishing, withdrawing, suspending and reinstating bring about."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from consortia import actions as consortia_actions
from consortia.selectors import members_of
from core.errors import StaleVersion, UnableTo
from core.models import LedgerEntry, Notification, OutboxMessage
from packages import actions
from packages.models import Component, ComponentItem, PackageVersion, VersionSupplier
from packages.selectors import offered
from tests.factories import buyers, consortia
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.factories.organizations import member


def published(topic: str) -> list[dict]:
    """Payloads of what was published on the topic, once a key, oldest first."""
    rows = OutboxMessage.objects.filter(topic=topic).order_by("pk").values_list("key", "payload")
    return list(dict(rows).values())


def told() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, email in Notification.objects.filter(kind__startswith="packages.").values_list(
        "kind", "recipient__email"
    ):
        found.setdefault(kind, set()).add(email.partition("@")[0])
    return found


# --- drafting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug"), [("Hospital AI stack!", "hospital-ai-stack-"), ("病院", "package-"), ("x" * 200, "x" * 60 + "-")]
)
def test_a_draft_begins_with_five_empty_components(package, now, title, slug):
    draft = make.draft(package.consortium, now=now, title=title)
    assert (str(draft), draft.slug[:-6], draft.status, draft.current_version) == (title, slug, "DRAFT", None)
    components = draft.components.all()
    assert [str(component) for component in components] == [f"{letter} of {title}" for letter in "ABCDE"]
    assert {(component.summary, component.items.count()) for component in components} == {("", 0)}


def test_a_dissolved_consortium_neither_drafts_nor_publishes(package, now):
    consortia_actions.dissolve_consortium(package.consortium, by=person("anchor"), now=now)
    with pytest.raises(UnableTo, match="This consortium is dissolved"):
        make.draft(package.consortium, now=now)
    with pytest.raises(UnableTo, match="This consortium is dissolved"):
        actions.publish_package(package, by=person("anchor"), now=now)


def test_a_step_is_saved_and_its_fields_are_named_in_the_ledger(package, now):
    later = now + timedelta(hours=1)
    fields = {"sectors": ["HEALTH", "ENERGY"], "delivery_weeks": 12}
    actions.save_step(package, by=person("member"), now=later, fields=fields, seen=package.updated_at)
    package.refresh_from_db()
    assert (package.sectors, package.delivery_weeks, package.updated_at) == (["HEALTH", "ENERGY"], 12, later)
    entry = LedgerEntry.objects.filter(action="save_step").latest("pk")
    assert entry.detail == '{"fields": ["delivery_weeks", "sectors"]}'


def test_a_component_that_a_colleague_saved_is_not_overwritten(package, now):
    seen = package.components.get(letter="B").updated_at
    later = now + timedelta(hours=1)
    for letter in "AB":
        actions.save_component(package, by=person("member"), now=later, letter=letter, summary="Theirs", seen=seen)
    with pytest.raises(StaleVersion, match="A colleague saved this page"):
        actions.save_component(package, by=person("anchor"), now=later, letter="B", summary="Mine", seen=seen)
    assert package.components.get(letter="B").summary == "Theirs"
    actions.save_component(package, by=person("anchor"), now=later, letter="B", summary="Mine", seen=later)
    assert package.components.get(letter="B").summary == "Mine"


def test_an_item_is_added_changed_and_removed(package, now):
    anchor, later = person("anchor"), now + timedelta(hours=1)
    supplier = members_of(package.consortium)[0]
    item = actions.save_item(package, by=anchor, now=now, letter="B", fields={"name": "Labeling", "supplier": supplier})
    assert (str(item), item.component.letter, item.created_at) == ("Labeling", "B", now)
    actions.save_item(
        package, by=anchor, now=later, letter="B", fields={"name": "Pipes", "supplier": supplier}, item=item
    )
    item.refresh_from_db()
    assert (item.name, item.created_at, item.updated_at) == ("Pipes", now, later)
    actions.remove_item(package, by=anchor, now=later, item=item)
    assert list(package.components.get(letter="B").items.values_list("name", flat=True)) == ["Product B"]
    acts = LedgerEntry.objects.filter(subject_id=str(package.pk), action__endswith="_item").order_by("-pk")[:3]
    assert [entry.action for entry in acts] == ["remove_item", "save_item", "save_item"]


def test_a_supplier_is_an_accepting_member_of_this_consortium(package, now):
    second = members_of(package.consortium)[1]
    stranger = consortia.consortium(now=now, by=person("rival")).members.get()
    for supplier in (second, stranger):
        with pytest.raises(UnableTo, match="Choose a member that accepted to supply component A"):
            actions.save_item(
                package, by=person("anchor"), now=now, letter="A", fields={"name": "X", "supplier": supplier}
            )
    consortia_actions.leave_consortium(second, by=person("member"), now=now)
    with pytest.raises(UnableTo, match="component D"):
        actions.save_item(package, by=person("anchor"), now=now, letter="D", fields={"name": "X", "supplier": second})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"value_usd": 10, "us_origin_value_usd": 11}, "U.S.-origin value is at most the value"),
        ({"value_usd": -1, "us_origin_value_usd": None}, "a value is not negative"),
    ],
)
def test_postgresql_refuses_values_that_cannot_be(package, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ComponentItem.objects.filter(component__package=package).update(**fields)


def test_a_package_has_each_component_once(package):
    with pytest.raises(IntegrityError, match="a package has each component once"), transaction.atomic():
        Component.objects.create(package=package, letter="A")


# --- publishing ------------------------------------------------------------------------------------------------------


def test_a_version_freezes_who_supplies_what(package, now):
    version = actions.publish_package(package, by=person("anchor"), now=now)
    assert (str(version), version.published_at, version.published_by) == (
        "Hospital AI stack v1",
        now,
        person("anchor"),
    )
    suppliers = version.suppliers.order_by("organization__legal_name")
    assert [(str(supplier), supplier.components) for supplier in suppliers] == [
        ("Beacon Data LLC in Hospital AI stack v1", ["D", "E"]),
        ("Meridian Compute Inc in Hospital AI stack v1", ["A", "B", "C"]),
    ]
    assert published("packages.published") == [{"package": package.pk, "version": 1}]


def test_a_suspended_supplier_stops_publication(package, now):
    company = members_of(package.consortium)[1].company
    consortia_actions.suspend_company(company, by=buyers.officer(now), now=now)
    with pytest.raises(UnableTo, match="Beacon Data LLC is suspended"):
        actions.publish_package(package, by=person("anchor"), now=now)
    assert PackageVersion.objects.count() == VersionSupplier.objects.count() == 0


def test_a_supplier_that_left_stops_publication(package, now):
    consortia_actions.leave_consortium(members_of(package.consortium)[1], by=person("member"), now=now)
    with pytest.raises(UnableTo, match="Component D: the supplier of “Product D” is no longer a member"):
        actions.publish_package(package, by=person("anchor"), now=now)


def test_out_of_the_catalogue_is_published_for_those_who_match(package, now):
    make.package_at("WITHDRAWN", package, now=now)
    actions.publish_package(package, by=person("anchor"), now=now)
    actions.save_step(package, by=person("anchor"), now=now, fields={"summary": "Another."})
    make.package_at("SUSPENDED", package, now=now)
    assert published("packages.unpublished") == [{"package": package.pk}] * 2
    assert [payload["version"] for payload in published("packages.published")] == [1, 2, 3]


def test_suspending_tells_all_members_why_and_reinstating_brings_the_same_version_back(package, now):
    member(members_of(package.consortium)[1].company.organization, "colleague", "VIEWER", now=now)
    make.package_at("SUSPENDED", package, now=now)
    people = {"anchor", "member", "colleague"}
    assert told() == {"packages.suspended": people}
    letter = Notification.objects.get(kind="packages.suspended", recipient=person("colleague"))
    assert (letter.subject, letter.path) == ("“Hospital AI stack” is suspended", f"/packages/{package.slug}/")
    assert "The reason given: A claim is being checked." in letter.body
    assert (package.suspension_reason, list(offered(now))) == ("A claim is being checked.", [])
    actions.reinstate_package(package, by=buyers.manager(now), now=now)
    assert told() == {"packages.suspended": people, "packages.reinstated": people}
    assert (package.suspension_reason, list(offered(now))) == ("", [package])
    assert published("packages.published") == [{"package": package.pk, "version": 1}] * 2
    assert PackageVersion.objects.count() == 1


def test_a_second_suspension_is_told_again(package, now):
    make.package_at("SUSPENDED", package, now=now)
    actions.reinstate_package(package, by=buyers.officer(now), now=now)
    actions.suspend_package(package, by=buyers.officer(now), now=now, reason="Again.")
    assert Notification.objects.filter(kind="packages.suspended", recipient=person("anchor")).count() == 2
    assert len(published("packages.unpublished")) == 2
