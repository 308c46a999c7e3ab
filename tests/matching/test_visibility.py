"""Who sees which match, in how many queries, and that no private number of a buyer gets to the other side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buyers.states import NeedStatus
from matching import selectors
from matching.explanation import disclosed
from matching.models import Match
from matching.selectors import MatchGroup, Places, need_facts
from matching.states import Side
from tests.factories import buyers, consortia, matching
from tests.factories.accounts import person

pytestmark = pytest.mark.uncovered


@pytest.mark.parametrize(
    ("name", "sees"),
    [("buyer", True), ("anchor", True), ("member", True), ("rival", False), ("stranger", False), ("officer", False)],
)
def test_who_sees_a_match(scored, now, name, sees):
    consortia.company("Rival Systems Inc", now=now, by=person("rival"))
    buyers.officer(now)
    assert list(selectors.matches_for(person(name), now)) == (list(Match.objects.all()) if sees else [])


def test_each_side_sees_its_own_needs_or_packages(scored, now):
    match = Match.objects.get()
    of_need, of_package = MatchGroup(scored.need, [match]), MatchGroup(scored.package, [match])
    assert selectors.match_groups_for(person("buyer"), now) == {Side.BUYER: [of_need], Side.VENDOR: []}
    for name in ("anchor", "member"):
        assert selectors.match_groups_for(person(name), now) == {Side.BUYER: [], Side.VENDOR: [of_package]}
    assert selectors.match_groups_for(person("stranger"), now) == {Side.BUYER: [], Side.VENDOR: []}


def test_a_need_without_matches_is_shown_as_such(scene, now):
    (group,) = selectors.match_groups_for(person("buyer"), now)[Side.BUYER]
    assert (group.owner, group.matches) == (scene.need, [])


def test_the_best_come_first_and_no_more_than_are_shown(scene, now, monkeypatch):
    monkeypatch.setattr("matching.selectors.matches.MOST_SHOWN", 2)
    matching.offered(scene.consortium, now=now, title="Grid stack, late", delivery_weeks=300)
    matching.offered(scene.consortium, now=now, title="Grid stack, cheap", price_band="UNDER_1M")
    matching.settle(now)
    (group,) = selectors.match_groups_for(person("buyer"), now)[Side.BUYER]
    scores = [match.score for match in group.matches]
    assert group.matches[0].package_version.title == "Grid stack, cheap"
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_and_three(scored, now, rows):
    for number in range(rows - 1):
        matching.offered(scored.consortium, now=now, title=f"Stack {number}")
        buyers.need_at(NeedStatus.POSTED, scored.buyer, now=now, title=f"Need {number}")
    matching.settle(now)
    for user, side in ((person("buyer"), Side.BUYER), (person("anchor"), Side.VENDOR)):
        with CaptureQueriesContext(connection) as queries:
            groups = selectors.match_groups_for(user, now)[side]
            named = [(str(m.need.buyer), str(m.package.consortium)) for group in groups for m in group.matches]
        assert len(named) == rows * rows
        assert len(queries) == 8, [query["sql"][:90] for query in queries]


def test_who_stands_on_which_side(scored, now):
    match = Match.objects.get()
    assert selectors.side_of(person("buyer"), match) == Side.BUYER
    assert selectors.side_of(person("anchor"), match) == selectors.side_of(person("member"), match) == Side.VENDOR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"budget_usd": 8_000_000}, {"budget_usd": 79_999_999}),
        ({"capacity_mw": "5"}, {"capacity_mw": "19.99"}),
        ({"needed_by": "2027-11-24"}, {"needed_by": "2028-02-20"}),
    ],
)
def test_two_needs_of_the_same_bands_look_the_same_to_the_other_side(scene, now, one, other):
    """Whatever a consortium tries, points and words tell it no more than the band."""
    needs = [buyers.need_at(NeedStatus.POSTED, scene.buyer, now=now, **fields) for fields in (one, other)]
    matching.settle(now)
    first, second = (Match.objects.get(need=need) for need in needs)
    assert first.contributions == second.contributions
    assert (first.score, first.unknowns) == (second.score, second.unknowns)
    explained = [selectors.explained(match, Side.VENDOR, now) for match in (first, second)]
    assert explained[0] == explained[1]


def test_what_is_disclosed_of_a_need(scene, now):
    scene.need.refresh_from_db()
    assert disclosed(need_facts(scene.need, Places(now.date()))) == [
        ("Destination", "Kenya"),
        (
            "Components",
            "A – AI-optimized hardware and infrastructure, C – AI models and systems, "
            "E – AI applications for specific use cases",
        ),
        ("Sectors", "Energy"),
        ("Acceptable deployment models", "On the buyer's premises"),
        ("Data residency", "Data must stay in the country"),
        ("Languages", "English, Swahili"),
        ("Standards that must be met", "ISO/IEC 27001"),
        ("Capacity", "1 to 5 MW"),
        ("Budget reaches packages of", "$10 million to $100 million"),
        ("Time from posting to delivery, about", "not stated"),
        ("U.S. financing wanted", "No"),
    ]


def test_an_explanation_costs_few_queries(scored, now):
    match = selectors.matches_for(person("anchor"), now).get()
    with CaptureQueriesContext(connection) as queries:
        selectors.explained(match, Side.VENDOR, now)
    assert len(queries) == 4, [query["sql"][:90] for query in queries]
