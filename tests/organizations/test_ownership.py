"""The 50 percent rules' counting: OFAC's own examples, tables of what is unknown, and brute force on random graphs."""

import itertools
import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.ownership import (
    Bounds,
    Chart,
    Circle,
    Gap,
    Stake,
    bounds,
    bounds_of,
    circle,
    counted_share,
    gaps,
    overfull,
)

HALF = Decimal(50)
PEOPLE = frozenset("XYZPQ")


def chart(text: str, *, settled: dict[str, Decimal | None] | None = None) -> Chart:
    """`"X 50 A, A ? B"`: X owns 50 percent of A, A an unknown share of B. X, Y, Z, P and Q are people."""
    rows = [row.split() for row in text.split(",") if row.strip()]
    stakes = [Stake(owner, owned, None if share == "?" else Decimal(share)) for owner, share, owned in rows]
    return Chart(tuple(stakes), PEOPLE, settled or {})


def of(node: str, text: str, *blocked: str, settled: dict[str, Decimal | None] | None = None) -> tuple[str, str]:
    found = bounds_of(chart(text, settled=settled), node, blocked=set(blocked), threshold=HALF)
    return str(found.lower), str(found.upper)


# --- OFAC's own examples ----------------------------------------------------------------------------------------------

OFAC = [  # FAQ 401's five examples and FAQ 399's, with every remaining share in the hands of P, who is not blocked
    ("401, example 1", "X 50 A, P 50 A, A 50 B, P 50 B", "X", "B", "50"),
    ("401, example 2", "X 50 A, P 50 A, X 50 B, P 50 B, A 25 C, B 25 C, P 50 C", "X", "C", "50"),
    ("401, example 3", "X 50 A, P 50 A, X 10 B, A 40 B, P 50 B", "X", "B", "50"),
    ("401, example 4", "X 50 A, P 50 A, X 25 B, P 75 B, A 25 C, B 25 C, P 50 C", "X", "C", "25"),
    ("401, example 5", "X 25 A, P 75 A, X 25 B, P 75 B, A 50 C, B 50 C", "X", "C", "0"),
    ("399, two blocked persons", "X 25 A, Y 25 A, P 50 A", "XY", "A", "50"),
    ("399, just below", "X 25 A, Y 24.99 A, P 50.01 A", "XY", "A", "49.99"),
]


@pytest.mark.parametrize(("source", "text", "blocked", "node", "share"), OFAC, ids=[row[0] for row in OFAC])
def test_the_examples_of_the_source(source, text, blocked, node, share):
    assert of(node, text, *blocked) == (share, share)


# --- tables -----------------------------------------------------------------------------------------------------------

REST = {"A": None}


@pytest.mark.parametrize(
    ("text", "blocked", "settled", "expected"),
    [
        ("", "", {}, ("0", "100")),  # nothing is known
        ("", "", REST, ("0", "0")),  # an officer found who holds it all
        ("", "", {"A": Decimal(60)}, ("0", "40")),
        ("", "", {"A": Decimal(50)}, ("0", "50")),
        ("P 100 A", "", {}, ("0", "0")),
        ("P 60 A", "", {}, ("0", "40")),
        ("P 50 A", "", {}, ("0", "50")),
        ("P 50.0001 A", "", {}, ("0", "49.9999")),
        ("P 60 A", "", REST, ("0", "0")),
        ("P ? A", "", {}, ("0", "100")),
        ("P ? A", "", REST, ("0", "0")),  # the rest is settled, and P is not blocked whatever P's share
        ("X ? A", "X", REST, ("0", "100")),  # but a blocked person may have all of it
        ("X ? A, P 60 A", "X", REST, ("0", "40")),
        ("X ? A, P 60 A", "X", {"A": Decimal(30)}, ("0", "10")),
        ("X 49.99 A, P 50.01 A", "X", {}, ("49.99", "49.99")),
        ("X 49.99 A, P 50 A", "X", {}, ("49.99", "50.00")),
        ("X 50 A", "X", {}, ("50", "100")),
        ("X 30 A, P 40 A", "X", {}, ("30", "60")),
        ("X 30 A, P 40 A", "X", REST, ("30", "30")),
        ("B 60 A, P 40 A", "", {}, ("0", "60")),  # nothing is known of B's owners
        ("B 60 A, P 40 A", "", {"B": None}, ("0", "0")),
        ("B 60 A, P 40 A, P 51 B", "", {}, ("0", "0")),  # blocked persons can have 49 percent of B at most
        ("B 60 A, P 40 A, P 50 B", "", {}, ("0", "60")),
        ("B 60 A, P 40 A", "B", {}, ("60", "60")),  # B itself is listed
        ("B ? A, P 40 A, X 50 B", "X", {}, ("0", "60")),
        ("B 40 A, P 60 A, X 100 B", "X", {}, ("40", "40")),
        ("B 25 A, C 25 A, P 50 A, X 50 B, X 50 C", "X", {}, ("50", "50")),
        ("B 25 A, C 25 A, P 50 A, X 50 B, P 50 B", "X", {}, ("25", "50")),
    ],
)
def test_bounds_of_a(text, blocked, settled, expected):
    assert of("A", text, *blocked, settled=settled) == expected


