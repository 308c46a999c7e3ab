"""When a decision may be expected: from past cases of the same post, in its working time; the same with a hit or without."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from buyers import actions, clock
from buyers.released import waiting_since
from buyers.selectors.expected import expected_decision
from core.models import DatedRule
from organizations.actions import add_document
from organizations.models import Document
from tests.browsers import signed_in
from tests.buyers.conftest import told
from tests.buyers.test_tasks import run_job
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Africa/Nairobi")).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], None),
        ([1, 2, 3, 4], None),
        ([1, 2, 3, 4, 5], (2, 3, 4)),
        ([5, 1, 4, 2, 3], (2, 3, 4)),
        ([8, 8, 8, 8, 8], (8, 8, 8)),
        ([1, 2, 3, 4, 5, 6], (2.25, 3.5, 4.75)),
    ],
)
def test_quartiles_by_hand(hours, expected):
    found = clock.quartiles([timedelta(hours=hour) for hour in hours])
    assert found == (expected and tuple(timedelta(hours=hour) for hour in expected))


MONDAY = at("10-05 08:30")


@scene
def past(now):
    """Five cases of Nairobi that took one to five working days, and one of Warsaw that took one."""
    make.post()
    make.post("Warsaw", "PL")
    for days, name in enumerate(["Acacia", "Baobab", "Cedar", "Date Palm", "Ebony"], start=1):
        case = make.case_at("OPEN", make.buyer(name, now=MONDAY), now=MONDAY)
        decided = MONDAY + timedelta(days=days - 1, hours=8, minutes=30)
        actions.refuse_trust(case, by=make.officer(MONDAY), now=decided, reason="POLICY")
    polish = make.case_at("OPEN", make.buyer("Fir", now=MONDAY, country="PL"), now=MONDAY)
    actions.refuse_trust(polish, by=make.officer(MONDAY), now=MONDAY + timedelta(hours=9), reason="POLICY")


@scene
def waiting(past):
    """Submitted on a Monday at opening."""
    return make.case_at("OPEN", make.buyer(now=at("11-16 08:30")), now=at("11-16 08:30"))


def test_the_range_is_told_in_working_time_of_the_post(waiting):
    found = expected_decision(waiting, at("11-16 12:00"))
    assert (found.earliest, found.middle, found.latest) == (at("11-17 17:00"), at("11-18 17:00"), at("11-19 17:00"))
    assert (found.count, found.is_late) == (5, False)


def test_an_open_question_moves_it(waiting):
    actions.ask_question(waiting, by=make.officer(MONDAY), now=at("11-17 08:30"), text="Who runs it?")
    found = expected_decision(waiting, at("11-18 17:00"))  # two days of waiting by now
    assert (found.earliest, found.latest) == (at("11-19 17:00"), at("11-23 17:00"))


def test_a_case_that_takes_longer_is_told_so(waiting):
    assert expected_decision(waiting, at("11-19 17:00")).is_late is True


def test_too_few_cases_of_the_post_tell_nothing(past):
    polish = make.case_at("OPEN", make.buyer("Gdynia", now=MONDAY, country="PL"), now=MONDAY)
    assert expected_decision(polish, at("11-16 12:00")) is None


def test_without_a_calendar_nothing_is_told(waiting):
    DatedRule.objects.filter(code="working_hours").delete()
    assert expected_decision(waiting, at("11-16 12:00")) is None


def test_a_hit_changes_nothing_that_is_told(waiting, tmp_path):
    """The canary: the same date before and after the buyer is found on a list."""
    before = expected_decision(waiting, at("11-16 12:00"))
    make.clear(at("11-16 12:00"), tmp_path, "Umeme Grid Company")
    assert waiting.buyer.organization.hits.exists()
    assert expected_decision(waiting, at("11-16 12:00")) == before


# --- since when -----------------------------------------------------------------------------------------------------


def entry(action: str, hour: int) -> SimpleNamespace:
    return SimpleNamespace(action=action, recorded_at=at(f"11-16 {hour:02}:00"))


ENTRIES = [entry("submit_for_vetting", 9), entry("answer_question", 11), entry("recommend_trust", 14)]


@pytest.mark.parametrize(
    ("status", "hour"),
    [
        ("OPEN", 11),
        ("ESCALATED", 11),
        ("RECOMMENDED", 11),
        ("QUESTION_ASKED", 10),
        ("TRUSTED", None),
        ("REFUSED", None),
    ],
)
def test_since_when_somebody_is_awaited(status, hour):
    questions = [SimpleNamespace(asked_at=at("11-16 12:00")), SimpleNamespace(asked_at=at("11-16 10:00"))]
    found = waiting_since(SimpleNamespace(status=status), ENTRIES, questions)
    assert found == (hour and at(f"11-16 {hour}:00"))


def test_the_page_tells_what_is_awaited_since_when(recent, ready, today):
    text = signed_in(person("buyer")).get(f"/buyers/{recent.pk}/").content.decode()
    for words in (
        "Our move: an officer looks",
        "Since ",
        "Decision expected",
        "We cannot tell yet",
        "yours to correct",
    ):
        assert words in text


# --- documents ------------------------------------------------------------------------------------------------------


@scene
def lease(buyer, now) -> Document:
    """Valid through 40 days from now."""
    until = (now + timedelta(days=40)).date()
    lease = SimpleUploadedFile("lease.txt", b"Until spring.")
    by = person("buyer")
    return add_document(buyer.organization, by=by, now=now, upload=lease, kind="OTHER", valid_until=until)


@pytest.mark.parametrize(("day", "reminders"), [(9, 0), (10, 1), (40, 1), (41, 0)])
def test_a_document_is_reminded_of_before_its_end(day, reminders, lease, now):
    for _twice in range(2):
        run_job(now, day)
    assert told(person("buyer")).count("buyers.document_ends") == reminders


def test_without_a_rule_no_document_is_reminded_of(lease, now):
    DatedRule.objects.filter(code="document_reminder_days").delete()
    run_job(now, 20)
    assert told(person("buyer")).count("buyers.document_ends") == 0
