"""Several questions at once: the case waits while one is open, the clock stands once, silence is told by the rule."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from buyers import actions, clock, selectors
from buyers.rules import CHASING
from core import jobs, outbox
from core.calendars import calendars_at
from core.errors import UnableTo
from core.models import DatedRule
from tests.browsers import signed_in
from tests.buyers.bench import case_page
from tests.buyers.conftest import told
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def asked(case, now):
    """Two questions an hour apart, neither answered."""
    for hour, text in enumerate(["Who runs it?", "Where will it stand?"]):
        actions.ask_question(case, by=make.officer(now), now=now + timedelta(hours=hour), text=text)
    return case


def answer(case, number, now):
    question = case.questions.order_by("pk")[number]
    return actions.answer_question(case, by=person("buyer"), now=now, answer="We do.", question=question)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_last_answer_gives_the_case_back(order, asked, now):
    due = asked.due_at
    answer(asked, order[0], now + timedelta(days=1))
    asked.refresh_from_db()
    assert (asked.status, asked.due_at, selectors.open_questions(asked).count()) == ("QUESTION_ASKED", due, 1)
    answer(asked, order[1], now + timedelta(days=2))
    asked.refresh_from_db()
    assert (asked.status, asked.due_at > due) == ("OPEN", True)
    assert told(make.officer(now)).count("buyers.question_answered") == 2


def test_a_question_is_answered_once(asked, now):
    answer(asked, 0, now)
    with pytest.raises(UnableTo, match="answered or taken back already"):
        answer(asked, 0, now)


def test_a_question_of_another_case_is_not_answered_here(asked, now):
    stranger = person("other")
    other = make.case_at("QUESTION_ASKED", make.buyer("Kivu Power", now=now, by=stranger), now=now, by=stranger)
    with pytest.raises(UnableTo, match="answered or taken back already"):
        actions.answer_question(asked, by=person("buyer"), now=now, answer="We do.", question=other.questions.get())


def test_an_officer_takes_a_question_back(asked, now):
    first, second = asked.questions.order_by("pk")
    actions.take_back_question(asked, by=make.officer(now), now=now, question=first)
    asked.refresh_from_db()
    assert asked.status == "QUESTION_ASKED"
    actions.take_back_question(asked, by=make.second_officer(now), now=now, question=second)
    asked.refresh_from_db()
    assert (asked.status, list(selectors.open_questions_of(asked.buyer))) == ("OPEN", [])
    assert told(person("buyer")).count("buyers.question_taken_back") == 2


@pytest.mark.parametrize("end", ["refuse_trust", "withdraw_case"])
def test_the_end_of_a_case_closes_its_questions(end, asked, now):
    by, how = (make.officer(now), {"reason": "UNRESOLVED"}) if end == "refuse_trust" else (person("buyer"), {})
    getattr(actions, end)(asked, by=by, now=now, **how)
    assert set(asked.questions.values_list("closed_at", "answered_at")) == {(now, None)}


def test_the_buyer_answers_on_its_page_with_documents(recent, ready, today):
    for text in ("Who runs it?", "Where will it stand?"):
        actions.ask_question(ready, by=make.officer(today), now=today, text=text)
    browser = signed_in(person("buyer"))
    shown = browser.get(f"/buyers/{recent.pk}/").context["questions"]
    assert [question.text for question in shown] == ["Who runs it?", "Where will it stand?"]
    page = f"/buyers/{recent.pk}/question/"
    uploads = [SimpleUploadedFile(f"{name}.txt", b"Run by the county.\n", "text/plain") for name in ("lease", "map")]
    sent = {"question": shown[1].pk, "answer": "At the dam.", "uploads": uploads, "kind": "END_USE"}
    assert browser.post(page, sent).url == page
    shown[1].refresh_from_db()
    assert [str(document) for document in shown[1].documents.order_by("pk")] == ["lease.txt", "map.txt"]
    assert browser.post(page, sent).url == f"/buyers/{recent.pk}/"  # answered already: told, and nothing is stored
    assert browser.post(page, {"question": shown[0].pk, "answer": "We do."}).url == f"/buyers/{recent.pk}/"
    assert (ready.questions.filter(closed_at=None).count(), recent.organization.documents.count()) == (0, 2)
    assert b"lease.txt" in signed_in(make.officer(today)).get(case_page(ready)).content


# --- the clock ------------------------------------------------------------------------------------------------------


def local(text: str, zone: str) -> datetime:
    """A moment of 2026 by the clock of a place."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NEW_YORK, NAIROBI, LONDON = "America/New_York", "Africa/Nairobi", "Europe/London"

