"""The vetting queue, and who comes into the workbench at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from buyers import actions
from buyers.models import VettingCase
from tests.browsers import signed_in
from tests.buyers.bench import QUEUE, case_page, step_page
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member
from tests.scenes import scene

pytestmark = pytest.mark.django_db


# --- who may come in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "expected"), [(Role.OFFICER, 200), (Role.MANAGER, 200), (Role.EVALUATOR, 404)])
def test_the_case_page_is_for_officers_and_managers(role, expected, ready, today):
    browser = signed_in(make.federal("somebody", role, now=today))
    assert browser.get(step_page(ready, "nothing")).status_code == 404
    assert browser.get(case_page(ready)).status_code == (403 if expected == 404 else expected)
    assert browser.get(QUEUE).status_code == (403 if expected == 404 else expected)


def test_buyers_and_visitors_do_not_come_in(ready):
    for browser in (signed_in(person("buyer")), Client()):
        for path in (QUEUE, case_page(ready), step_page(ready, "refuse_trust")):
            assert browser.get(path).status_code in (302, 403)
        assert browser.post(reverse("admin:buyers_vettingcase_take", args=[ready.pk])).status_code in (302, 403)
    assert VettingCase.objects.get().assigned_to is None


def test_an_officer_of_the_buyers_own_organization_sees_nothing_of_it(ready, today):
    member(ready.buyer.organization, "insider", "VIEWER", now=today)
    browser = signed_in(make.federal("insider", now=today))
    assert browser.get(case_page(ready)).status_code == 404
    assert browser.get(step_page(ready, "refuse_trust")).status_code == 404
    assert browser.get(QUEUE + "?status=ALL").context["rows"] == []


@pytest.mark.parametrize("number", ["0", "999999", "-1", "abc", "9" * 40, "1/../1", "%00"])
def test_a_case_that_is_none_is_not_found(number, officer):
    assert officer.get(f"{QUEUE}{number}/change/").status_code == 404


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_cases_are_not_added_or_deleted_here(path, officer, ready):
    assert officer.get(QUEUE + path.replace("1", str(ready.pk))).status_code == 403


# --- the queue ------------------------------------------------------------------------------------------------------


@scene
def queue(today, tmp_path) -> dict[str, VettingCase]:
    """Cases in several states, ages and countries."""
    wanted = [
        ("Baltic Freight", "PL", "OPEN", 40),
        ("Cordoba Health", "AR", "QUESTION_ASKED", 10),
        ("Umeme Grid Company", "KE", "OPEN", 3),
        ("Delta Rail", "TZ", "RECOMMENDED", 20),
        ("Eland Telecom", "KE", "REFUSED", 5),
    ]
    buyers = {name: make.buyer(name, now=today - timedelta(days=60), country=country) for name, country, *_ in wanted}
    make.clear(today, tmp_path)
    return {
        name: make.case_at(state, buyers[name], now=today - timedelta(days=days)) for name, _c, state, days in wanted
    }


def names(response) -> list[str]:
    return [str(case.buyer) for case, _days in response.context["rows"]]


def test_the_queue_shows_what_is_to_decide_the_longest_waiting_first(officer, queue):
    shown = officer.get(QUEUE)
    assert names(shown) == ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]
    assert [days for _case, days in shown.context["rows"]] == [40, 20, 10, 3]


def test_the_queue_counts_how_long_cases_wait(officer, queue):
    assert officer.get(QUEUE).context["ages"] == [
        ("Under review", {"week": 1, "fortnight": 0, "month": 0, "longer": 1}),
        ("Waiting for the buyer's answer", {"week": 0, "fortnight": 1, "month": 0, "longer": 0}),
        ("Waiting for the second officer", {"week": 0, "fortnight": 0, "month": 1, "longer": 0}),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=ALL", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Eland Telecom", "Umeme Grid Company"]),
        ("status=REFUSED", ["Eland Telecom"]),
        ("status=RECOMMENDED", ["Delta Rail"]),
        ("status=TRUSTED", []),
        ("country=KE", ["Umeme Grid Company"]),
        ("country=KE&status=ALL", ["Eland Telecom", "Umeme Grid Company"]),
        ("name=rail", ["Delta Rail"]),
        ("mine=true", ["Delta Rail"]),
        ("mine=false", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
        ("page=999", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
        ("page=abc", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
    ],
)
def test_the_queue_is_filtered(query, expected, officer, queue):
    assert names(officer.get(f"{QUEUE}?{query}")) == expected


def test_the_queue_is_filtered_by_post(officer, queue):
    post = make.post()
    assert names(officer.get(f"{QUEUE}?post={post.pk}")) == ["Delta Rail", "Umeme Grid Company"]


@pytest.mark.parametrize(
    "query", ["status=EVERYTHING", "country=XX", "post=abc", "post=999999", "name=%00", "mine=%27"]
)
def test_a_strange_filter_is_no_error(query, officer, queue):
    assert officer.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_and_for_three(count, officer, today, django_assert_num_queries):
    for name in ["Umeme Grid Company", "Delta Rail", "Fjord Energy"][:count]:
        case = make.case_at("OPEN", make.buyer(name, now=today), now=today)
        actions.take_case(case, by=make.officer(today), now=today)
    officer.get(QUEUE)  # the session notes when it was last used
    with django_assert_num_queries(7):  # session, person, count, cases, ages, posts for the filter, list
        assert len(officer.get(QUEUE).context["rows"]) == count


def test_hits_are_flagged_in_the_queue(officer, today, tmp_path):
    make.case_at("OPEN", make.buyer(now=today), now=today)
    make.case_at("OPEN", make.buyer("Delta Rail", now=today), now=today)
    make.clear(today, tmp_path, "Umeme Grid Company")
    flags = {str(case.buyer): case.has_hits for case, _days in officer.get(QUEUE).context["rows"]}
    assert flags == {"Umeme Grid Company": True, "Delta Rail": False}
