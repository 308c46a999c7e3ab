"""A case's clock: working time at its post, stopped while the buyer is to answer; and when the next move is due."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from buyers import actions, clock
from buyers.selectors import queue
from core.calendars import WASHINGTON, calendars_at
from core.models import DatedRule
from tests.factories import buyers as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


def at(text: str, zone: str = "Africa/Nairobi") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


SUBMITTED = at("2026-11-24T08:30")  # a Tuesday; Thursday is Thanksgiving


@pytest.fixture
def calendar(db):
    return calendars_at(SUBMITTED).at("Africa/Nairobi")


def question(asked: str, answered: str = "") -> SimpleNamespace:
    return SimpleNamespace(asked_at=at(asked), closed_at=at(answered) if answered else None)


@pytest.mark.parametrize(
    ("questions", "days"),
    [
        ([], 4),  # Tuesday, Wednesday, Friday, Monday
        ([question("2026-11-25T17:00", "2026-11-30T08:30")], 3),
        ([question("2026-11-25T17:00", "2026-11-27T08:30")], 4),  # answered over the holiday
        ([question("2026-11-25T08:30", "2026-11-27T08:30"), question("2026-11-25T12:45", "2026-11-27T12:45")], 2.5),
        ([question("2026-11-30T08:30")], 3),  # not answered yet
        ([question("2026-11-24T08:30"), question("2026-11-25T08:30", "2026-11-27T17:00")], 0),
    ],
)
def test_questions_stop_the_clock_once_however_they_overlap(questions, days, calendar):
    case = SimpleNamespace(created_at=SUBMITTED, decided_at=None, mover="OFFICER")
    now = at("2026-11-30T17:00")
    assert clock.days(clock.age(case, questions, calendar, now), calendar) == days


def test_a_withdrawal_ends_the_clock(calendar):
    withdrawn = at("2026-11-25T17:00")
    case = SimpleNamespace(created_at=SUBMITTED, decided_at=None, mover=None, updated_at=withdrawn)
    assert clock.days(clock.age(case, [], calendar, at("2027-05-01T12:00")), calendar) == 2


def test_a_decision_ends_the_clock(calendar):
    case = SimpleNamespace(created_at=SUBMITTED, decided_at=at("2026-11-25T17:00"))
    asked = [question("2026-11-25T12:45")]
    assert clock.days(clock.age(case, asked, calendar, at("2027-05-01T12:00")), calendar) == 1.5


@pytest.mark.parametrize(
    ("due", "waits", "expected"),
    [
        ("2026-11-24T12:45", False, ("late", "Overdue by 0.5 working days")),
        ("2026-11-24T17:00", False, ("late", "Overdue by 0 working days")),
        ("2026-11-25T17:00", False, ("soon", "1 working day left")),
        ("2026-12-01T08:30", False, ("fine", "3 working days left")),
        ("2026-11-24T12:45", True, ("stopped", "Clock stopped: the buyer's move")),
    ],
)
def test_urgency_is_a_tone_and_words(due, waits, expected, calendar):
    case = SimpleNamespace(due_at=at(due), waits_for_buyer=waits)
    found = clock.urgency(case, calendar, at("2026-11-24T17:00"), soon=2)
    assert (found.tone, found.label) == expected


# --- when the officers' move is due ---------------------------------------------------------------------------------


@pytest.fixture
def submitted(tmp_path):
    """At a post in Nairobi, on the Tuesday before Thanksgiving."""
    make.post()
    subject = make.buyer(now=SUBMITTED)
    make.clear(SUBMITTED, tmp_path)
    return make.case_at("OPEN", subject, now=SUBMITTED)


def test_a_case_is_due_ten_working_days_after_it_came(submitted):
    assert submitted.due_at == at("2026-12-08T17:00")


def test_the_buyers_time_is_added_to_what_is_due(submitted):
    actions.ask_question(submitted, by=make.officer(SUBMITTED), now=at("2026-11-25T17:00"), text="Who runs it?")
    assert submitted.due_at == at("2026-12-08T17:00")
    actions.answer_question(submitted, by=person("buyer"), now=at("2026-12-01T08:30"), answer="We do.")
    submitted.refresh_from_db()
    assert submitted.due_at == at("2026-12-10T17:00")  # Friday and Monday were the buyer's


def test_the_second_officer_has_three_days_and_the_first_goes_on_after_a_return(submitted):
    later = at("2026-11-25T12:00")
    make.recommend(submitted, now=later)
    assert submitted.due_at == at("2026-12-01T12:00")
    actions.return_case(submitted, by=make.second_officer(later), now=later, note="Look again.")
    assert submitted.due_at == at("2026-12-08T17:00")


def test_where_no_rule_says_how_long_it_may_take_it_is_due_at_once(submitted):
    DatedRule.objects.filter(code=queue.DUE).delete()
    assert queue.decision_due(submitted, SUBMITTED, SUBMITTED) == SUBMITTED
    assert queue.countersignature_due(submitted, SUBMITTED + timedelta(days=1)) == SUBMITTED + timedelta(days=1)


def test_a_case_without_a_post_ticks_in_washington(now):
    case = make.case_at("OPEN", make.buyer(now=now, country="FJ"), now=now)
    assert (case.post, case.time_zone) == (None, WASHINGTON)
