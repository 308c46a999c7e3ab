"""Who works on a case: the next one of the own posts, hand-over, and conflicts of interest."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.states import Role
from buyers import actions, rules, selectors
from buyers.models import CaseConflict, VettingCase
from buyers.selectors import queue
from core.errors import UnableTo
from tests.browsers import key, said, signed_in
from tests.buyers.bench import QUEUE, case_page, step_page
from tests.buyers.conftest import told
from tests.buyers.test_races import at_once
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db
NEXT = reverse("admin:buyers_vettingcase_next")


# --- the next case --------------------------------------------------------------------------------------------------


@scene
def waiting(now) -> dict[str, VettingCase]:
    """Three of Nairobi's, the oldest last by number; one of Warsaw, where nobody is; one of no post."""
    make.post("Warsaw", "PL")
    make.post()
    wanted = [("Umeme Grid Company", "KE", 1), ("Delta Rail", "TZ", 3), ("Eland Telecom", "UG", 2)]
    wanted += [("Baltic Freight", "PL", 9), ("Fjord Energy", "NO", 5)]
    start = now - timedelta(days=20)
    buyers = [(name, make.buyer(name, now=start, country=country), days) for name, country, days in wanted]
    return {name: make.case_at("OPEN", buyer, now=now - timedelta(days=days)) for name, buyer, days in buyers}


def taken(by, now) -> list[str]:
    """What the officer gets, until there is no more."""
    found = []
    while case := actions.take_next_case(by=by, now=now):
        assert case.assigned_to == by
        found.append(str(case.buyer))
    return found


def test_an_officer_gets_the_longest_due_of_the_own_post(waiting, now):
    assert taken(make.officer(now), now) == ["Delta Rail", "Eland Telecom", "Umeme Grid Company"]


def test_washington_gets_what_has_no_post_or_a_post_without_officers(waiting, now):
    make.officer(now)
    assert taken(make.second_officer(now), now) == ["Baltic Freight", "Fjord Energy"]
    make.federal("polish", now=now, at=make.post("Warsaw"))


def test_a_post_with_an_officer_keeps_its_cases(waiting, now):
    make.federal("polish", now=now, at=make.post("Warsaw"))
    make.officer(now)
    assert taken(make.second_officer(now), now) == ["Fjord Energy"]


def test_what_somebody_has_or_what_is_not_open_is_nobodys_next(waiting, now):
    actions.take_case(waiting["Delta Rail"], by=make.second_officer(now), now=now)
    actions.ask_question(waiting["Eland Telecom"], by=make.officer(now), now=now, text="Who runs it?")
    actions.withdraw_case(waiting["Umeme Grid Company"], by=person("buyer"), now=now)
    assert taken(make.officer(now), now) == []


def test_a_conflict_keeps_a_case_from_being_the_next(waiting, now):
    actions.declare_conflict(waiting["Delta Rail"], by=make.officer(now), now=now)
    assert taken(make.officer(now), now) == ["Eland Telecom", "Umeme Grid Company"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.EVALUATOR])
def test_only_officers_take_cases(role, now):
    with pytest.raises(PermissionDenied):
        actions.take_next_case(by=make.federal("somebody", role, now=now), now=now)


def test_one_click_takes_the_next_case(second, ready):
    officer = second  # of Washington, which takes what has no post
    assert officer.get(NEXT).status_code == 405
    assert officer.post(NEXT).url == case_page(ready)
    assert VettingCase.objects.get().assigned_to.name == "Countersigner"
    assert officer.post(NEXT).url == QUEUE
    assert said(officer.get(QUEUE)) == ["The case is yours.", "No case of your posts waits for an officer."]


@pytest.mark.django_db(transaction=True)
def test_officers_at_the_same_moment_get_different_cases(now):
    make.post()
    for number in range(4):
        make.case_at("OPEN", make.buyer(f"Buyer {number}", now=now), now=now)
    officers = [make.federal(f"officer{number}", now=now, at=make.post()) for number in range(4)]
    found = at_once(*[lambda one=one: actions.take_next_case(by=one, now=now) for one in officers])
    assert found == ["done"] * 4
    assert set(VettingCase.objects.values_list("assigned_to", flat=True)) == {one.pk for one in officers}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_officers_would_read_the_same_case(now):
    """The positive control of the race: both look before either takes."""
    make.post()
    make.case_at("OPEN", make.buyer(now=now), now=now)
    officers = [make.federal(f"officer{number}", now=now, at=make.post()) for number in range(2)]
    looked = [queue.next_cases(one, now).first() for one in officers]
    assert len({case.pk for case in looked}) == 1


# --- hand-over ------------------------------------------------------------------------------------------------------


