"""Cases do not wait for an officer who is away, and countersigning draws on a pool across posts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from buyers import actions
from buyers.models import OfficerAbsence, VettingCase
from buyers.selectors import queue
from buyers.selectors.officers import on_duty, second_officers
from core.errors import UnableTo
from tests.browsers import key, signed_in
from tests.buyers.bench import QUEUE, case_page
from tests.buyers.conftest import told
from tests.buyers.test_races import at_once
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db
ABSENCES = "/admin/buyers/officerabsence/"


def away(officer, now, cover=None, *, days=(0, 5), by=None) -> OfficerAbsence:
    first, last = ((now + timedelta(days=day)).date() for day in days)
    return actions.enter_absence(officer, by=by or officer, now=now, first_day=first, last_day=last, cover=cover)


@scene
def taken(now) -> VettingCase:
    """A case of Nairobi that the officer there has."""
    make.post()
    case = make.case_at("OPEN", make.buyer(now=now), now=now)
    return actions.take_case(case, by=make.officer(now), now=now)


# --- the first officer's cases --------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [-1, 0, 5, 6])
def test_the_cover_gets_the_cases_on_these_days_only(day, taken, now):
    away(make.officer(now), now, make.second_officer(now))
    at = now + timedelta(days=day)
    expected = [taken] if day in (0, 5) else []
    assert list(queue.next_cases(make.second_officer(now), at)) == expected
    assert list(VettingCase.objects.filter(queue.worked_on_by(make.second_officer(now), at))) == expected


def test_without_a_cover_the_case_falls_to_the_post_and_then_to_washington(taken, now):
    away(make.officer(now), now)
    colleague = make.federal("colleague", now=now, at=make.post())
    assert list(queue.next_cases(colleague, now)) == [taken]
    assert list(queue.next_cases(make.second_officer(now), now)) == []
    away(colleague, now)
    assert list(queue.next_cases(make.second_officer(now), now)) == [taken]


def test_what_nobody_has_falls_to_washington_while_everybody_at_the_post_is_away(now):
    make.post()
    officer = make.officer(now)
    case = make.case_at("OPEN", make.buyer(now=now), now=now)
    assert list(queue.next_cases(make.second_officer(now), now)) == []
    away(officer, now)
    assert list(queue.next_cases(make.second_officer(now), now)) == [case]


def test_a_case_of_an_absent_officer_is_taken_with_the_next_case(taken, now):
    away(make.officer(now), now, make.second_officer(now))
    assert actions.take_next_case(by=make.second_officer(now), now=now) == taken
    assert told(make.officer(now))[-1] == "buyers.case_assigned"


def test_a_cancelled_absence_covers_nothing(taken, now):
    absence = away(make.officer(now), now, make.second_officer(now))
    for _twice in range(2):
        actions.cancel_absence(absence, by=make.officer(now), now=now)
    assert list(queue.next_cases(make.second_officer(now), now)) == []


def test_a_cover_that_is_away_too_covers_nothing(taken, now):
    make.post()
    third = make.federal("third", now=now)
    away(make.officer(now), now, make.second_officer(now))
    assert list(queue.next_cases(third, now)) == []
    away(make.second_officer(now), now)
    assert list(queue.next_cases(third, now)) == [taken]


def test_news_goes_to_the_cover_and_the_covers_cover(taken, now):
    officer, second = make.officer(now), make.second_officer(now)
    third = make.federal("third", now=now)
    assert on_duty(officer, taken, now) == officer
    away(officer, now, second)
    away(second, now, third)
    assert on_duty(officer, taken, now) == third
    actions.ask_question(taken, by=third, now=now, text="Who runs it?")
    actions.answer_question(taken, by=person("buyer"), now=now, answer="We do.")
    assert (told(third)[-1], told(officer).count("buyers.question_answered")) == ("buyers.question_answered", 0)


def test_a_cover_in_conflict_is_told_nothing(taken, now):
    officer, second = make.officer(now), make.second_officer(now)
    away(officer, now, second)
    actions.declare_conflict(taken, by=second, now=now)
    assert on_duty(officer, taken, now) == officer


def test_covers_in_a_circle_leave_the_news_with_the_officer(taken, now):
    officer, second = make.officer(now), make.second_officer(now)
    away(officer, now, second)
    away(second, now, officer)
    assert on_duty(officer, taken, now) == officer


# --- entering it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "cover", "words"),
    [
        ((3, 1), None, "neither past nor before"),
        ((-5, -1), None, "neither past nor before"),
        ((2, 8), None, "entered already"),
        ((10, 12), "officer", "Choose another officer"),
        ((10, 12), "manager", "Choose another officer"),
    ],
)
def test_what_is_not_entered(days, cover, words, now):
    officer = make.officer(now)
    away(officer, now)
    somebody = {"officer": officer, "manager": make.manager(now), None: None}[cover]
    with pytest.raises(UnableTo, match=words):
        away(officer, now, somebody, days=days)


def test_an_officer_enters_their_own_and_a_manager_anybodys(now):
    officer = make.officer(now)
    with pytest.raises(PermissionDenied):
        away(officer, now, by=make.second_officer(now))
    absence = away(officer, now, by=make.manager(now))
    with pytest.raises(PermissionDenied):
        actions.cancel_absence(absence, by=make.second_officer(now), now=now)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"days": (2, 9)}, "an officer is absent once a day"),
        ({"days": (20, 19)}, "an absence ends after it began|range lower bound"),
        ({"days": (20, 21), "cover": True}, "nobody covers their own absence"),
    ],
)
def test_the_database_refuses_it_too(changes, constraint, now):
    officer = make.officer(now)
    away(officer, now)
    first, last = ((now + timedelta(days=day)).date() for day in changes["days"])
    fields = {"officer": officer, "first_day": first, "last_day": last, "entered_by": officer, "entered_at": now}
    with pytest.raises(Exception, match=constraint) as found, transaction.atomic():
        OfficerAbsence.objects.create(**fields, cover=officer if "cover" in changes else None)
    assert isinstance(found.value, IntegrityError) or "range lower bound" in str(found.value)


def test_the_page_of_absences(officer, second, today):
    days = {"first_day": today.date().isoformat(), "last_day": (today + timedelta(days=3)).date().isoformat()}
    assert officer.post(ABSENCES, {"first_day": "", "last_day": ""}).status_code == 422
    cover = make.second_officer(today)
    assert officer.post(ABSENCES, days | {"cover": cover.pk} | key()).url == ABSENCES
    absence = OfficerAbsence.objects.get()
    assert (absence.officer, absence.cover) == (make.officer(today), cover)
    assert list(second.get(ABSENCES).context["absences"]) == [absence]
    cancel = f"{ABSENCES}{absence.pk}/cancel/"
    assert second.post(cancel).status_code == 403
    assert signed_in(make.federal("third", now=today)).post(cancel).status_code == 404
    assert officer.post(cancel).url == ABSENCES
    assert list(officer.get(ABSENCES).context["absences"]) == []
    manager = signed_in(make.manager(today))
    assert manager.post(ABSENCES, days | {"who": cover.pk} | key()).url == ABSENCES
    assert signed_in(person("buyer")).get(ABSENCES).status_code in (302, 403)


# --- the pool of second officers ------------------------------------------------------------------------------------


@scene
def pool(now, tmp_path) -> dict[str, VettingCase]:
    """Recommendations of two posts by their own officers."""
    warsaw = make.post("Warsaw", "PL")
    make.post()
    buyers = {name: make.buyer(name, now=now, country=code) for name, code in (("Delta Rail", "KE"), ("Baltic", "PL"))}
    make.clear(now, tmp_path)
    cases = {name: make.case_at("OPEN", buyer, now=now) for name, buyer in buyers.items()}
    by = {"Delta Rail": make.officer(now), "Baltic": make.federal("polish", now=now, at=warsaw)}
    for hours, (name, case) in enumerate(cases.items()):
        later = now + timedelta(hours=hours)
        actions.record_findings(case, by=by[name], now=later, findings=make.findings())
        terms = {"opinion": "Fine.", "countries": ["KE"], "components": ["A"], "until": (now + timedelta(90)).date()}
        actions.recommend_trust(case, by=by[name], now=later, **terms)
    return cases


def seconds(officer, now) -> list[str]:
    found = []
    while case := actions.take_next_countersignature(by=officer, now=now):
        assert case.countersigner == officer
        found.append(str(case.buyer))
    return found


def test_the_pool_reaches_across_posts_but_not_to_ones_own(pool, now):
    assert seconds(make.officer(now), now) == ["Baltic"]
    assert seconds(person_of("polish", now), now) == ["Delta Rail"]
    assert seconds(make.second_officer(now), now) == []  # both are looked at


def person_of(name, now):
    return make.federal(name, now=now, at=make.post("Warsaw"))


def test_washington_takes_the_longest_due_first(pool, now):
    assert seconds(make.second_officer(now), now) == ["Delta Rail", "Baltic"]


def test_what_an_absent_second_officer_took_falls_back_to_the_pool(pool, now):
    second = make.second_officer(now)
    assert seconds(second, now) == ["Delta Rail", "Baltic"]
    away(second, now)
    assert seconds(make.federal("third", now=now), now) == ["Delta Rail", "Baltic"]


def test_a_returned_case_is_in_nobodys_hands(pool, now):
    case = actions.take_next_countersignature(by=make.second_officer(now), now=now)
    actions.return_case(case, by=make.second_officer(now), now=now, note="Look again.")
    assert case.countersigner is None


def test_a_recommendation_is_told_near_by_or_to_the_pool(pool, now):
    case, officer = pool["Delta Rail"], make.officer(now)
    polish, third = person_of("polish", now), make.federal("third", now=now)
    assert set(second_officers(case, officer, now)) == {polish, third}
    colleague = make.federal("colleague", now=now, at=make.post())
    assert list(second_officers(case, officer, now)) == [colleague]
    away(colleague, now)
    assert set(second_officers(case, officer, now)) == {polish, third}


def test_the_button_takes_one_and_the_queue_says_so(second, recent, today):
    assert second.post(f"{QUEUE}second/").url == QUEUE
    case = make.case_at("RECOMMENDED", recent, now=today)
    assert second.post(f"{QUEUE}second/").url == case_page(case)
    assert "second: Countersigner" in second.get(f"{QUEUE}?officer=mine").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_second_officers_take_different_ones(now, tmp_path):
    make.post()
    buyers = [make.buyer(name, now=now) for name in ("Delta Rail", "Eland Telecom")]
    make.clear(now, tmp_path)
    for buyer in buyers:
        make.case_at("RECOMMENDED", buyer, now=now)
    officers = [make.second_officer(now), make.federal("third", now=now)]
    at_once(*[lambda one=one: actions.take_next_countersignature(by=one, now=now) for one in officers])
    assert set(VettingCase.objects.values_list("countersigner__name", flat=True)) == {"Countersigner", "Third"}