def test_a_chain_counts_whole_however_long():
    nodes = [f"n{number}" for number in range(3000)]
    stakes = [Stake("X", nodes[0], HALF)] + [Stake(a, b, HALF) for a, b in itertools.pairwise(nodes)]
    assert bounds_of(Chart(tuple(stakes)), nodes[-1], blocked={"X"}, threshold=HALF) == Bounds(HALF, Decimal(100))


@pytest.mark.parametrize(("threshold", "lower"), [(25, "50"), (50, "50"), (51, "0")])
def test_the_threshold_is_the_rules(threshold, lower):
    found = bounds_of(chart("X 50 A, A 50 B"), "B", blocked={"X"}, threshold=Decimal(threshold))
    assert str(found.lower) == lower


@pytest.mark.parametrize(("holder", "share"), [("X", "50"), ("P", "50"), ("A", "40"), ("B", "0"), ("nobody", "0")])
def test_what_a_holder_counts_for_alone(holder, share):
    text = "X 50 A, P 50 A, X 10 B, A 40 B, P 10 B, Q 40 B"
    assert str(counted_share(chart(text), "B", holder, threshold=HALF)) == share


def test_what_is_missing_is_named_from_near_to_far():
    text = "B 60 A, C 30 A, P 5 A, P 40 B, Q ? B, P 51 C"
    assert gaps(chart(text), "A", blocked=set(), threshold=HALF) == [
        Gap("A", Decimal(5), ()),
        Gap("B", Decimal(60), ("Q",)),
    ]
    assert gaps(chart("P 100 A"), "A", blocked=set(), threshold=HALF) == []
    assert gaps(chart(""), "A", blocked=set(), threshold=HALF) == [Gap("A", Decimal(100), ())]


# --- what cannot be ---------------------------------------------------------------------------------------------------

JAN, MAR, JUN = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([(60, None, None), (40, None, None)], None),
        ([(60, None, None), ("40.01", None, None)], ("100.01", None)),
        ([(60, None, JUN), (60, JUN, None)], None),  # sold on the day that the other bought
        ([(60, None, JUN), (60, MAR, None)], ("120", MAR)),
        ([(60, JAN, MAR), (60, JUN, None), (40, None, None)], None),
        ([(60, JAN, None), (30, JUN, None), (11, MAR, None)], ("101", JUN)),
        ([(None, None, None), (100, None, None)], None),
    ],
)
def test_more_than_the_whole_on_one_day(rows, found):
    stakes = [
        Stake(f"h{number}", "A", None if share is None else Decimal(share), since, until)
        for number, (share, since, until) in enumerate(rows)
    ]
    result = overfull(stakes)
    assert (result and (str(result.total), result.day)) == found


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([("A", "B", None, None), ("B", "C", None, None)], "none"),
        ([("A", "A", None, None)], None),
        ([("A", "B", None, None), ("B", "A", None, None)], None),
        ([("A", "B", None, MAR), ("B", "A", MAR, None)], "none"),  # one ended when the other began
        ([("A", "B", JAN, None), ("B", "C", None, JUN), ("C", "A", MAR, None)], MAR),
        ([("A", "B", JAN, MAR), ("B", "C", None, None), ("C", "A", MAR, None)], "none"),
    ],
)
def test_what_owns_itself_on_one_day(rows, day):
    found = circle([Stake(owner, owned, Decimal(10), since, until) for owner, owned, since, until in rows])
    assert (found.day if found else "none") == day


def test_a_circle_names_who_owns_the_next():
    found = circle([Stake("A", "B", HALF), Stake("B", "C", HALF), Stake("C", "A", HALF), Stake("X", "A", HALF)])
    assert isinstance(found, Circle)
    around = [*found.nodes, found.nodes[0]]
    assert {("A", "B"), ("B", "C"), ("C", "A")} in (
        set(itertools.pairwise(around)),
        set(itertools.pairwise(around[::-1])),
    )


# --- brute force: another way of counting, over every way of filling in what is unknown -------------------------------

STEP = 25
"""Shares on a grid, in percent, so that every filling can be tried."""


def naive_blocked(stakes: list[tuple[str, str, int]], listed: set[str]) -> tuple[set[str], dict[str, int]]:
    """Who is blocked, by applying the rule over and over until nothing changes; and the blocked share of each."""
    blocked, totals = set(listed), dict[str, int]()
    while True:
        totals = {owned: 0 for _owner, owned, _share in stakes}
        for owner, owned, share in stakes:
            totals[owned] += share if owner in blocked else 0
        grown = blocked | {node for node, total in totals.items() if total >= 50}
        if grown == blocked:
            return blocked, totals
        blocked = grown


