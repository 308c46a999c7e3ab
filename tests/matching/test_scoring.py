import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.scoring import SCALES, Silence, Weights, apportion, harmonic, needs_license_look, score
from matching.states import Criterion
from matching.text import terms
from tests.matching.facts import KENYA, WEIGHTS, examples, need, needs, package, packages, weightings

UNKNOWN, NOT_ASKED = Silence.UNKNOWN, Silence.NOT_ASKED
NOTHING = frozenset()


def in_groups(*groups, sign=False):
    return {"destination": replace(KENYA, groups=frozenset(groups), has_license_sign=sign)}


SCALE_TABLE = [
    (Criterion.SECTOR, {}, {}, 1000),
    (Criterion.SECTOR, {"sectors": frozenset({"HEALTH", "ENERGY"})}, {}, 500),
    (Criterion.SECTOR, {"sectors": frozenset({"ENERGY"})}, {}, 0),
    (Criterion.SECTOR, {"sectors": NOTHING}, {}, NOT_ASKED),
    (Criterion.SECTOR, {}, {"sectors": NOTHING}, UNKNOWN),
    (Criterion.BUDGET, {}, {}, 1000),
    (Criterion.BUDGET, {"budget_band": 2}, {}, 600),
    (Criterion.BUDGET, {"budget_band": 1}, {}, 0),
    (Criterion.BUDGET, {"budget_band": None}, {}, NOT_ASKED),
    (Criterion.BUDGET, {}, {"price_band": None}, UNKNOWN),
    (Criterion.DELIVERY, {}, {"delivery_weeks": 52}, 1000),
    (Criterion.DELIVERY, {}, {"delivery_weeks": 65}, 750),
    (Criterion.DELIVERY, {}, {"delivery_weeks": 104}, 0),
    (Criterion.DELIVERY, {}, {"delivery_weeks": 300}, 0),
    (Criterion.DELIVERY, {"weeks_available": 0}, {"delivery_weeks": 1}, 0),
    (Criterion.DELIVERY, {"weeks_available": 0}, {"delivery_weeks": 0}, 1000),
    (Criterion.DELIVERY, {"weeks_available": None}, {}, NOT_ASKED),
    (Criterion.DELIVERY, {}, {"delivery_weeks": None}, UNKNOWN),
    (Criterion.TEXT, {}, {}, 1000),
    (Criterion.TEXT, {}, {"text": terms("Port cranes")}, 0),
    (Criterion.TEXT, {"text": terms("")}, {}, UNKNOWN),
    (Criterion.LANGUAGES, {"languages": frozenset({"sw", "ar", "tr", "vi"})}, {}, 250),
    (Criterion.LANGUAGES, {"languages": NOTHING}, {}, NOT_ASKED),
    (Criterion.STANDARDS, {}, {}, 1000),
    (Criterion.STANDARDS, {"standards": NOTHING}, {}, NOT_ASKED),
    (Criterion.CAPACITY, {}, {"capacity_band": 2}, 1000),
    (Criterion.CAPACITY, {}, {"capacity_band": 1}, 500),
    (Criterion.CAPACITY, {"capacity_band": 5}, {"capacity_band": 0}, 0),
    (Criterion.CAPACITY, {"capacity_band": None}, {}, NOT_ASKED),
    (Criterion.CAPACITY, {}, {"capacity_band": None}, UNKNOWN),
    (Criterion.FINANCING, {"wants_financing": True}, {}, UNKNOWN),
    (Criterion.FINANCING, {"wants_financing": False}, {}, NOT_ASKED),
    (Criterion.DEAL_SIZE, {"budget_band": 0}, {}, 200),
    (Criterion.DEAL_SIZE, {"budget_band": 4}, {}, 1000),
    (Criterion.DEAL_SIZE, {"budget_band": None}, {}, UNKNOWN),
    (Criterion.MARKET, {}, {}, 1000),
    (Criterion.MARKET, {}, {"target_countries": NOTHING, "bloc_countries": frozenset({"KE"})}, 600),
    (Criterion.MARKET, {}, {"target_countries": NOTHING}, 0),
    (Criterion.FIT, {}, {}, 1000),
    (Criterion.FIT, {}, {"text": terms("Port cranes")}, 500),
    (Criterion.FIT, {"sectors": NOTHING}, {"text": terms("Port cranes")}, 0),
    (Criterion.FIT, {"sectors": NOTHING, "text": terms("")}, {}, UNKNOWN),
    (Criterion.LICENSE, in_groups("A:5"), {}, 1000),
    (Criterion.LICENSE, in_groups("A:6"), {}, 800),
    (Criterion.LICENSE, in_groups(), {}, 700),
    (Criterion.LICENSE, in_groups("D:1", sign=True), {}, 250),
    (Criterion.LICENSE, {**in_groups("D:1", sign=True), "components": frozenset("BDE")}, {}, 1000),
    (Criterion.LICENSE, {**in_groups("D:5", sign=True), "components": frozenset("BDE")}, {}, 250),
    (Criterion.LICENSE, in_groups(sign=None), {}, UNKNOWN),
    (Criterion.LICENSE, {"destination": replace(KENYA, groups=None)}, {}, UNKNOWN),
    (Criterion.READINESS, {}, {}, 1000),
    (Criterion.READINESS, {"budget_band": None, "languages": NOTHING, "capacity_band": None}, {}, 500),
]


