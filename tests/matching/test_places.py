"""What the dated rules say of a country on a day; where they say nothing, the gates are closed."""

from datetime import date

import pytest

from core.models import DatedRule
from matching.selectors import Places

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("country", "is_excluded", "groups", "sign"),
    [
        ("PL", False, {"A:1", "A:2", "A:3", "A:4", "A:5"}, False),
        ("KE", False, set(), False),
        ("UZ", False, {"D:1", "D:3"}, True),
        ("IL", False, {"A:6", "D:2", "D:3", "D:4"}, False),
        ("CN", True, {"D:1", "D:3", "D:4", "D:5"}, True),
        ("HK", True, set(), True),
        ("SY", False, {"D:3", "D:4", "D:5", "E:1"}, True),
    ],
)
def test_a_country(db, country, is_excluded, groups, sign):
    place = Places(DAY)[country]
    assert (place.is_excluded, place.groups, place.has_license_sign) == (is_excluded, groups, sign)


def test_without_rules_nothing_can_be_told(db):
    DatedRule.objects.all().delete()
    place = Places(DAY)["PL"]
    assert (place.is_excluded, place.groups, place.has_license_sign) == (None, None, None)


def test_before_a_rule_holds_it_says_nothing(db):
    assert Places(date(2020, 1, 1))["PL"].groups is None


def test_a_country_is_read_once(db, django_assert_num_queries):
    places = Places(DAY)
    with django_assert_num_queries(4):
        assert places["PL"] is places["PL"]
