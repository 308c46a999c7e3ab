from datetime import date
from decimal import Decimal

import pytest

from matching.facts import PRICE_BANDS, band_of_capacity, band_of_price, reach_of_budget, weeks_between
from packages.states import PriceBand


@pytest.mark.parametrize(
    ("budget_usd", "reach"),
    [
        (0, PriceBand.UNDER_1M),
        (799_999, PriceBand.UNDER_1M),
        (800_000, PriceBand.FROM_1M),
        (7_999_999, PriceBand.FROM_1M),
        (8_000_000, PriceBand.FROM_10M),
        (80_000_000, PriceBand.FROM_100M),
        (800_000_000, PriceBand.FROM_1B),
        (10**15, PriceBand.FROM_1B),
    ],
)
def test_a_budget_reaches_a_price_that_starts_a_quarter_above_it(budget_usd, reach):
    assert PRICE_BANDS[reach_of_budget(budget_usd)] == reach


def test_what_is_not_stated_is_none():
    assert reach_of_budget(None) is None
    assert band_of_price("") is None
    assert band_of_capacity(None) is None
    assert weeks_between(date(2026, 11, 24), None) is None


def test_price_bands_are_in_order():
    assert [band_of_price(band) for band in PriceBand.values] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("capacity_mw", "band"),
    [("0.5", 0), ("1", 1), ("4.99", 1), ("5", 2), ("20", 3), ("100", 4), ("500", 5), ("9999", 5)],
)
def test_capacity_falls_into_bands(capacity_mw, band):
    assert band_of_capacity(Decimal(capacity_mw)) == band


@pytest.mark.parametrize(
    ("needed_by", "weeks"),
    [
        (date(2026, 11, 1), 0),
        (date(2026, 11, 24), 0),
        (date(2027, 2, 22), 0),
        (date(2027, 2, 23), 13),
        (date(2027, 11, 24), 52),
    ],
)
def test_time_is_counted_in_whole_quarters(needed_by, weeks):
    assert weeks_between(date(2026, 11, 24), needed_by) == weeks
