from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given

from matching.explanation import (
    MOST_IMPROVEMENTS,
    _changes,
    capacity_band_name,
    improvements_for,
    lines_of,
    price_band_name,
    summary_of,
    weeks_name,
    words_of,
    words_of_gate,
)
from matching.gates import GateResult, check, is_open
from matching.scoring import Part, Silence, score
from matching.states import Criterion, Gate, Side, Verdict
from matching.text import terms
from tests.matching.facts import KENYA, WEIGHTS, examples, need, needs, package, packages

pytestmark = pytest.mark.usefixtures("english")
NOTHING = frozenset()
OTHER = terms("Port cranes")


@pytest.fixture
def english():
    with translation.override("en-us"):
        yield


def words(criterion, asked, offered):
    found = score(asked, offered, WEIGHTS)
    (part,) = [part for part in (*found.buyer, *found.vendor) if part.criterion == criterion]
    return words_of(part, asked, offered)


@pytest.mark.parametrize(
    ("criterion", "need_changes", "package_changes", "sentence"),
    [
        (Criterion.SECTOR, {}, {}, "Covered: Healthcare."),
        (
            Criterion.SECTOR,
            {"sectors": frozenset({"HEALTH", "ENERGY"})},
            {},
            "Covered: Healthcare. Not covered: Energy.",
        ),
        (Criterion.LANGUAGES, {"languages": frozenset({"ar", "tr"})}, {}, "Not covered: Arabic, Turkish."),
        (Criterion.LANGUAGES, {"languages": NOTHING}, {}, "The need asks for no language, so this does not count."),
        (Criterion.STANDARDS, {}, {}, "Covered: ISO/IEC 27001."),
        (
            Criterion.BUDGET,
            {},
            {},
            "The price band ($10 million to $100 million) lies below what the budget reaches "
            "($100 million to $1 billion).",
        ),
        (
            Criterion.BUDGET,
            {"budget_band": 2},
            {},
            "The price band is the highest that the budget reaches ($10 million to $100 million).",
        ),
        (
            Criterion.BUDGET,
            {"budget_band": 0},
            {},
            "The price band ($10 million to $100 million) lies above what the budget reaches (Under $1 million).",
        ),
        (
            Criterion.DELIVERY,
            {},
            {},
            "Delivery takes 40 weeks; there were about 52 weeks when the need was posted.",
        ),
        (
            Criterion.DELIVERY,
            {"weeks_available": 13},
            {},
            "Delivery takes 40 weeks, but there were only about 13 weeks when the need was posted.",
        ),
        (Criterion.CAPACITY, {}, {}, "Offered: 20 to 100 MW; asked: 5 to 20 MW."),
        (Criterion.CAPACITY, {"capacity_band": 5}, {}, "Offered: only 20 to 100 MW; asked: 500 MW and more."),
        (Criterion.DEAL_SIZE, {}, {}, "The budget reaches packages of this band: $100 million to $1 billion."),
        (Criterion.TEXT, {}, {}, "The need and the package share many of their important words."),
        (
            Criterion.TEXT,
            {},
            {"text": terms("Radiology of ports, cranes, ships and trucks, for cargo logistics and customs")},
            "The need and the package share some of their important words.",
        ),
        (Criterion.TEXT, {}, {"text": OTHER}, "The need and the package share few of their important words."),
        (Criterion.FIT, {}, {}, "The need's wording and sectors are close to what the package is made for."),
        (
            Criterion.FIT,
            {},
            {"text": OTHER},
            "The need's wording and sectors are partly what the package is made for.",
        ),
        (
            Criterion.FIT,
            {"sectors": frozenset({"ENERGY"})},
            {"text": OTHER},
            "The need's wording and sectors are far from what the package is made for.",
        ),
        (
            Criterion.READINESS,
            {"budget_band": None, "languages": NOTHING},
            {},
            "The buyer stated 4 of 6: budget, date, capacity, deployment models, languages, sectors.",
        ),
        (Criterion.MARKET, {}, {}, "The package names Kenya as a target."),
        (
            Criterion.MARKET,
            {},
            {"target_countries": NOTHING, "bloc_countries": frozenset({"KE"})},
            "Kenya belongs to a regional bloc that the package targets.",
        ),
        (Criterion.MARKET, {}, {"target_countries": NOTHING}, "The package does not target Kenya."),
    ],
)
def test_a_criterion_says_why(criterion, need_changes, package_changes, sentence):
    assert words(criterion, need(**need_changes), package(**package_changes)) == sentence


def test_a_sign_of_a_license_is_called_no_decision():
    for destination in (KENYA, replace(KENYA, has_license_sign=True)):
        said = words(Criterion.LICENSE, need(destination=destination), package())
        assert said.endswith("This is no license decision.")