@pytest.mark.parametrize(("criterion", "need_changes", "package_changes", "answer"), SCALE_TABLE)
def test_each_scale_is_fixed(criterion, need_changes, package_changes, answer):
    assert SCALES[criterion](need(**need_changes), package(**package_changes)) == answer


def test_the_table_tries_every_criterion():
    assert {criterion for criterion, *_rest in SCALE_TABLE} == set(Criterion) == set(SCALES)


def test_a_perfect_pair_and_where_its_points_come_from():
    found = score(need(), package(), WEIGHTS)
    assert (found.score, found.buyer_utility, found.vendor_utility, found.confidence) == (942, 1000, 890, 1000)
    assert {part.criterion: (part.points, part.most) for part in found.buyer} == {
        Criterion.SECTOR: (239, 240),
        Criterion.BUDGET: (174, 174),
        Criterion.DELIVERY: (130, 131),
        Criterion.TEXT: (130, 131),
        Criterion.LANGUAGES: (109, 109),
        Criterion.STANDARDS: (109, 109),
        Criterion.CAPACITY: (109, 109),
        Criterion.FINANCING: (0, 0),
    }
    assert {part.criterion: (part.points, part.most) for part in found.vendor} == {
        Criterion.DEAL_SIZE: (224, 280),
        Criterion.MARKET: (220, 220),
        Criterion.FIT: (200, 200),
        Criterion.LICENSE: (126, 180),
        Criterion.READINESS: (120, 120),
    }


def test_the_harmonic_mean_vetoes_one_sided_interest():
    assert harmonic(900, 200) == 327
    assert harmonic(0, 1000) == 0
    assert harmonic(0, 0) == 0


def test_unknown_is_neither_zero_nor_full_and_lowers_the_confidence():
    silent = score(need(), package(delivery_weeks=None), WEIGHTS)
    late = score(need(), package(delivery_weeks=300), WEIGHTS)
    timely = score(need(), package(), WEIGHTS)
    assert late.score < silent.score < timely.score
    assert silent.unknowns == (Criterion.DELIVERY,)
    assert (late.unknowns, timely.unknowns) == ((), ())
    assert silent.confidence < late.confidence == timely.confidence == 1000


def test_what_is_not_asked_leaves_the_sum():
    modest = score(need(standards=NOTHING, capacity_band=None), package(capacity_band=None), WEIGHTS)
    assert modest.buyer_utility == 1000
    assert modest.unknowns == ()


