"""The U.S. content of the hardware component: a golden table, whatever the order."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packages.us_content import Line, Presumption, us_content

MET, JUSTIFY, CANNOT_TELL = Presumption


def lines(*amounts: tuple[object, object]) -> list[Line]:
    return [
        Line(f"Item {n}", *(None if amount is None else Decimal(str(amount)) for amount in pair))
        for n, pair in enumerate(amounts, 1)
    ]


GOLDEN = [
    ([(100, 51)], "51", MET),  # inclusive
    ([(100, "50.99")], "50.99", JUSTIFY),
    ([("0.03", "0.0153")], "51", MET),
    ([(100, 100)], "100", MET),
    ([(100, 0)], "0", JUSTIFY),
    ([(100, 50), (100, 52)], "51", MET),  # of the aggregate value, not item by item
    ([(100, 100), (900, 400)], "50", JUSTIFY),
    ([(1, 1), (99, 0)], "1", JUSTIFY),
    ([(0, 0), (100, 60)], "60", MET),  # what costs nothing weighs nothing
    ([(0, 0)], None, CANNOT_TELL),
    ([], None, CANNOT_TELL),
    ([(100, None)], None, CANNOT_TELL),
    ([(None, None), (100, 100)], None, CANNOT_TELL),  # an unknown value may be any
    ([(None, 5), (100, 100)], None, CANNOT_TELL),
    ([("999999999999.99", "510000000000.00")], None, MET),
]


@pytest.mark.parametrize(("amounts", "share", "verdict"), GOLDEN)
def test_the_golden_table_in_every_order(amounts, share, verdict):
    for order in itertools.permutations(amounts):
        found = us_content(lines(*order), 51)
        assert found.verdict is verdict
        assert share is None or found.share == Decimal(share)
        assert (found.share is None) == (verdict is CANNOT_TELL)


@pytest.mark.parametrize(("percent", "verdict"), [(50, MET), (51, JUSTIFY), (0, MET), (100, JUSTIFY)])
def test_the_line_is_the_dated_rules(percent, verdict):
    assert us_content(lines((100, 50)), percent).verdict is verdict


def test_what_is_known_is_added_up_and_what_is_not_is_named():
    found = us_content(lines((100, None), (50, 20), (None, None)), 51)
    assert (found.value_usd, found.us_origin_value_usd) == (Decimal(150), Decimal(20))
    assert found.unknown == ("Item 1", "Item 3")
    assert [line.share for line in found.lines] == [None, Decimal(40), None]


amount = st.one_of(st.none(), st.decimals(0, 10**12, places=2))
pairs = st.lists(st.tuples(amount, amount), max_size=6)


@given(pairs, st.randoms())
def test_no_order_of_items_changes_the_verdict(amounts, random):
    shuffled = random.sample(amounts, len(amounts))
    first, second = (us_content(lines(*order), 51) for order in (amounts, shuffled))
    assert (first.verdict, first.share, first.value_usd) == (second.verdict, second.share, second.value_usd)


@given(st.lists(st.tuples(st.decimals(1, 10**6, places=2), st.decimals(0, 1, places=3)), min_size=1, max_size=5))
def test_the_verdict_is_what_the_exact_share_says(items):
    found = us_content(lines(*((value, value * share) for value, share in items)), 51)
    total = sum(value for value, _share in items)
    assert (found.verdict is MET) == (sum(value * share for value, share in items) * 100 >= total * 51)