def fillings(graph: Chart, entities: list[str]) -> itertools.product:
    """For each entity, every way to hand its unknown part to its unknown holders, to a stranger, to a blocked stranger."""
    choices = []
    for entity in entities:
        own = [stake for stake in graph.stakes if stake.owned == entity]
        free = 100 - sum(int(stake.share) for stake in own if stake.share is not None)
        settled = graph.settled.get(entity, Decimal(0))
        free -= int(settled or 0)
        takers = [stake.owner for stake in own if stake.share is None] + ["stranger"]
        takers += [] if settled is None else ["blocked stranger"]
        parts = [
            split for split in itertools.product(range(0, free + 1, STEP), repeat=len(takers)) if sum(split) == free
        ]
        choices.append([[(taker, entity, part) for taker, part in zip(takers, split, strict=True)] for split in parts])
    return itertools.product(*choices)


def brute_force(graph: Chart, entities: list[str], listed: set[str]) -> dict[str, tuple[int, int]]:
    known = [(s.owner, s.owned, int(s.share)) for s in graph.stakes if s.share is not None]
    seen: dict[str, list[int]] = {entity: [] for entity in entities}
    for filling in fillings(graph, entities):
        _blocked, totals = naive_blocked(
            known + [row for part in filling for row in part], listed | {"blocked stranger"}
        )
        for entity in entities:
            seen[entity].append(totals.get(entity, 0))
    return {entity: (min(found), max(found)) for entity, found in seen.items()}


def random_graph(rng: random.Random) -> tuple[Chart, list[str], set[str]]:
    """People and a few entities that own only later ones, shares on the grid, some unknown, some settled."""
    people, entities = ["X", "Y", "P"], ["A", "B", "C", "D"][: rng.randint(1, 4)]
    stakes, settled = [], dict[str, Decimal | None]()
    for position, entity in enumerate(entities):
        left, owners = 100, rng.sample(people + entities[:position], k=rng.randint(0, min(3, 3 + position)))
        for owner in owners:
            share = rng.choice([None, *range(STEP, left + 1, STEP)]) if rng.random() < 0.9 else None
            left -= share or 0
            stakes.append(Stake(owner, entity, None if share is None else Decimal(share)))
        if rng.random() < 0.3:
            settled[entity] = None if rng.random() < 0.5 else Decimal(rng.randrange(0, left + 1, STEP))
    listed = {person for person in people if rng.random() < 0.4} | {e for e in entities if rng.random() < 0.1}
    return Chart(tuple(stakes), frozenset(people), settled), entities, listed


@pytest.mark.parametrize("seed", range(20))
def test_bounds_are_what_every_filling_of_the_unknown_gives(seed):
    rng = random.Random(seed)
    for _graph in range(40):
        graph, entities, listed = random_graph(rng)
        expected = brute_force(graph, entities, listed)
        for entity in entities:
            found = bounds_of(graph, entity, blocked=listed, threshold=HALF)
            assert (found.lower, found.upper) == expected[entity], (graph, entity, listed)


def test_the_brute_force_finds_a_wrong_count():
    """The positive control: products of shares, which the rule does not take, give another answer."""
    graph = chart("X 50 A, P 50 A, A 50 B, P 50 B")
    assert brute_force(graph, ["A", "B"], {"X"})["B"] == (50, 50) != (25, 25)


# --- properties -------------------------------------------------------------------------------------------------------

SEEDS = st.integers(0, 2**32)


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_knowing_more_never_widens_the_bounds(seed):
    rng = random.Random(seed)
    graph, entities, listed = random_graph(rng)
    wide = bounds(graph, blocked=listed, threshold=HALF)
    unknown = [stake for stake in graph.stakes if stake.share is None]
    if not unknown:
        return
    chosen = rng.choice(unknown)
    own = [stake for stake in graph.stakes if stake.owned == chosen.owned]
    left = 100 - sum(stake.share for stake in own if stake.share) - (graph.settled.get(chosen.owned) or 0)
    filled = tuple(
        Stake(s.owner, s.owned, Decimal(rng.randint(0, int(left)))) if s == chosen else s for s in graph.stakes
    )
    narrow = bounds(Chart(filled, graph.closed, graph.settled), blocked=listed, threshold=HALF)
    for entity in set(entities) & set(wide):
        assert wide[entity].lower <= narrow[entity].lower <= narrow[entity].upper <= wide[entity].upper


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_one_more_blocked_person_never_lowers_a_bound(seed):
    graph, _entities, listed = random_graph(random.Random(seed))
    before = bounds(graph, blocked=listed, threshold=HALF)
    after = bounds(graph, blocked=listed | {"P"}, threshold=HALF)
    assert all(before[e].lower <= after[e].lower and before[e].upper <= after[e].upper for e in before)


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_the_order_in_which_stakes_are_named_changes_nothing(seed):
    rng = random.Random(seed)
    graph, _entities, listed = random_graph(rng)
    shuffled = Chart(tuple(rng.sample(graph.stakes, len(graph.stakes))), graph.closed, graph.settled)
    arguments = {"blocked": listed, "threshold": HALF}
    assert bounds(shuffled, **arguments) == bounds(graph, **arguments)


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_without_a_gap_both_bounds_are_one(seed):
    graph, entities, listed = random_graph(random.Random(seed))
    for entity in entities:
        found = bounds_of(graph, entity, blocked=listed, threshold=HALF)
        missing = gaps(graph, entity, blocked=listed, threshold=HALF)
        assert missing or found.lower == found.upper