@pytest.mark.parametrize(
    ("buyer", "vendor"),
    [
        ({**WEIGHTS.buyer, Criterion.SECTOR: 221}, WEIGHTS.vendor),
        ({key: value for key, value in WEIGHTS.buyer.items() if key != Criterion.SECTOR}, WEIGHTS.vendor),
        (WEIGHTS.buyer, {**WEIGHTS.vendor, "CHARM": 0}),
        (WEIGHTS.buyer, {**WEIGHTS.vendor, Criterion.MARKET: -60, Criterion.FIT: 480}),
    ],
)
def test_weights_that_do_not_add_up_are_refused(buyer, vendor):
    with pytest.raises(ValueError, match="add up to 1000"):
        Weights(buyer, vendor)


@pytest.mark.parametrize(
    ("place", "components", "is_sign"),
    [
        (in_groups("D:1", sign=True), "A", True),
        (in_groups("D:4", sign=True), "C", True),
        (in_groups("D:1", sign=True), "BDE", False),
        (in_groups("D:5", sign=False), "E", True),
        (in_groups("D:3", sign=False), "A", False),
        (in_groups("D:3", sign=None), "A", None),
        ({"destination": replace(KENYA, groups=None)}, "E", None),
    ],
)
def test_country_groups_are_a_sign_of_a_license(place, components, is_sign):
    assert needs_license_look(need(**place, components=frozenset(components))) is is_sign


# --- what holds for every pair ---------------------------------------------------------------------------------------


@examples
@given(needs, packages, weightings())
def test_scores_are_bounded_whole_and_add_up(asked, offered, weights):
    found = score(asked, offered, weights)
    for utility, parts in ((found.buyer_utility, found.buyer), (found.vendor_utility, found.vendor)):
        assert 0 <= utility <= 1000
        assert sum(part.points for part in parts) == utility
        assert all(0 <= part.points <= part.most for part in parts)
    low, high = sorted((found.buyer_utility, found.vendor_utility))
    assert low <= found.score <= high
    assert 0 <= found.confidence <= 1000


@examples
@given(needs, packages)
def test_the_same_facts_give_the_same_bytes(asked, offered):
    one, other = score(asked, offered, WEIGHTS), score(replace(asked), replace(offered), WEIGHTS)
    assert one == other
    assert pickle.dumps(one) == pickle.dumps(other)


@examples
@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_the_score_never_falls_when_a_side_gains(one, other, more):
    assert harmonic(min(1000, one + more), other) >= harmonic(one, other)


@examples
@given(needs, packages, st.data())
def test_a_better_answer_never_lowers_the_score(asked, offered, data):
    """Monotone from one stated answer to a better one; from silence to an answer it may go either way."""
    offered = replace(
        offered,
        sectors=offered.sectors or frozenset({"HEALTH"}),
        languages=offered.languages or frozenset({"en"}),
        standards=offered.standards or frozenset({"SOC2"}),
        price_band=offered.price_band or 0,
        delivery_weeks=offered.delivery_weeks or 0,
        capacity_band=offered.capacity_band or 0,
    )
    better = data.draw(
        st.sampled_from(
            [
                replace(offered, sectors=offered.sectors | asked.sectors),
                replace(offered, languages=offered.languages | asked.languages),
                replace(offered, standards=offered.standards | asked.standards),
                replace(offered, price_band=max(0, offered.price_band - 1)),
                replace(offered, delivery_weeks=offered.delivery_weeks // 2),
                replace(offered, capacity_band=5),
                replace(offered, target_countries=offered.target_countries | {asked.destination.country}),
            ]
        )
    )
    assert score(asked, better, WEIGHTS).score >= score(asked, offered, WEIGHTS).score


@examples
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=13), st.integers(1, 1000))
def test_rounded_parts_add_up_and_stay_within_one(shares, whole):
    total = (sum(shares) + whole // 2) // whole
    parts = apportion(shares, whole, total)
    assert sum(parts) == total
    assert all(abs(part - share / whole) < 1 for part, share in zip(parts, shares, strict=True))
