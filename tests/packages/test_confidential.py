"""What a supplier marked business confidential is nowhere in public: not in the frozen version, the search or any page."""

import json

import pytest
from django.contrib.postgres.search import SearchQuery
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from consortia.states import ComponentLetter
from packages import actions, freeze
from packages.facts import BY_NAME, FACTS, Kind, facts_of, shown
from packages.models import Package, PackageVersion
from packages.selectors import components_of, public_preview
from tests.browsers import signed_in
from tests.factories import packages as make
from tests.factories.accounts import person

# A word for each fact, on no page by chance; where there are few answers, the label tells whether it is shown.
WORDS = {
    fact.name: {
        Kind.TEXT: f"Quasar{number}works",
        Kind.LONG_TEXT: f"zirconium{number}oxide",
        Kind.COUNT: 31_000 + number,
        Kind.NUMBER: f"77{number}.00",
        Kind.COUNTRY: "TV",
        Kind.COUNTRIES: ["NR"],
        Kind.YES_NO: True,
        Kind.CHOICE: fact.choices.values[0] if fact.choices else "",
        Kind.CHOICES: fact.choices.values[:1] if fact.choices else [],
    }[fact.kind]
    for number, fact in enumerate(FACTS)
    if fact.is_public
}
LABELED = (Kind.COUNTRY, Kind.COUNTRIES, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES)
NEVER = {
    "quantity": 424242,
    "value_usd": "7654321.00",
    "us_origin_value_usd": "3456789.00",
    "us_origin_basis": "ESTIMATE",
    "eccn": "4A090Z",
}
NEVER_SHOWN = ["424242", "424,242", "7654321", "7,654,321", "3456789", "3,456,789", "4A090Z", "An estimate"]


def as_shown(name: str) -> str:
    fact = BY_NAME[name]
    return f"<dt>{capfirst(str(fact.label))}</dt>" if fact.kind in LABELED else shown(fact, WORDS[name])


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


def filled(package: Package, confidential: list[str]) -> Package:
    """The one item of each component holds every field, with `confidential` marked."""
    for letter in ComponentLetter:
        item = make.item_of(package, letter)
        for name, value in (WORDS | NEVER).items():
            if letter in BY_NAME[name].letters:
                item.give(name, value)
        item.confidential_fields = confidential
        item.save()
    return package


def public_texts(package: Package) -> dict[str, str]:
    """Everything that somebody who is not of the consortium can read of it."""
    version = PackageVersion.objects.get(package=package)
    visitor = Client()
    return {
        "version": json.dumps(version.public, ensure_ascii=False),
        "catalogue": visitor.get(reverse("catalogue")).text.partition("portal-cards")[
            2
        ],  # behind the facets' countries
        "page": visitor.get(reverse("package_detail", args=[package.slug])).text,
        "members page": signed_in(person("anchor")).get(reverse("package_detail", args=[package.slug])).text,
    }


def test_the_choices_are_the_public_fields_but_the_name():
    assert sorted(WORDS) == sorted(freeze.CONFIDENTIAL_CHOICES)
    assert {fact.name for fact in FACTS if not fact.is_public} == set(NEVER)


def test_a_field_that_is_not_marked_is_public(package, now):
    """The positive control."""
    actions.publish_package(filled(package, []), by=person("anchor"), now=now)
    page = public_texts(package)["page"]
    assert [name for name in WORDS if as_shown(name) not in page] == []


@pytest.mark.parametrize("field", sorted(WORDS))
def test_a_marked_field_is_nowhere(field, package, now):
    actions.publish_package(filled(package, [field]), by=person("anchor"), now=now)
    items = [item for component in _public(package)["components"] for item in component["items"]]
    assert [field in item for item in items] == [False] * 5
    for place, text in public_texts(package).items():
        assert as_shown(field) not in text, place
        if place == "page":  # hiding one hides no other
            assert [name for name in WORDS if name != field and as_shown(name) not in text] == []


def _public(package: Package) -> dict:
    return PackageVersion.objects.get(package=package).public


def test_values_quantities_and_classifications_are_never_public(package, now):
    actions.publish_package(filled(package, []), by=person("anchor"), now=now)
    for place, text in public_texts(package).items():
        found = [secret for secret in NEVER_SHOWN if secret in text]
        assert bool(found) == (place == "members page"), place  # which tells the consortium of its U.S. content
    assert [set(item) & set(NEVER) for c in _public(package)["components"] for item in c["items"]] == [set()] * 5


def test_the_search_knows_no_confidential_word(package, now):
    actions.publish_package(filled(package, ["description"]), by=person("anchor"), now=now)
    found = {
        word: PackageVersion.objects.filter(
            search=SearchQuery(word, search_type="websearch", config="english")
        ).exists()
        for word in (
            WORDS["description"],
            "424242",
            "4A090Z",
            WORDS["maker"],
            "Product",
            "hospitals",
            "Meridian",
            "Layer",
        )
    }
    assert [word for word in found if not found[word]] == [WORDS["description"], "424242", "4A090Z"]


def test_the_record_keeps_the_whole_and_what_was_marked(package, now):
    version = actions.publish_package(filled(package, ["maker"]), by=person("anchor"), now=now)
    item = version.content["components"][0]["items"][0]
    assert item == {
        "item": make.item_of(package).pk,
        "organization": make.item_of(package).supplier.company.organization_id,
        "supplier": "Meridian Compute Inc",
        "name": "Product A",
        **{fact.name: (WORDS | NEVER)[fact.name] for fact in facts_of("A")},
        "confidential": ["maker"],
    }
    assert (version.content["consortium"], version.content["offer"]["capacity_mw"]) == ("Meridian Alliance", "20.00")
    assert sorted(version.content["offer"]) == sorted(freeze.OFFER_FIELDS)


def test_marking_it_later_changes_what_is_published_next_and_not_what_was(package, now):
    first = actions.publish_package(filled(package, []), by=person("anchor"), now=now)
    package.refresh_from_db()
    actions.publish_package(filled(package, ["maker"]), by=person("anchor"), now=now)
    first.refresh_from_db()
    assert WORDS["maker"] in json.dumps(first.public)
    visitor = Client().get(reverse("package_detail", args=[package.slug])).text
    assert WORDS["maker"] not in visitor


def test_the_check_before_publishing_shows_exactly_what_will_be_public(package, now):
    filled(package, ["description"])
    preview = public_preview(package, list(components_of(package)))
    page = signed_in(person("anchor")).get(reverse("package_publish", args=[package.slug])).text
    assert [secret for secret in [WORDS["description"], *NEVER_SHOWN] if secret in page] == []
    assert actions.publish_package(package, by=person("anchor"), now=now).public == preview


def test_a_rival_sees_no_draft(package, now):
    rival = signed_in(person("rival"))
    for name, more in [
        ("package_edit", []),
        ("package_publish", []),
        ("package_step", ["summary"]),
        ("package_component", ["A"]),
        ("item_add", ["A"]),
        ("item_edit", ["A", make.item_of(package).pk]),
        ("package_detail", []),
    ]:
        answer = rival.get(reverse(name, args=[package.slug, *more]))
        assert answer.status_code == 404, name
        assert "Hospital" not in answer.text
    for name, more in [("package_withdraw", []), ("item_remove", ["A", make.item_of(package).pk])]:
        assert rival.post(reverse(name, args=[package.slug, *more])).status_code == 404, name
