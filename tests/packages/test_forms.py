"""What the editor's forms take: anything unfinished, nothing impossible."""

from decimal import Decimal

import pytest

from consortia.models import Consortium
from consortia.selectors import members_of
from consortia.states import ComponentLetter
from packages import actions
from packages.facts import Kind, facts_of
from packages.forms import (
    STEPS,
    ComponentForm,
    CreateForm,
    DeliveryForm,
    ItemForm,
    MarketForm,
    OperationForm,
    SummaryForm,
)
from tests.factories import packages as make
from tests.factories.accounts import person

COMMON = ["name", "supplier", "description", "maker", "value_usd", "us_origin_value_usd", "made_in", "eccn"]


def errors_of(form) -> dict[str, list[str]]:
    form.is_valid()
    return {name: list(errors) for name, errors in form.errors.items()}


def test_the_steps_together_ask_for_the_whole_offer():
    asked = [name for _label, form in STEPS.values() for name in form.base_fields]
    assert sorted(asked) == sorted(make.OFFER | {"title": ""})


@pytest.mark.parametrize(
    ("form", "data", "fields_with_errors"),
    [
        (SummaryForm, {"title": "Stack"}, []),
        (SummaryForm, {"title": "Stack", "summary": "x" * 4000}, []),
        (SummaryForm, {"summary": "x" * 4001}, ["title", "summary"]),
        (MarketForm, {}, []),
        (MarketForm, {"target_countries": ["KE", "BR"], "target_blocs": ["GCC"], "sectors": ["HEALTH"]}, []),
        (MarketForm, {"target_countries": ["XX"]}, ["target_countries"]),
        (MarketForm, {"target_blocs": ["NATO"], "sectors": ["MAGIC"]}, ["target_blocs", "sectors"]),
        (MarketForm, {"languages": ["tlh"]}, ["languages"]),
        (DeliveryForm, {}, []),
        (DeliveryForm, {"capacity_mw": "0.01", "delivery_weeks": "0", "price_band": "FROM_1B"}, []),
        (DeliveryForm, {"capacity_mw": "1000000"}, ["capacity_mw"]),
        (DeliveryForm, {"capacity_mw": "NaN", "delivery_weeks": "-1"}, ["capacity_mw", "delivery_weeks"]),
        (DeliveryForm, {"delivery_weeks": "32768"}, ["delivery_weeks"]),
        (DeliveryForm, {"price_band": "CHEAP"}, ["price_band"]),
        (DeliveryForm, {"deployments": ["MOON"], "standards": ["NONE"]}, ["deployments", "standards"]),
        (OperationForm, {}, []),
        (OperationForm, {"built_by": "NOBODY"}, ["built_by"]),
        (OperationForm, {"operating_model": "x" * 4001}, ["operating_model"]),
        (ComponentForm, {}, []),
        (ComponentForm, {"summary": "x" * 4001}, ["summary"]),
    ],
)
def test_a_step_and_its_errors(form, data, fields_with_errors):
    assert sorted(errors_of(form(data))) == sorted(fields_with_errors)


@pytest.mark.parametrize("capacity", ["0", "-5", "0.00"])
def test_a_capacity_is_more_than_nothing(capacity):
    assert errors_of(DeliveryForm({"capacity_mw": capacity})) == {
        "capacity_mw": ["A capacity is more than zero. Leave it empty if there are no data centers."]
    }


def item_form(package, data=None, *, letter="A", instance=None) -> ItemForm:
    suppliers = members_of(package.consortium).filter(components__contains=[letter])
    return ItemForm(data, suppliers=suppliers, letter=letter, instance=instance)


@pytest.mark.parametrize("letter", list(ComponentLetter))
def test_an_item_is_asked_for_the_facts_of_its_component_in_the_order_of_the_table(package, letter):
    asked = [fact.name for fact in facts_of(letter)]
    assert list(item_form(package, letter=letter).fields) == ["name", "supplier", *asked, "confidential_fields"]
    assert set(COMMON) <= {"name", "supplier", *asked}


GIVEN = {
    Kind.TEXT: ("H100", "H100"),
    Kind.LONG_TEXT: ("Two lines\nof text", "Two lines\nof text"),
    Kind.COUNT: ("8", 8),
    Kind.NUMBER: ("4.50", "4.50"),
    Kind.DOLLARS: ("4.50", Decimal("4.50")),
    Kind.COUNTRY: ("KE", "KE"),
    Kind.COUNTRIES: (["KE", "US"], ["KE", "US"]),
    Kind.YES_NO: ("False", False),
}


@pytest.mark.parametrize("letter", list(ComponentLetter))
def test_every_fact_is_stored_as_given_and_shown_in_the_form_again(package, now, letter):
    """Whatever has a column, and whatever has none."""
    data, stored = {}, {}
    for fact in facts_of(letter):
        first = fact.choices.values[0] if fact.choices else ""
        given = GIVEN | {Kind.CHOICE: (first, first), Kind.CHOICES: ([first], [first])}
        data[fact.name], stored[fact.name] = given[fact.kind]
    item = make.item_of(package, letter)
    form = item_form(package, data | {"name": "X", "supplier": item.supplier_id}, letter=letter)
    assert errors_of(form) == {}
    actions.save_item(package, by=person("anchor"), now=now, letter=letter, fields=form.cleaned_data, item=item)
    item = make.item_of(package, letter)
    assert {name: item.fact(name) for name in stored} == stored
    again = item_form(package, letter=letter, instance=item)
    assert {name: again[name].value() for name in stored} == stored


