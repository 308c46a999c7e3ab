"""What differs between two publications, and what of it an officer has to look at: facts in, changes out."""

import copy
import random
from collections.abc import Callable

import pytest

from packages.diff import changes, is_material
from packages.facts import FACTS, Kind, facts_of
from packages.offer import OFFER_FIELDS

OFFER = dict.fromkeys(OFFER_FIELDS, "") | {
    "title": "Stack",
    "target_countries": ["KE", "BR"],
    "target_blocs": [],
    "sectors": ["HEALTH"],
    "deployments": [],
    "languages": ["en"],
    "standards": [],
    "capacity_mw": "20.00",
    "price_band": "FROM_1M",
    "delivery_weeks": 30,
}


def member(number: int, **more: object) -> dict:
    base = {"organization": number, "name": f"Company {number}", "country": "US", "headquarters_country": "US"}
    return base | {"ownership_version": 1} | more


def item(number: int, letter: str, **more: object) -> dict:
    known = {fact.name: None for fact in facts_of(letter)}
    return (
        {
            "item": number,
            "organization": 1,
            "supplier": "Company 1",
            "name": f"Item {number}",
            "confidential": [],
        }
        | known
        | more
    )


def content() -> dict:
    return {
        "consortium": "Alliance",
        "members": [member(1), member(2)],
        "offer": dict(OFFER),
        "components": [
            {"letter": letter, "summary": "Layer.", "items": [item(n * 10, letter), item(n * 10 + 1, letter)]}
            for n, letter in enumerate("ABCDE", 1)
        ],
    }


BEFORE = content()


def after(change: Callable[[dict], object]) -> dict:
    made = copy.deepcopy(BEFORE)
    change(made)
    return made


def first_item(made: dict, letter: str) -> dict:
    return made["components"]["ABCDE".index(letter)]["items"][0]


TYPOS = [
    ("title", lambda c: c["offer"].update(title="Stacks")),
    ("summary", lambda c: c["offer"].update(summary="What it is.")),
    ("price", lambda c: c["offer"].update(price_band="FROM_10M")),
    ("capacity", lambda c: c["offer"].update(capacity_mw="21.00")),
    ("a target country", lambda c: c["offer"].update(target_countries=["KE"])),
    ("the consortium's name", lambda c: c.update(consortium="Alliances")),
    ("a company's name", lambda c: c["members"][0].update(name="Company One")),
    ("a supplier less", lambda c: c["members"].pop()),
    ("a component's summary", lambda c: c["components"][1].update(summary="Layers.")),
    ("a product's name", lambda c: first_item(c, "E").update(name="Itme")),
    ("a product less", lambda c: c["components"][4]["items"].pop()),
    ("a value", lambda c: first_item(c, "A").update(value_usd="7.00")),
    ("an evaluation", lambda c: first_item(c, "C").update(evaluations="Repeated.")),
    ("what is confidential", lambda c: first_item(c, "A").update(confidential=["maker"])),
]
MATTERS = [
    ("a new supplier", lambda c: c["members"].append(member(3))),
    ("a supplier's country", lambda c: c["members"][1].update(country="AE")),
    ("a supplier's headquarters", lambda c: c["members"][1].update(headquarters_country="AE")),
    ("a supplier's owners", lambda c: c["members"][0].update(ownership_version=2)),
    ("who supplies a product", lambda c: first_item(c, "D").update(organization=2, supplier="Company 2")),
    ("a new product", lambda c: c["components"][0]["items"].append(item(99, "A"))),
    ("the model of hardware", lambda c: first_item(c, "A").update(product_model="H200")),
    ("the name that alone says which model", lambda c: first_item(c, "C").update(name="Other model")),
    ("the model's origin", lambda c: first_item(c, "C").update(model_origin="CN")),
    ("what a model is built on", lambda c: first_item(c, "C").update(base_model="Qwen")),
    ("where those weights come from", lambda c: first_item(c, "C").update(base_model_origin="CN")),
    ("open weights", lambda c: first_item(c, "C").update(has_open_weights=True)),
    ("the band of computing", lambda c: first_item(c, "C").update(training_compute="OVER_1E26")),
    ("the control class", lambda c: first_item(c, "B").update(eccn="4A090")),
    ("where it is made", lambda c: first_item(c, "A").update(made_in="CN")),
]


@pytest.mark.parametrize("change", [change for _name, change in TYPOS], ids=[name for name, _change in TYPOS])
def test_one_change_that_does_not_matter(change):
    found = changes(BEFORE, after(change))
    assert (len(found), is_material(found)) == (1, False)


@pytest.mark.parametrize("change", [change for _name, change in MATTERS], ids=[name for name, _change in MATTERS])
def test_one_change_that_matters(change):
    for before, now in ((BEFORE, after(change)), (after(change), BEFORE)):
        found = changes(before, now)
        is_addition = any(not (row.before and row.after) for row in found) and before is not BEFORE
        assert len(found) == 1
        assert is_material(found) or is_addition  # what is taken away needs no look


def test_a_name_is_but_a_name_where_the_model_is_said_beside_it():
    named = after(lambda c: first_item(c, "C").update(product_model="M-2"))
    renamed = copy.deepcopy(named)
    first_item(renamed, "C")["name"] = "Language model"
    assert [change.matters for change in changes(named, renamed)] == [False]


def test_nothing_changed_whatever_the_order():
    shuffled = copy.deepcopy(BEFORE)
    for rows in (shuffled["members"], shuffled["components"], *(c["items"] for c in shuffled["components"])):
        random.Random(7).shuffle(rows)
    shuffled["offer"]["target_countries"] = ["BR", "KE"]
    assert changes(BEFORE, shuffled) == changes(BEFORE, copy.deepcopy(BEFORE)) == []


def test_nothing_said_in_one_way_is_nothing_said_in_another():
    assert changes(BEFORE, after(lambda c: first_item(c, "A").update(maker="", us_manufacture=[]))) == []
    assert len(changes(BEFORE, after(lambda c: first_item(c, "A").update(quantity=0)))) == 1
    assert len(changes(BEFORE, after(lambda c: first_item(c, "C").update(has_open_weights=False)))) == 1


def test_a_change_says_where_what_and_from_what_to_what():
    made = after(lambda c: first_item(c, "C").update(model_origin="NO", has_open_weights=True))
    made["offer"]["sectors"] = ["ENERGY", "HEALTH"]
    rows = [(c.place, c.label, c.before, c.after) for c in changes(BEFORE, made)]
    assert rows == [
        ("The package", "Sectors", "Healthcare", "Energy, Healthcare"),
        ("C – Item 30", "Country of origin of the model", "", "Norway"),
        ("C – Item 30", "Open weights", "", "Yes"),
    ]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_every_fact_is_compared(fact):
    first = fact.choices.values[0] if fact.choices else ""
    some = {Kind.YES_NO: True, Kind.COUNT: 3, Kind.CHOICE: first, Kind.CHOICES: [first], Kind.COUNTRIES: ["KE"]}
    letter = fact.letters[0]
    value = some.get(fact.kind, {Kind.COUNTRY: "KE", Kind.DOLLARS: "3.00", Kind.NUMBER: "3.00"}.get(fact.kind, "New"))
    found = changes(BEFORE, after(lambda c: first_item(c, letter).update({fact.name: value})))
    assert [(change.matters, bool(change.after)) for change in found] == [(fact.matters, True)]
