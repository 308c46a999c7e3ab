"""The vetting queue, and who comes into the workbench at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from buyers import actions
from buyers.models import VettingCase
from buyers.selectors import queue as cases_in_queue
from core.models import DatedRule
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
    return [str(row.case.buyer) for row in response.context["rows"]]


def test_the_queue_shows_what_is_to_decide_the_longest_due_first(officer, queue):
    shown = officer.get(QUEUE)
    assert names(shown) == ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]
    assert [row.urgency.tone for row in shown.context["rows"]] == ["late", "late", "stopped", "fine"]
    assert [row.case.mover for row in shown.context["rows"]] == ["OFFICER", "SECOND", "BUYER", "OFFICER"]


COUNTS = {
    "OFFICER": {"all": 2, "late": 1, "soon": 0, "unassigned": 2},
    "SECOND": {"all": 1, "late": 1, "soon": 0, "unassigned": 0},
    "MANAGER": {"all": 0, "late": 0, "soon": 0, "unassigned": 0},
    "BUYER": {"all": 1, "late": 0, "soon": 0, "unassigned": 1},
}


@pytest.mark.parametrize("path", [QUEUE, reverse("admin:index")])
def test_the_queue_and_the_front_page_count_whose_move_it_is(path, officer, queue):
    assert dict(officer.get(path).context["counts"]) == COUNTS


def test_the_front_page_counts_for_officers_and_managers_only(queue, today):
    evaluator = signed_in(make.federal("somebody", Role.EVALUATOR, now=today))
    assert "counts" not in evaluator.get(reverse("admin:index")).context
    assert dict(signed_in(make.manager(today)).get(reverse("admin:index")).context["counts"]) == COUNTS


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
        ("move=SECOND", ["Delta Rail"]),
        ("move=BUYER", ["Cordoba Health"]),
        ("move=OFFICER&country=KE", ["Umeme Grid Company"]),
        ("officer=mine", ["Delta Rail"]),
        ("officer=nobody", ["Baltic Freight", "Cordoba Health", "Umeme Grid Company"]),
        ("after=abc", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
        ("after=2026-99-99~1", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
    ],
)
def test_the_queue_is_filtered(query, expected, officer, queue):
    assert names(officer.get(f"{QUEUE}?{query}")) == expected


def test_the_queue_is_filtered_by_post(officer, queue):
    post = make.post()
    assert names(officer.get(f"{QUEUE}?post={post.pk}")) == ["Delta Rail", "Umeme Grid Company"]


@pytest.mark.parametrize(
    "query",
    ["status=EVERYTHING", "country=XX", "post=abc", "post=999999", "name=%00", "move=%27", "officer=me", "after=~1"],
)
def test_a_strange_filter_is_no_error(query, officer, queue):
    assert officer.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_and_for_three(count, officer, today, django_assert_num_queries):
    for name in ["Umeme Grid Company", "Delta Rail", "Fjord Energy"][:count]:
        case = make.case_at("OPEN", make.buyer(name, now=today), now=today)
        actions.take_case(case, by=make.officer(today), now=today)
    officer.get(QUEUE)  # the session notes when it was last used
    # session, person, cases, their questions, counts, dated rules, posts for the filter, list
    with django_assert_num_queries(8):
        assert len(officer.get(QUEUE).context["rows"]) == count


def test_hits_are_flagged_in_the_queue(officer, today, tmp_path):
    make.case_at("OPEN", make.buyer(now=today), now=today)
    make.case_at("OPEN", make.buyer("Delta Rail", now=today), now=today)
    make.clear(today, tmp_path, "Umeme Grid Company")
    flags = {str(row.case.buyer): row.case.has_hits for row in officer.get(QUEUE).context["rows"]}
    assert flags == {"Umeme Grid Company": True, "Delta Rail": False}


def test_pages_of_the_queue_follow_one_another(officer, queue, monkeypatch):
    monkeypatch.setattr("buyers.admin.cases.PAGE", 2)
    first = officer.get(QUEUE)
    second = officer.get(f"{QUEUE}?{first.context['page'].next_query}")
    assert [names(first), names(second)] == [
        ["Baltic Freight", "Delta Rail"],
        ["Cordoba Health", "Umeme Grid Company"],
    ]
    assert second.context["page"].next_query == ""


def test_without_rules_nothing_is_said_of_age_and_due(queue, today):
    DatedRule.objects.filter(code="working_hours").delete()
    assert [(row.age, row.urgency) for row in cases_in_queue.rows(queue.values(), today)] == [(None, None)] * 5


def test_the_queue_says_so_where_no_rule_tells_the_age(officer, queue):
    DatedRule.objects.filter(code="working_hours").delete()
    assert "cannot tell" in officer.get(QUEUE).text
    assert "age cannot be told" in officer.get(case_page(queue["Baltic Freight"])).text