@pytest.mark.parametrize(
    ("letter", "data", "wrong"),
    [
        ("A", {"hardware_kind": "MAGIC"}, "hardware_kind"),
        ("A", {"accelerators": "-1"}, "accelerators"),
        ("A", {"storage_tb": "2147483648"}, "storage_tb"),
        ("A", {"power_mw": "NaN"}, "power_mw"),
        ("A", {"product_model": "x" * 201}, "product_model"),
        ("B", {"data_origin": ["XX"]}, "data_origin"),
        ("B", {"labeling": "x" * 2001}, "labeling"),
        ("B", {"has_personal_data": "maybe"}, "has_personal_data"),
        ("C", {"training_compute": "LOTS"}, "training_compute"),
        ("C", {"eccn": "4E091.A.1.2.3"}, "eccn"),
        ("D", {"nist_csf": ["PROTECT", "PRAY"]}, "nist_csf"),
        ("E", {"application_sectors": ["MAGIC"]}, "application_sectors"),
    ],
)
def test_a_fact_that_cannot_be_is_said_at_its_field(package, letter, data, wrong):
    supplier = make.item_of(package, letter).supplier_id
    assert list(errors_of(item_form(package, {"name": "X", "supplier": supplier} | data, letter=letter))) == [wrong]


def test_only_members_that_accepted_the_component_can_supply_it(package):
    anchor, second = members_of(package.consortium)
    for letter, member, other in [("A", anchor, second), ("D", second, anchor)]:
        form = item_form(package, {"name": "X", "supplier": other.pk}, letter=letter)
        assert list(errors_of(form)) == ["supplier"]
        assert list(form.fields["supplier"].choices) == [(member.pk, str(member.company))]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {}),
        ({"value_usd": "100", "us_origin_value_usd": "100"}, {}),
        ({"value_usd": "0", "us_origin_value_usd": "0"}, {}),
        ({"value_usd": "-1"}, {"value_usd": ["A value is zero or more."]}),
        ({"value_usd": "100", "us_origin_value_usd": "100.01"}, "share"),
        ({"value_usd": "100", "us_origin_value_usd": "-1"}, "share"),
        ({"us_origin_value_usd": "1"}, "share"),
        (
            {"value_usd": "1000000000000"},
            {"value_usd": ["Ensure that there are no more than 12 digits before the decimal point."]},
        ),
        ({"quantity": "-1"}, {"quantity": ["Ensure this value is greater than or equal to 0."]}),
        ({"made_in": "XX"}, {"made_in": ["Select a valid choice. XX is not one of the available choices."]}),
        (
            {"confidential_fields": ["eccn"]},
            {"confidential_fields": ["Select a valid choice. eccn is not one of the available choices."]},
        ),
        (
            {"confidential_fields": ["name"]},
            {"confidential_fields": ["Select a valid choice. name is not one of the available choices."]},
        ),
        ({"name": ""}, {"name": ["This field is required."]}),
    ],
)
def test_an_item_and_its_errors(package, data, errors):
    if errors == "share":
        errors = {"us_origin_value_usd": ["The U.S.-origin value is between zero and the value."]}
    supplier = members_of(package.consortium)[0].pk
    assert errors_of(item_form(package, {"name": "Chips", "supplier": supplier} | data)) == errors


def test_an_eccn_is_written_as_the_list_writes_it(package):
    supplier = members_of(package.consortium)[0].pk
    form = item_form(package, {"name": "Chips", "supplier": supplier, "eccn": " 4a090 ", "value_usd": "5"})
    assert form.is_valid()
    assert (form.cleaned_data["eccn"], form.cleaned_data["value_usd"]) == ("4A090", Decimal(5))


@pytest.mark.parametrize(("stored", "chosen"), [(None, ""), (True, "True"), (False, "False")])
def test_whether_weights_are_open_keeps_its_answer_when_the_form_is_sent_as_shown(package, stored, chosen):
    item = make.item_of(package, "C")
    item.has_open_weights = stored
    field = item_form(package, letter="C", instance=item)["has_open_weights"]
    selected = [option.data["value"] for option in field.subwidgets if option.data["selected"]]
    assert [str(value) for value in selected] == [chosen]
    sent = item_form(package, {"name": "X", "supplier": item.supplier_id, "has_open_weights": chosen}, letter="C")
    assert sent.is_valid()
    assert sent.cleaned_data["has_open_weights"] is stored


def test_a_package_begins_in_one_of_the_offered_consortia(package):
    own = Consortium.objects.filter(pk=package.consortium_id)
    assert CreateForm({"consortium": package.consortium_id, "title": "X"}, consortia=own).is_valid()
    for data in ({"consortium": "0", "title": "X"}, {"consortium": "x", "title": "X"}, {"title": "X"}):
        assert list(errors_of(CreateForm(data, consortia=own))) == ["consortium"]
