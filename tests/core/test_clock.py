"""Working time, against values that were counted by hand and against a count of every minute."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import clock
from core.clock import Calendar, merged, observed, without

RULES = json.loads((Path(clock.__file__).parent / "data" / "dated_rules.json").read_text())
HOLIDAYS = next(rule["value"] for rule in RULES if rule["code"] == "federal_holidays")
KEPT = frozenset(kept for year in range(2025, 2029) for _day, kept in observed(HOLIDAYS, year))


def calendar(zone: str = "America/New_York", opens: str = "09:00", closes: str = "17:00", weekend=(6, 7)) -> Calendar:
    return Calendar(zone, time.fromisoformat(opens), time.fromisoformat(closes), frozenset(weekend), KEPT)


def at(text: str, zone: str = "America/New_York") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def spans(*texts: str, zone: str = "America/New_York") -> list[clock.Span]:
    return [(at(start, zone), at(end, zone)) for start, end in (text.split(" to ") for text in texts)]


# --- working time ---------------------------------------------------------------------------------------------------

THANKSGIVING = "2026-11-25T15:00 to 2026-11-30T11:00"  # Wednesday to Monday, over a Thursday off and a weekend


@pytest.mark.parametrize(
    ("span", "pauses", "hours"),
    [
        ("2026-11-24T10:00 to 2026-11-24T12:30", [], 2.5),
        ("2026-11-24T10:00 to 2026-11-24T10:00", [], 0),
        ("2026-11-24T12:00 to 2026-11-24T10:00", [], 0),
        ("2026-11-24T06:00 to 2026-11-24T22:00", [], 8),
        ("2026-11-24T17:00 to 2026-11-25T09:00", [], 0),
        ("2026-11-27T16:00 to 2026-11-30T10:00", [], 2),  # a weekend
        (THANKSGIVING, [], 2 + 8 + 2),  # Wednesday, Friday, Monday
        (THANKSGIVING, ["2026-11-25T16:00 to 2026-11-27T10:00"], 1 + 7 + 2),
        (THANKSGIVING, ["2026-11-25T16:00 to 2026-11-27T10:00", "2026-11-26T12:00 to 2026-11-27T12:00"], 1 + 5 + 2),
        (THANKSGIVING, ["2026-11-27T12:00 to 2026-11-27T14:00", "2026-11-27T12:00 to 2026-11-27T14:00"], 2 + 6 + 2),
        (THANKSGIVING, ["2026-11-28T00:00 to 2026-11-29T23:00"], 12),  # a question that costs nobody a working hour
        (THANKSGIVING, ["2026-11-01T00:00 to 2026-12-24T00:00"], 0),
        (THANKSGIVING, ["2026-11-01T00:00 to 2026-11-25T16:00", "2026-11-30T10:00 to 2026-12-24T00:00"], 1 + 8 + 1),
        ("2026-07-02T12:00 to 2026-07-06T12:00", [], 5 + 3),  # the Fourth is a Saturday: Friday the 3rd is off
        ("2027-12-23T09:00 to 2027-12-28T09:00", [], 8 + 8),  # Christmas is a Saturday: Friday the 24th is off
    ],
)
def test_working_time_by_hand(span, pauses, hours):
    [(start, end)] = spans(span)
    assert calendar().working_time(start, end, spans(*pauses)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("span", "pauses", "hours"),
    [
        ("2026-03-06T12:00 to 2026-03-09T12:00", [], 5 + 3),  # the clocks go forward on Sunday the 8th
        ("2026-10-30T12:00 to 2026-11-02T12:00", [], 5 + 3),  # and back on Sunday, November 1
        ("2026-10-30T12:00 to 2026-11-02T12:00", ["2026-10-30T16:00 to 2026-11-02T10:00"], 4 + 2),
    ],
)
def test_clocks_that_change_cost_and_give_nothing(span, pauses, hours):
    [(start, end)] = spans(span)
    assert calendar().working_time(start, end, spans(*pauses)) == timedelta(hours=hours)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 4), ("2026-11-01", 6), ("2026-03-15", 5)])
def test_hours_of_the_night_itself_are_as_long_as_they_were(day, hours):
    """From 1 to 6 on every day: four hours while the clocks go forward at 2, six while they go back."""
    night = calendar(opens="01:00", closes="06:00", weekend=())
    assert night.working_time(at(f"{day}T00:30"), at(f"{day}T12:00")) == timedelta(hours=hours)


def test_a_place_has_its_own_days():
    """Half past eight in Nairobi is half past midnight in New York; its weekend may be another one too."""
    nairobi = calendar("Africa/Nairobi", "08:30", "17:00")
    assert nairobi.working_time(at("2026-11-24T00:00"), at("2026-11-24T02:30")) == timedelta(hours=2)
    riyadh = calendar("Asia/Riyadh", weekend=(5, 6))
    week = spans("2026-11-20T00:00 to 2026-11-27T00:00", zone="Asia/Riyadh")[0]
    assert riyadh.working_time(*week) == timedelta(hours=8 * 4)  # Sunday to Thursday, without Thanksgiving


# --- deadlines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "pauses", "expected"),
    [
        ("2026-11-24T10:00", 2, [], "2026-11-24T12:00"),
        ("2026-11-24T10:00", 7, [], "2026-11-24T17:00"),
        ("2026-11-24T10:00", 8, [], "2026-11-25T10:00"),
        ("2026-11-25T16:00", 2, [], "2026-11-27T10:00"),
        ("2026-11-28T12:00", 0, [], "2026-11-30T09:00"),
        ("2026-11-24T10:00", 2, ["2026-11-24T11:00 to 2026-11-27T12:00"], "2026-11-27T13:00"),
        ("2026-11-24T10:00", 2, ["2026-11-24T11:00 to 2026-11-25T12:00", "2026-11-24T12:00 to 2026-11-27T12:00"],
         "2026-11-27T13:00"),
        ("2026-11-24T10:00", 2, ["2026-11-20T11:00 to 2026-11-24T11:00"], "2026-11-24T13:00"),
    ],
)  # fmt: skip
def test_a_deadline_is_where_the_time_is_used_up(start, hours, pauses, expected):
    found = calendar().deadline(at(start), timedelta(hours=hours), spans(*pauses))
    assert found == at(expected)


def test_a_calendar_without_a_working_day_has_no_deadline():
    with pytest.raises(ValueError, match="no such day"):
        calendar(weekend=range(1, 8)).deadline(at("2026-11-24T10:00"), timedelta(hours=1))


def test_a_working_day_is_as_long_as_its_hours():
    assert calendar(opens="08:30").day == timedelta(hours=8, minutes=30)


# --- against a count of every minute --------------------------------------------------------------------------------

MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
minutes = st.integers(0, 60 * 24 * 12)
ZONES = ["America/New_York", "Africa/Nairobi", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago"]
calendars = st.builds(
    calendar,
    zone=st.sampled_from(ZONES),
    opens=st.sampled_from(["00:30", "07:45", "09:00"]),
    closes=st.sampled_from(["12:00", "17:00", "23:59"]),
    weekend=st.sampled_from([(6, 7), (5, 6), ()]),
)
days_before = st.sampled_from([0, 29, 240])  # near clock changes of both hemispheres, and Thanksgiving's quarter


@given(calendars, days_before, minutes, minutes, st.lists(st.tuples(minutes, minutes), max_size=4))
def test_working_time_is_a_count_of_every_minute(place, shift, start, end, pauses):
    first = FIRST + timedelta(days=shift)
    assume(start <= end)
    begin, finish = first + start * MINUTE, first + end * MINUTE
    stops = [(first + since * MINUTE, first + to * MINUTE) for since, to in pauses]
    counted = sum(
        is_worked(place, moment) and not any(since <= moment < to for since, to in stops)
        for moment in (begin + number * MINUTE for number in range(end - start))
    )
    assert place.working_time(begin, finish, stops) == counted * MINUTE


def is_worked(place: Calendar, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(place.zone))
    return place.opens <= local.time() < place.closes and place.is_working(local.date())


@given(calendars, minutes, st.integers(1, 3000), st.lists(st.tuples(minutes, minutes), max_size=4))
def test_a_deadline_has_just_that_working_time_before_it(place, start, allowed, pauses):
    begin = FIRST + start * MINUTE
    stops = [(FIRST + since * MINUTE, FIRST + to * MINUTE) for since, to in pauses]
    due = place.deadline(begin, allowed * MINUTE, stops)
    assert place.working_time(begin, due, stops) == allowed * MINUTE
    assert place.working_time(begin, due - MINUTE, stops) < allowed * MINUTE


# --- spans and holidays ---------------------------------------------------------------------------------------------


def test_spans_are_merged():
    given_ = spans(
        "2026-11-24T10:00 to 2026-11-24T12:00",
        "2026-11-24T09:00 to 2026-11-24T10:00",
        "2026-11-24T11:00 to 2026-11-24T11:30",
        "2026-11-24T14:00 to 2026-11-24T13:00",
        "2026-11-24T15:00 to 2026-11-24T16:00",
    )
    assert merged(given_) == spans("2026-11-24T09:00 to 2026-11-24T12:00", "2026-11-24T15:00 to 2026-11-24T16:00")


def test_what_pauses_leave():
    day = spans("2026-11-24T09:00 to 2026-11-24T17:00")[0]
    assert without(day, []) == [day]
    assert without(day, spans("2026-11-24T08:00 to 2026-11-24T18:00")) == []
    assert without(day, spans("2026-11-25T08:00 to 2026-11-25T18:00")) == [day]


@pytest.mark.parametrize(
    ("year", "kept"),
    [
        # as the Office of Personnel Management publishes them
        (2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
        (2027, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24"),
    ],
)
def test_federal_holidays_of_a_year(year, kept):
    assert [f"{day:%m-%d}" for _legal, day in observed(HOLIDAYS, year)] == kept.split()


def test_new_years_day_on_a_saturday_is_kept_in_the_year_before():
    assert observed(HOLIDAYS, 2028)[0] == (date(2028, 1, 1), date(2027, 12, 31))