# By hand: a working day has 8.5 hours, from 08:30 to 17:00 of the place. Thanksgiving is on 26 November 2026, Veterans Day
# on the 11th; New York leaves daylight saving time on 1 November, London on 25 October 2026.
OVERLAPS = [
    # Thursday to Tuesday over the weekend of the change of clocks: Thu 8.5, Fri 8.5, Mon 8.5, Tue 8.5 = 34 hours; paused
    # from Friday noon (5.0 left of it) through Monday 12:30 (4.0 of it) by two questions that overlap: 34 - 9 = 25.
    (NEW_YORK, "10-29 08:30", "11-03 17:00", ["10-30 12:00 > 11-02 10:30", "10-31 09:00 > 11-02 12:30"], 25.0),
    # The same, asked in another order, with a third one within both.
    (
        NEW_YORK,
        "10-29 08:30",
        "11-03 17:00",
        ["10-31 09:00 > 11-02 12:30", "11-02 08:30 > 11-02 09:00", "10-30 12:00 > 11-02 10:30"],
        25.0,
    ),
    # Wednesday to Monday over Thanksgiving and a weekend: Wed, Fri, Mon = 25.5; one question over the holiday only, one
    # from Thursday into Friday 10:30 (2.0), one from Friday 09:30 to 11:30 (1.0 more): 25.5 - 3 = 22.5.
    (
        NAIROBI,
        "11-25 08:30",
        "11-30 17:00",
        ["11-26 08:00 > 11-26 18:00", "11-26 12:00 > 11-27 10:30", "11-27 09:30 > 11-27 11:30"],
        22.5,
    ),
    # London's clocks change on the Sunday: Fri 8.5, Mon 8.5 = 17; open from Friday 16:00 (1.0) to Monday 09:30 (1.0), and
    # from Saturday to Monday 09:00 (nothing more): 15.
    (LONDON, "10-23 08:30", "10-26 17:00", ["10-23 16:00 > 10-26 09:30", "10-24 12:00 > 10-26 09:00"], 15.0),
    # One still open at the end, from Tuesday 09:00; Veterans Day on Wednesday: Mon 8.5, Tue 0.5 = 9.
    (NEW_YORK, "11-09 08:30", "11-13 17:00", ["11-10 09:00 > ", "11-12 10:00 > 11-12 11:00"], 9.0),
    # Two that do not overlap, on one day: 8.5 - 1 - 2 = 5.5.
    (NAIROBI, "11-24 08:30", "11-24 17:00", ["11-24 09:00 > 11-24 10:00", "11-24 13:00 > 11-24 15:00"], 5.5),
    # Open all the time, twice: nothing.
    (NAIROBI, "11-24 08:30", "11-25 17:00", ["11-24 08:30 > ", "11-24 08:30 > 11-25 17:00"], 0.0),
]


def question(span: str, zone: str) -> SimpleNamespace:
    asked, closed = span.split(" > ")
    return SimpleNamespace(asked_at=local(asked, zone), closed_at=local(closed, zone) if closed else None)


@pytest.mark.parametrize(("zone", "submitted", "end", "spans", "hours"), OVERLAPS)
def test_overlapping_questions_give_the_same_working_time_by_hand_and_by_function(zone, submitted, end, spans, hours):
    calendar = calendars_at(datetime(2026, 11, 24, 12, tzinfo=UTC)).at(zone)
    case = SimpleNamespace(created_at=local(submitted, zone), decided_at=None, mover="OFFICER")
    questions = [question(span, zone) for span in spans]
    assert clock.age(case, questions, calendar, local(end, zone)) == timedelta(hours=hours)


def test_counting_each_question_by_itself_would_be_wrong():
    """The positive control: the same spans, added up one by one, take more than there was to take."""
    zone, submitted, end, spans, hours = OVERLAPS[0]
    calendar = calendars_at(datetime(2026, 11, 24, 12, tzinfo=UTC)).at(zone)
    questions = [question(span, zone) for span in spans]
    each = sum((calendar.working_time(asked.asked_at, asked.closed_at) for asked in questions), timedelta())
    whole = calendar.working_time(local(submitted, zone), local(end, zone))
    assert (whole - each, hours) == (timedelta(hours=23), 25.0)


# --- silence --------------------------------------------------------------------------------------------------------


def ring(at: datetime) -> None:
    """The hourly job, twice."""
    for _ring in range(2):
        jobs.ask_for("buyers.chasers", at.replace(minute=0), now=at)
        for message in outbox.due(at).filter(topic="job:buyers.chasers"):
            outbox._subscribers[message.topic][message.subscriber].handle(message, now=at)


@pytest.mark.parametrize(
    ("day", "reminders", "officer"),
    # Asked on Tuesday 24 November before Washington opens; Thursday is a holiday.
    [("12-01 16:59", 0, 0), ("12-01 17:00", 1, 0), ("12-08 17:00", 1, 0), ("12-15 16:59", 1, 0), ("12-15 17:00", 1, 1)],
)
def test_a_silent_buyer_is_reminded_and_then_its_officer_told(day, reminders, officer, asked, now):
    ring(local(day, NEW_YORK))
    assert told(person("buyer")).count("buyers.question_waits") == reminders
    assert told(make.officer(now)).count("buyers.buyer_is_silent") == officer


def test_each_reminder_comes_once_and_ends_with_the_answer(asked, now):
    for day in ("12-02 12:00", "12-03 12:00", "12-09 12:00", "12-10 12:00"):
        ring(local(day, NEW_YORK))
    assert told(person("buyer")).count("buyers.question_waits") == 2
    answer(asked, 0, local("12-11 09:00", NEW_YORK))
    answer(asked, 1, local("12-11 09:00", NEW_YORK))
    ring(local("12-30 12:00", NEW_YORK))
    assert told(person("buyer")).count("buyers.question_waits") == 2
    assert told(make.officer(now)).count("buyers.buyer_is_silent") == 0


def test_without_a_rule_nobody_is_chased(asked, now):
    DatedRule.objects.filter(code="vetting_chasers").delete()
    actions.chase_buyer(asked, by=CHASING, now=now + timedelta(days=60))
    assert told(person("buyer")).count("buyers.question_waits") == 0


def test_a_case_without_an_open_question_is_not_chased(case, now):
    actions.chase_buyer(case, by=CHASING, now=now + timedelta(days=60))
    assert told(person("buyer")).count("buyers.question_waits") == 0


def test_the_officer_takes_a_question_back_in_the_workbench(officer, ready, today):
    question = actions.ask_question(ready, by=make.officer(today), now=timezone.now(), text="Who runs it?")
    page = case_page(ready).replace("change/", "step/take_back_question/")
    assert officer.post(page, {"question": question.pk}).url == case_page(ready)
    assert ready.questions.get().closed_at is not None
    assert b"Closed without an answer." in officer.get(case_page(ready)).content
