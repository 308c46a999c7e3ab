"""From draft to catalogue, and out of it at once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from consortia import actions as consortia_actions
from consortia.selectors import members_of
from core.errors import StaleVersion, UnableTo
from core.models import OutboxMessage
from packages import actions
from packages.models import PackageVersion
from packages.selectors import offered
from tests.factories import consortia, packages
from tests.factories.accounts import person


def test_a_complete_package_of_clear_members_is_published_and_offered(package, now):
    version = actions.publish_package(package, by=person("anchor"), now=now)
    assert (version.number, package.status) == (1, "PUBLISHED")
    assert list(offered(now)) == [package]
    assert [s.organization.legal_name for s in version.suppliers.order_by("organization__legal_name")] == [
        "Beacon Data LLC",
        "Meridian Compute Inc",
    ]
    assert OutboxMessage.objects.filter(topic="packages.published").count() == _subscribers("packages.published")


def _subscribers(topic):
    from core.outbox import _subscribers

    return len(_subscribers.get(topic, {}))


def test_the_public_version_holds_what_the_allow_list_lets_out_and_nothing_else(package, now):
    version = actions.publish_package(package, by=person("anchor"), now=now)
    public = str(version.public)
    assert "Product A" in public
    for secret in ("Secret recipe", "1000000", "600000", "4A090", "quantity", "eccn"):
        assert secret not in public, secret
        assert secret in str(version.content), secret


def test_publishing_again_makes_the_next_version_and_leaves_the_first(package, now):
    first = actions.publish_package(package, by=person("anchor"), now=now)
    actions.save_step(package, by=person("anchor"), now=now, fields={"title": "Renamed"})
    assert offered(now).get().current_version.title == "Hospital AI stack"
    second = actions.publish_package(package, by=person("anchor"), now=now)
    assert (first.number, second.number, second.title) == (1, 2, "Renamed")
    assert PackageVersion.objects.get(pk=first.pk).title == "Hospital AI stack"


def test_an_incomplete_package_is_refused_with_what_is_missing(package, now):
    subject = packages.draft(package.consortium, now=now)
    with pytest.raises(UnableTo, match="Describe the package in a summary"):
        actions.publish_package(subject, by=person("anchor"), now=now)


def test_a_member_that_is_not_screened_stops_publication(package, now):
    subject = packages.filled(consortia.complete(now=now), now=now)
    with pytest.raises(UnableTo, match="has not passed screening"):
        actions.publish_package(subject, by=person("anchor"), now=now)


def test_only_signers_of_the_anchor_publish(package, now):
    for name in ("member", "stranger"):
        with pytest.raises(PermissionDenied):
            actions.publish_package(package, by=person(name), now=now)


def test_it_leaves_the_catalogue_when_withdrawn_and_when_a_supplier_leaves(package, now):
    actions.publish_package(package, by=person("anchor"), now=now)
    member = next(m for m in members_of(package.consortium) if m.part == "MEMBER")
    consortia_actions.leave_consortium(member, by=person("member"), now=now)
    assert list(offered(now)) == []


def test_withdrawn_is_out_at_once_and_can_come_back(package, now):
    actions.publish_package(package, by=person("anchor"), now=now)
    actions.withdraw_package(package, by=person("anchor"), now=now)
    assert list(offered(now)) == []
    actions.publish_package(package, by=person("anchor"), now=now)
    assert list(offered(now)) == [package]


def test_a_changed_organization_hides_the_package_until_it_is_screened_again(package, now):
    from organizations.actions import edit_organization

    actions.publish_package(package, by=person("anchor"), now=now)
    organization = members_of(package.consortium)[0].company.organization
    edit_organization(organization, by=person("anchor"), now=now, legal_name="Meridian Compute Corp")
    assert list(offered(now)) == []


def test_a_colleague_who_saved_first_is_not_overwritten(package, now):
    seen = package.updated_at
    later = now.replace(hour=13)
    actions.save_step(package, by=person("member"), now=later, fields={"summary": "Theirs"}, seen=seen)
    with pytest.raises(StaleVersion):
        actions.save_step(package, by=person("anchor"), now=later, fields={"summary": "Mine"}, seen=seen)
    package.refresh_from_db()
    assert package.summary == "Theirs"


def test_a_supplier_that_did_not_accept_the_component_is_refused(package, now):
    member = next(m for m in members_of(package.consortium) if m.part == "MEMBER")
    with pytest.raises(UnableTo, match="accepted to supply component A"):
        actions.save_item(package, by=person("anchor"), now=now, letter="A", fields=packages.item_fields("A", member))


def test_the_guard_holds_after_the_whole_walk(package, now):
    actions.publish_package(package, by=person("anchor"), now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
