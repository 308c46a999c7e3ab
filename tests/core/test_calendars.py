"""The calendar is made of dated rules: of the version that held on each holiday, and the hours of today."""

from datetime import date, time, timedelta

import pytest

from core.calendars import calendars_at
from core.dated import NoRule
from core.models import DatedRule

pytestmark = pytest.mark.django_db


def test_hours_and_holidays_come_from_the_rules(now, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = calendars_at(now)
    assert (found.opens, found.closes, found.weekend) == (time(8, 30), time(17), {6, 7})
    assert {date(2026, 7, 3), date(2026, 11, 26), date(2027, 12, 24)} <= found.holidays
    assert found.at("Africa/Nairobi").zone == "Africa/Nairobi"


def test_a_holiday_is_kept_while_a_version_names_it(now):
    first = DatedRule.objects.get(code="federal_holidays")
    first.effective_to = date(2027, 1, 1)
    first.save()
    shorter = [entry for entry in first.value if entry["name"] != "Columbus Day"]
    DatedRule.objects.create(
        code=first.code, version=2, value=shorter, effective_from=date(2027, 1, 1), authority="a", certainty="P"
    )
    holidays = calendars_at(now).holidays
    assert (date(2026, 10, 12) in holidays, date(2027, 10, 11) in holidays) == (True, False)
    assert date(2027, 9, 6) in holidays


@pytest.mark.parametrize("code", ["federal_holidays", "working_hours"])
def test_without_a_rule_there_is_no_calendar(code, now):
    DatedRule.objects.filter(code=code).delete()
    with pytest.raises(NoRule):
        calendars_at(now)


def test_hours_before_any_rule_are_unknown(now):
    with pytest.raises(NoRule):
        calendars_at(now - timedelta(days=366 * 10))
