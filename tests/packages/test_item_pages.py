"""Products and services of a component: adding, changing, removing, each once."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from consortia import actions as consortia_actions
from consortia.selectors import members_of
from packages.models import ComponentItem, Package
from tests.browsers import key, said, signed_in
from tests.factories import packages as make
from tests.factories.accounts import person

CHIP = {
    "name": "Chip",
    "description": "Fast.",
    "maker": "Meridian",
    "quantity": "12",
    "value_usd": "100",
    "us_origin_value_usd": "60",
    "made_in": "US",
    "us_manufacture": "Assembled in Texas.",
    "eccn": "4a090",
    "confidential_fields": ["maker", "description"],
}


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@pytest.fixture
def anchor(package):
    return signed_in(person("anchor"))


def page(name: str, package: Package, letter: str = "A", *more: object) -> str:
    return reverse(name, args=[package.slug, letter, *more])


def chip_of(package: Package, **changes: object) -> dict[str, object]:
    return {**CHIP, "supplier": members_of(package.consortium)[0].pk} | changes


def items_of(package: Package, letter: str = "A") -> list[str]:
    rows = ComponentItem.objects.filter(component__package=package, component__letter=letter)
    return list(rows.order_by("pk").values_list("name", flat=True))


def test_an_item_is_added_once_however_often_the_button_is_pressed(package, anchor):
    path, data = page("item_add", package), chip_of(package) | key()
    assert "Add a product or service" in anchor.get(path).text
    first, second = (anchor.post(path, data) for _click in range(2))
    assert first.url == second.url == page("package_component", package)
    assert items_of(package) == ["Product A", "Chip"]
    item = ComponentItem.objects.get(name="Chip")
    assert (item.quantity, item.value_usd, item.eccn, item.confidential_fields) == (
        12,
        Decimal(100),
        "4A090",
        ["maker", "description"],
    )
    shown = anchor.get(first.url).text
    for words in ("Chip", "Meridian Compute Inc", "$100", page("item_edit", package, "A", item.pk)):
        assert words in shown, words


def test_an_item_is_changed(package, anchor):
    item = make.item_of(package, "C")
    path = page("item_edit", package, "C", item.pk)
    shown = anchor.get(path).context["form"]
    data = {field.name: field.value() for field in shown if field.value() not in (None, "")}
    assert data["has_open_weights"] is False
    answer = anchor.post(path, data | {"name": "Model"}, follow=True)
    assert (answer.request["PATH_INFO"], said(answer)) == (page("package_component", package, "C"), ["Saved."])
    item.refresh_from_db()
    assert (item.name, item.has_open_weights, item.model_origin, item.value_usd) == (
        "Model",
        False,
        "US",
        Decimal(1_000_000),
    )


def test_an_item_is_removed_once(package, anchor):
    item = make.item_of(package)
    path, data = page("item_remove", package, "A", item.pk), key()
    assert path in anchor.get(page("item_edit", package, "A", item.pk)).text
    first, second = (anchor.post(path, data) for _click in range(2))
    assert first.url == second.url == page("package_component", package)
    assert said(anchor.get(first.url)) == ["“Product A” was removed."]
    assert items_of(package) == []
    assert "Nothing here yet." in anchor.get(first.url).text
    assert anchor.post(path, key()).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"value_usd": "NaN"}, {"us_origin_value_usd": "101"}, {"supplier": "0"}, {"supplier": "x"}],
)
def test_a_mistake_is_shown_and_nothing_is_stored(package, anchor, changes):
    item = make.item_of(package)
    for path in (page("item_add", package), page("item_edit", package, "A", item.pk)):
        answer = anchor.post(path, chip_of(package, **changes))
        assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, sorted(changes))
        assert answer.context["form"]["maker"].value() == "Meridian"
    assert items_of(package) == ["Product A"]


def test_an_item_is_found_only_at_its_own_component_and_package(package, anchor, now):
    item = make.item_of(package, "B")
    other = make.draft(package.consortium, now=now, title="Second stack")
    for name in ("item_edit", "item_remove"):
        for path in (
            page(name, package, "A", item.pk),
            page(name, other, "B", item.pk),
            page(name, package, "Z", item.pk),
        ):
            assert anchor.post(path, chip_of(package)).status_code == 404, path
    assert items_of(package, "B") == ["Product B"]


def test_a_component_without_a_supplier_says_whom_to_ask(package, anchor, now):
    consortia_actions.leave_consortium(members_of(package.consortium)[1], by=person("member"), now=now)
    text = anchor.get(page("package_component", package, "D")).text
    assert "No member accepted to supply component D yet." in text
    assert "Add a product or service" not in text


def test_a_member_that_left_meanwhile_is_no_supplier(package, anchor, now):
    second = members_of(package.consortium)[1]
    data = {"name": "X", "supplier": second.pk}
    consortia_actions.change_components(second, by=person("member"), now=now, components=["E"])
    answer = anchor.post(page("item_add", package, "D"), data)
    assert list(answer.context["form"].errors) == ["supplier"]


def test_a_member_adds_what_it_supplies(package):
    second = members_of(package.consortium)[1]
    browser = signed_in(person("member"))
    data = {"name": "Shield", "supplier": second.pk}
    assert browser.post(page("item_add", package, "D"), data).status_code == 302
    assert items_of(package, "D") == ["Product D", "Shield"]
