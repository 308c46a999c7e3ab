"""Checking, publishing and withdrawing on the pages, and the page that the public then sees."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia import actions as consortia_actions
from consortia.selectors import members_of
from core.models import Receipt
from packages import actions
from packages.models import Package, PackageVersion
from tests.browsers import key, said, signed_in
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.factories.organizations import member


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@pytest.fixture
def anchor(package):
    return signed_in(person("anchor"))


def page(name: str, package: Package) -> str:
    return reverse(name, args=[package.slug])


def status_of(package: Package) -> str:
    return Package.objects.get(pk=package.pk).status


def test_publishing_once_gives_one_version_and_one_receipt(package, anchor, now):
    path = page("package_publish", package)
    shown = anchor.get(path).text
    for words in (
        "Check what will be public",
        "Kenya",
        "Gulf Cooperation Council",
        "Healthcare",
        "Product A",
        "Layer E.",
    ):
        assert words in shown, words
    data = key()
    first, second = (anchor.post(path, data) for _click in range(2))
    receipt = Receipt.objects.get()
    assert first.url == second.url == reverse("receipt_detail", args=[receipt.number])
    assert (receipt.summary, receipt.path) == (
        "Version 1 of “Hospital AI stack” is published.",
        page("package_detail", package),
    )
    assert PackageVersion.objects.count() == 1
    again = anchor.post(path, key())
    assert again.context["form"].non_field_errors()[0].startswith("Nothing changed since the version")
    actions.save_step(package, by=person("anchor"), now=now, fields={"summary": "Changed."})
    again = anchor.post(path, key())
    assert Receipt.objects.get(number=again.url.split("/")[-2]).summary.startswith("Version 2 of")


def test_an_incomplete_draft_is_refused_on_the_page(package, anchor, now):
    draft = make.draft(package.consortium, now=now, title="Empty")
    answer = anchor.post(page("package_publish", draft))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()[0].startswith("Complete the package first. Describe the package")
    assert PackageVersion.objects.count() == Receipt.objects.count() == 0


def test_a_suspended_package_is_not_published(package, anchor, now):
    make.package_at("SUSPENDED", package, now=now)
    answer = anchor.post(page("package_publish", package))
    assert answer.context["form"].non_field_errors() == ["This is not possible while the status is “Suspended”."]


@pytest.mark.parametrize(("who", "role"), [("member", None), ("editor", "EDITOR"), ("viewer", "VIEWER")])
def test_only_signers_of_the_anchor_publish_and_withdraw(package, now, who, role):
    if role:
        member(members_of(package.consortium)[0].company.organization, who, role, now=now)
    browser = signed_in(person(who))
    assert browser.get(page("package_publish", package)).status_code == 403
    assert browser.post(page("package_publish", package)).status_code == 403
    make.package_at("PUBLISHED", package, now=now)
    assert browser.post(page("package_withdraw", package)).status_code == 403
    assert status_of(package) == "PUBLISHED"


def test_withdrawing_takes_it_out_at_once_and_once(package, anchor, now):
    make.package_at("PUBLISHED", package, now=now)
    visitor, path, data = Client(), page("package_withdraw", package), key()
    assert visitor.get(page("package_detail", package)).status_code == 200
    answer = anchor.post(path, data, follow=True)
    assert (answer.request["PATH_INFO"], said(answer)) == (
        page("package_edit", package),
        ["The package is out of the catalogue."],
    )
    assert visitor.get(page("package_detail", package)).status_code == 404
    assert anchor.post(path, data).url == page("package_edit", package)
    again = anchor.post(path, key(), follow=True)
    assert said(again) == ["This is not possible while the status is “Withdrawn”."]


# --- the public page -------------------------------------------------------------------------------------------------


def test_the_public_page_shows_the_version_and_not_the_draft(package, anchor, now):
    make.package_at("PUBLISHED", package, now=now)
    actions.save_step(package, by=person("anchor"), now=now, fields={"title": "Secret next name"})
    text = Client().get(page("package_detail", package)).text
    for words in (
        "Hospital AI stack",
        "version 1 of",
        "Meridian Alliance",
        "Brazil, Kenya",
        "Gulf Cooperation Council",
        "English, French",
        "ISO/IEC 27001",
        "20 MW",
        "$10 million to $100 million",
        "30 weeks",
        "The consortium / The buyer / Both together",
        "Assembled in Texas.",
        "Beacon Data LLC",
        "The consortium builds, the buyer owns.",
        "registered, not designated by Commerce",
    ):
        assert words in text, words
    assert "Secret next name" not in text


def test_what_was_left_empty_is_left_out(package, now):
    fields = {"target_countries": [], "standards": [], "capacity_mw": None, "delivery_weeks": 1}
    actions.save_step(package, by=person("anchor"), now=now, fields=fields)
    make.package_at("PUBLISHED", package, now=now)
    text = Client().get(page("package_detail", package)).text
    for words in ("<strong>Countries", "<strong>Standards", "<strong>Capacity"):
        assert words not in text, words
    assert ("1 week<" in text, "1 weeks" in text) == (True, False)


def test_its_own_people_are_not_asked_to_request_an_introduction(package, anchor, now):
    make.package_at("PUBLISHED", package, now=now)
    button = f"?package={package.pk}"
    browsers = {"visitor": Client(), "stranger": signed_in(person("stranger")), "member": signed_in(person("member"))}
    found = {who: button in browser.get(page("package_detail", package)).text for who, browser in browsers.items()}
    assert found == {"visitor": True, "stranger": True, "member": False}


@pytest.mark.parametrize("items", [1, 3])
def test_the_public_page_costs_the_same_for_one_and_three_items(items, package, now, django_assert_num_queries):
    supplier = make.item_of(package).supplier
    for number in range(items - 1):
        fields = make.item_fields("A", supplier) | {"name": f"Chip {number}"}
        actions.save_item(package, by=person("anchor"), now=now, letter="A", fields=fields)
    make.package_at("PUBLISHED", package, now=now)
    visitor = Client()
    with django_assert_num_queries(4):
        text = visitor.get(page("package_detail", package)).text
    assert text.count("<dt>Chip ") == items - 1


@pytest.mark.parametrize("state", ["DRAFT", "WITHDRAWN", "SUSPENDED"])
def test_what_is_not_published_is_not_there(state, package, anchor, now):
    make.package_at(state, package, now=now)
    for browser in (Client(), anchor):
        assert browser.get(page("package_detail", package)).status_code == 404


def test_a_dissolved_consortium_offers_nothing_and_the_draft_says_why(package, anchor, now):
    make.package_at("PUBLISHED", package, now=now)
    consortia_actions.dissolve_consortium(package.consortium, by=person("anchor"), now=now)
    assert Client().get(page("package_detail", package)).status_code == 404
    answer = anchor.post(page("package_publish", package))
    assert answer.context["form"].non_field_errors() == [
        "This consortium is dissolved. Only a standing consortium offers packages."
    ]