@examples
@given(needs, packages)
def test_every_criterion_of_every_pair_has_words(asked, offered):
    found = score(asked, offered, WEIGHTS)
    lines = lines_of((*found.buyer, *found.vendor), asked, offered)
    assert [line.label for line in lines] == [str(criterion.label) for criterion in Criterion]
    assert all(line.words.endswith(".") for line in lines)


@examples
@given(needs, packages)
def test_every_gate_of_every_pair_has_words(asked, offered):
    assert all(words_of_gate(result).endswith(".") for result in check(asked, offered))


def test_a_closed_gate_names_what_is_missing():
    result = GateResult(Gate.STANDARDS, Verdict.NO, ("FEDRAMP", "SOC2"))
    assert words_of_gate(result) == "Required standards are met: No. Missing or open: FedRAMP, SOC 2."
    assert words_of_gate(GateResult(Gate.BUDGET, Verdict.CANNOT_TELL)) == (
        "The price starts within the budget: Cannot tell."
    )


def test_the_bands_have_names():
    assert [capacity_band_name(band) for band in (0, 1, 5)] == ["under 1 MW", "1 to 5 MW", "500 MW and more"]
    assert weeks_name(1) == "1 week"
    assert {capacity_band_name(None), price_band_name(None), weeks_name(None)} == {"not stated"}


def test_an_unknown_answer_is_called_unknown():
    part = Part(Criterion.FINANCING, Silence.UNKNOWN, 40, 80)
    assert words_of(part, need(), package()) == (
        "The buyer would like U.S. financing. Only EXIM, DFC or USTDA can say whether they help."
    )


def test_the_summary_names_the_confidence():
    assert summary_of(score(need(), package(), WEIGHTS)) == "942 of 1,000 points; all facts are known."
    silent = score(need(), package(delivery_weeks=None), WEIGHTS)
    assert summary_of(silent) == "912 of 1,000 points; 93% of it rests on known facts."


# --- what would improve it -------------------------------------------------------------------------------------------


def test_a_consortium_is_told_what_it_could_change():
    asked = need(sectors=frozenset({"HEALTH", "ENERGY"}), budget_band=2, weeks_available=26, capacity_band=4)
    offered = package(target_countries=NOTHING, bloc_countries=frozenset({"KE"}), languages=frozenset({"en"}))
    found = improvements_for(Side.VENDOR, asked, offered, WEIGHTS)
    assert [improvement.words for improvement in found] == [
        "Serve these sectors too: Energy.",
        "Name Kenya itself as a target country.",
        "Deliver within 26 weeks.",
        "Start at a lower price band: $1 million to $10 million.",
        "Offer a capacity of 100 to 500 MW.",
    ]


def test_a_buyer_is_told_what_it_could_state():
    asked = need(budget_band=None, weeks_available=None, capacity_band=None, languages=NOTHING, deployments=NOTHING)
    found = improvements_for(Side.BUYER, asked, package(), WEIGHTS)
    assert {improvement.words for improvement in found} == {
        "Allow about 52 weeks for delivery.",
        "State the capacity that you need.",
        "Name the languages that you need: the package offers English, French, Swahili.",
        "Say which deployment models you accept.",
    }


def test_a_buyer_without_a_budget_is_asked_for_one_where_that_helps():
    dear = package(price_band=4, deployments=frozenset({"ON_PREMISES"}))
    found = improvements_for(Side.BUYER, need(budget_band=None), dear, WEIGHTS)
    assert [improvement.words for improvement in found] == [
        "State your budget; the package's price starts in this band: $1 billion and more."
    ]


def test_a_buyer_is_told_where_it_asks_too_much():
    asked = need(capacity_band=5, sectors=frozenset({"ENERGY"}))
    found = improvements_for(Side.BUYER, asked, package(), WEIGHTS)
    assert [improvement.words for improvement in found] == [
        "Name a sector that the package serves: Education, Healthcare.",
        "Ask for a capacity of 20 to 100 MW.",
    ]


def test_a_perfect_pair_needs_no_advice():
    assert improvements_for(Side.VENDOR, need(), package(), WEIGHTS) == []


@examples
@given(needs, packages)
def test_each_improvement_really_changes_the_score(asked, offered):
    before = score(asked, offered, WEIGHTS).score
    for side in Side:
        outcomes = {
            said: (score(asked_then, offered_then, WEIGHTS).score - before, is_open(asked_then, offered_then))
            for said, asked_then, offered_then in _changes(side, asked, offered)
        }
        found = improvements_for(side, asked, offered, WEIGHTS)
        assert len(found) <= MOST_IMPROVEMENTS
        for improvement in found:
            assert outcomes[improvement.words] == (improvement.gain, True)
            assert improvement.gain > 0