def test_a_case_is_handed_over_with_a_reason(case, now):
    first, second = make.officer(now), make.second_officer(now)
    actions.take_case(case, by=first, now=now)
    with pytest.raises(UnableTo, match="Say why"):
        actions.hand_over_case(case, by=first, now=now, officer=second, note=" ")
    actions.hand_over_case(case, by=first, now=now, officer=second, note="On leave; the register is checked.")
    assert (case.assigned_to, told(second)[-1]) == (second, "buyers.case_assigned")
    assert [(note.about, note.written_by) for note in case.notes.all()] == [("hand_over_case", first)]
    with pytest.raises(PermissionDenied):
        actions.hand_over_case(case, by=first, now=now, officer=first, note="Back.")


def test_a_case_that_was_taken_meanwhile_is_not_handed_over(case, now):
    first, second = make.officer(now), make.second_officer(now)
    actions.take_case(case, by=first, now=now)
    read_before = VettingCase.objects.get(pk=case.pk)
    actions.take_case(case, by=second, now=now)
    assert told(first)[-1] == "buyers.case_assigned"
    with pytest.raises(UnableTo, match="no longer yours"):
        actions.hand_over_case(read_before, by=first, now=now, officer=second, note="Please.")


def test_hand_over_has_a_page(officer, ready, today):
    second = make.second_officer(today)
    actions.take_case(ready, by=make.officer(today), now=today)
    labels = [
        label for _pk, label in officer.get(step_page(ready, "hand_over_case")).context["form"]["officer"].field.choices
    ]
    assert labels[1:] == ["Countersigner"]
    data = {"officer": second.pk, "note": "On leave."} | key()
    assert officer.post(step_page(ready, "hand_over_case"), data).url == case_page(ready)
    assert VettingCase.objects.get().assigned_to == second


# --- conflicts of interest ------------------------------------------------------------------------------------------


def test_an_officer_in_a_conflict_neither_sees_nor_acts(case, now):
    first = make.officer(now)
    actions.take_case(case, by=first, now=now)
    actions.declare_conflict(case, by=first, now=now)
    assert (case.assigned_to, selectors.cases_for(first).count()) == (None, 0)
    asked = [rules.can_review_case, rules.can_recommend_trust, rules.can_countersign_trust, rules.can_suspend_trust]
    assert [rule(first, case) for rule in asked] == [False] * 4
    assert rules.can_review_case(make.second_officer(now), case) is True
    with pytest.raises(UnableTo, match="cannot review this case"):
        actions.assign_case(case, by=make.manager(now), now=now, officer=first, note="You do it.")
    with pytest.raises(PermissionDenied):
        actions.declare_conflict(case, by=first, now=now)


def test_a_conflict_of_the_first_officer_voids_the_recommendation(case, now):
    make.recommend(case, now=now)
    actions.declare_conflict(case, by=make.officer(now), now=now)
    assert (case.status, case.recommended_by, case.assigned_to) == ("OPEN", None, None)
    with pytest.raises(UnableTo, match="Under review"):
        actions.countersign_trust(case, by=make.second_officer(now), now=now)


def test_a_conflict_of_another_officer_leaves_the_recommendation(case, now):
    make.recommend(case, now=now)
    actions.declare_conflict(case, by=make.second_officer(now), now=now)
    assert (case.status, case.recommended_by) == ("RECOMMENDED", make.officer(now))
    with pytest.raises(PermissionDenied):
        actions.countersign_trust(case, by=make.second_officer(now), now=now)


def test_after_declaring_the_officer_is_back_in_the_queue(officer, ready):
    assert officer.post(step_page(ready, "declare_conflict"), key()).status_code == 422
    answer = officer.post(step_page(ready, "declare_conflict"), {"is_certain": "on"} | key())
    assert (answer.url, officer.get(case_page(ready)).status_code) == (QUEUE, 404)


@pytest.mark.parametrize("statement", ["UPDATE buyers_caseconflict SET id = id", "DELETE FROM buyers_caseconflict"])
def test_a_declared_conflict_stays(statement, case, now):
    actions.declare_conflict(case, by=make.officer(now), now=now)
    with (
        pytest.raises(IntegrityError, match="a record is corrected by a new row"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert CaseConflict.objects.count() == 1


# --- in the database too --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["TRUSTED", "SUSPENDED"])
def test_nobody_is_both_officers_of_a_trust(state, buyer, cleared, now):
    case = make.case_at(state, buyer, now=now)
    with pytest.raises(IntegrityError, match="the second officer is another one"), transaction.atomic():
        VettingCase.objects.filter(pk=case.pk).update(countersigned_by=case.recommended_by)


def test_a_page_of_a_manager_offers_no_next_case(ready, today):
    assert signed_in(make.manager(today)).get(QUEUE).context["can_take_next"] is False
