"""What a draft lacks: facts in, gaps out."""

from dataclasses import replace
from decimal import Decimal

import pytest

from packages.completeness import DraftFacts, Gap, ItemFacts, gaps

KNOWN = {
    "value_usd": Decimal(100),
    "us_origin_value_usd": Decimal(51),
    "made_in": "US",
    "us_manufacture": "Assembled in Texas.",
    "model_origin": "US",
    "has_open_weights": False,
}
ITEM = ItemFacts(pk=1, name="Rack", supplier_is_member=True, values=KNOWN)
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
    gone = replace(ITEM, pk=2, supplier_is_member=False)
    assert gaps(with_component(letter, "Layer.", ITEM, gone)) == [
        Gap(letter, f"Component {letter}: the supplier of “Rack” is no longer a member. Choose another.", 2)
    ]


VALUE, US_VALUE = "value in U.S. dollars", "U.S.-origin value in U.S. dollars"
MADE, MANUFACTURE = "where made", "extent of manufacture in the United States"
ORIGIN, WEIGHTS = "country of origin of the model", "open weights"


@pytest.mark.parametrize(
    ("letter", "lacking", "expected"),
    [
        ("A", {"value_usd": None}, [VALUE]),
        ("A", {"us_origin_value_usd": None}, [US_VALUE]),
        ("A", {"value_usd": Decimal(0), "us_origin_value_usd": Decimal(0)}, []),
        ("A", {"made_in": ""}, [MADE]),
        ("A", {"us_manufacture": ""}, [MANUFACTURE]),
        ("A", {"us_manufacture": "", "made_in": "", "value_usd": None}, [VALUE, MADE, MANUFACTURE]),
        ("A", {"model_origin": "", "has_open_weights": None}, []),
        ("C", {"model_origin": ""}, [ORIGIN]),
        ("C", {"has_open_weights": None}, [WEIGHTS]),
        ("C", {"has_open_weights": True}, []),
        ("C", {"value_usd": None, "made_in": ""}, []),
        ("B", {"value_usd": None, "made_in": "", "model_origin": "", "has_open_weights": None}, []),
    ],
)
def test_facts_are_asked_of_hardware_and_models_only(letter, lacking, expected):
    lacks = replace(ITEM, pk=2, name="Board", values=KNOWN | lacking)
    text = f"Component {letter}: complete “Board”: {', '.join(expected)}."
    assert gaps(with_component(letter, "Layer.", ITEM, lacks)) == ([Gap(letter, text, 2)] if expected else [])


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
