"""What a draft lacks, and the U.S. content of its hardware: facts in, answer out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from packages.completeness import DraftFacts, Gap, ItemFacts, UsContent, gaps, us_content

ITEM = ItemFacts(
    value_usd=Decimal(100),
    us_origin_value_usd=Decimal(51),
    made_in="US",
    us_manufacture="Assembled in Texas.",
    model_origin="US",
    has_open_weights=False,
    supplier_is_member=True,
)
COMPLETE = DraftFacts(
    title="Stack",
    summary="What it is.",
    has_target=True,
    sectors=["HEALTH"],
    deployments=["EDGE"],
    languages=["en"],
    price_band="FROM_1M",
    delivery_weeks=1,
    built_by="BUYER",
    owned_by="BUYER",
    operated_by="BUYER",
    operating_model="They run it.",
    components={letter: ("Layer.", [ITEM]) for letter in "ABCDE"},
)


def with_component(letter: str, summary: str, *items: ItemFacts) -> DraftFacts:
    return replace(COMPLETE, components=COMPLETE.components | {letter: (summary, items)})


def test_a_complete_draft_lacks_nothing():
    assert gaps(COMPLETE) == []


@pytest.mark.parametrize(
    ("field", "value", "gap"),
    [
        ("title", "", Gap("summary", "Give the package a title.")),
        ("summary", "", Gap("summary", "Describe the package in a summary.")),
        ("has_target", False, Gap("market", "Choose at least one target country or regional bloc.")),
        ("sectors", [], Gap("market", "Choose at least one sector.")),
        ("languages", [], Gap("market", "Choose at least one language.")),
        ("deployments", [], Gap("delivery", "Choose at least one deployment model.")),
        ("price_band", "", Gap("delivery", "Choose a price band.")),
        ("delivery_weeks", None, Gap("delivery", "Say in how many weeks it can be delivered.")),
        ("delivery_weeks", 0, Gap("delivery", "Say in how many weeks it can be delivered.")),
        ("built_by", "", Gap("operation", "Say who builds data centers and infrastructure.")),
        ("owned_by", "", Gap("operation", "Say who owns them.")),
        ("operated_by", "", Gap("operation", "Say who operates them.")),
        ("operating_model", "", Gap("operation", "Describe the business and operational model.")),
    ],
)
def test_each_missing_field_is_one_gap_at_its_step(field, value, gap):
    assert gaps(replace(COMPLETE, **{field: value})) == [gap]


@pytest.mark.parametrize("letter", list("ABCDE"))
def test_each_component_has_a_summary_an_item_and_a_member(letter):
    assert gaps(with_component(letter, "", ITEM)) == [Gap(letter, f"Component {letter}: say what it delivers.")]
    assert gaps(with_component(letter, "Layer.")) == [
        Gap(letter, f"Component {letter}: add at least one product or service with its supplier.")
    ]
    assert gaps(with_component(letter, "Layer.", ITEM, replace(ITEM, supplier_is_member=False))) == [
        Gap(letter, f"Component {letter}: a supplier is no longer a member. Choose another.")
    ]


VALUES = Gap("A", "Component A: give each item's value and U.S.-origin value.")
MADE = Gap("A", "Component A: say where each item is made, and to what extent in the United States.")
MODEL = Gap("C", "Component C: give each model's origin, and whether its weights are open.")


@pytest.mark.parametrize(
    ("letter", "lacking", "expected"),
    [
        ("A", {"value_usd": None}, [VALUES]),
        ("A", {"us_origin_value_usd": None}, [VALUES]),
        ("A", {"value_usd": Decimal(0), "us_origin_value_usd": Decimal(0)}, []),
        ("A", {"made_in": ""}, [MADE]),
        ("A", {"us_manufacture": ""}, [MADE]),
        ("A", {"value_usd": None, "made_in": ""}, [VALUES, MADE]),
        ("A", {"model_origin": "", "has_open_weights": None}, []),
        ("C", {"model_origin": ""}, [MODEL]),
        ("C", {"has_open_weights": None}, [MODEL]),
        ("C", {"has_open_weights": True}, []),
        ("C", {"value_usd": None, "made_in": ""}, []),
        ("B", {"value_usd": None, "made_in": "", "model_origin": "", "has_open_weights": None}, []),
    ],
)
def test_facts_are_asked_of_hardware_and_models_only(letter, lacking, expected):
    assert gaps(with_component(letter, "Layer.", ITEM, replace(ITEM, **lacking))) == expected


def test_an_empty_draft_lacks_everything_in_the_order_of_the_steps():
    nothing = dict.fromkeys(("title", "summary", "price_band", "built_by", "owned_by", "operated_by"), "")
    empty = replace(
        COMPLETE,
        **nothing,
        has_target=False,
        sectors=[],
        deployments=[],
        languages=[],
        delivery_weeks=None,
        operating_model="",
        components={letter: ("", []) for letter in "EDCBA"},
    )
    steps = [gap.step for gap in gaps(empty)]
    assert steps == ["summary"] * 2 + ["market"] * 3 + ["delivery"] * 3 + ["operation"] * 4 + list("AABBCCDDEE")


def hardware(value: object, us_value: object) -> ItemFacts:
    amounts = [None if amount is None else Decimal(str(amount)) for amount in (value, us_value)]
    return replace(ITEM, value_usd=amounts[0], us_origin_value_usd=amounts[1])


@pytest.mark.parametrize(
    ("items", "share", "is_met"),
    [
        ([(100, 51)], "51.0", True),
        ([(100, "50.99")], "51.0", False),  # shown rounded, judged exactly
        ([(100, 50), (100, 52)], "51.0", True),
        ([(1, 1), (99, 0)], "1.0", False),
        ([(100, 100)], "100.0", True),
        ([(3, 1)], "33.3", False),
        ([(0, 0)], None, None),
        ([], None, None),
        ([(100, None)], None, None),
        ([(None, None), (100, 100)], None, None),
    ],
)
def test_the_share_of_us_content_against_the_line(items, share, is_met):
    found = us_content([hardware(*item) for item in items], 51)
    assert (found.share, found.is_met) == (None if share is None else Decimal(share), is_met)


def test_what_is_known_is_added_up():
    assert us_content([hardware(100, None), hardware(50, 20)], 51) == UsContent(Decimal(150), Decimal(20), None, None)
