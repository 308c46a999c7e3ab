"""Hits and lists in the workbench: who sees them, what stands on a page, and that its buttons call the actions."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from core import outbox
from organizations.actions import edit_organization
from screening import actions
from screening.models import Hit
from tests.browsers import signed_in
from tests.factories import buyers, organizations
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.factories.organizations import member

pytestmark = pytest.mark.django_db
QUEUE = "/admin/screening/hit/"
LISTS = "/admin/screening/listrelease/"


@pytest.fixture
def browser(officer) -> Client:
    return signed_in(officer)


@pytest.fixture
def other(second) -> Client:
    return signed_in(second)


def page(hit: Hit) -> str:
    return reverse("admin:screening_hit_change", args=[hit.pk])


def step(hit: Hit, name: str) -> str:
    return reverse("admin:screening_hit_step", args=[hit.pk, name])


def status(hit: Hit) -> str:
    return Hit.objects.get(pk=hit.pk).status


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OFFICER, [200, 200, 200, 200]),
        (Role.MANAGER, [200, 200, 200, 403]),
        (Role.EVALUATOR, [403, 403, 403, 404]),
        (Role.SECRETARY, [403, 403, 403, 404]),
        (Role.SUPPORT, [403, 403, 403, 404]),
    ],
)
def test_hits_are_for_officers_and_managers(role, expected, hit, now):
    client = signed_in(buyers.federal("somebody", role, now=now))
    paths = [QUEUE, page(hit), LISTS, step(hit, "confirm")]
    assert [client.get(path).status_code for path in paths] == expected
    assert ("/admin/screening/" in client.get("/admin/").text) == (expected[0] == 200)


@pytest.mark.parametrize("who", [None, "founder", "stranger"])
def test_nobody_else_comes_in(who, hit):
    client = signed_in(person(who)) if who else Client()
    for path in (QUEUE, page(hit), LISTS, step(hit, "confirm")):
        assert client.get(path).status_code == 302
    assert client.post(step(hit, "confirm"), {"reason": "Mine."}).status_code == 302
    assert status(hit) == "OPEN"


def test_an_officer_sees_no_hit_of_an_organization_that_they_belong_to(hit, kony, now, browser, officer):
    assert [row.pk for row in browser.get(QUEUE).context["cl"].result_list] == [hit.pk]
    member(kony, "officer", "VIEWER", now=now)
    assert [row.pk for row in browser.get(QUEUE).context["cl"].result_list] == []
    for path in (page(hit), step(hit, "confirm")):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize("where", ["add/", "{pk}/delete/"])
@pytest.mark.parametrize("kind", ["hit", "listrelease"])
def test_nothing_is_added_or_deleted(where, kind, hit, listed, browser):
    path = f"/admin/screening/{kind}/" + where.format(pk=hit.pk if kind == "hit" else listed.pk)
    assert [browser.get(path).status_code, browser.post(path, {"post": "yes"}).status_code] == [403, 403]
    assert status(hit) == "OPEN"


@pytest.mark.parametrize("number", ["0", "999999", "-1", "abc", "9" * 40, "%00"])
def test_a_hit_that_is_none_is_not_found(number, browser, listed):
    assert browser.get(f"{QUEUE}{number}/change/").status_code == 404


# --- the queue ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_as_many_queries_for_many_hits(count, browser, now, listed, django_assert_num_queries):
    for number in range(count):
        organizations.organization("Joseph Kony", now=now, by=person(f"founder{number}"))
    outbox.drain(now)
    browser.get(QUEUE)  # the session notes when it was last used
    with django_assert_num_queries(4):  # session, person, count, hits
        assert len(browser.get(QUEUE).context["cl"].result_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_as_many_queries_for_many(count, browser, now, listed, tmp_path, django_assert_num_queries):
    rows = make.rows_of_extract()
    for number in range(1, count):
        rows = [*rows, make.row(source="Another List (AL)", name=f"Party {number}")]
        make.imported(make.written(tmp_path / f"{number}.csv", rows), now=now)
    browser.get(LISTS)
    with django_assert_num_queries(7):  # session, person, list, its rule, fetch, count, releases
        assert len(browser.get(LISTS).context["cl"].result_list) == count


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["OPEN", "PROPOSED"]),
        ("?state=decided", ["TRUE_MATCH"]),
        ("?state=gone", ["GONE"]),
        ("?state=all", ["GONE", "OPEN", "PROPOSED", "TRUE_MATCH"]),
        ("?state=all&tier=review", []),
        ("?q=nobody", []),
        ("?state=nonsense", ["OPEN", "PROPOSED"]),
    ],
)
def test_the_queue_shows_what_waits_and_more_when_asked(query, expected, browser, officer, now, listed):
    subjects = [organizations.organization("Joseph Kony", now=now) for _ in range(4)]
    outbox.drain(now)
    _open, proposed, true, _gone = [subject.hits.get() for subject in subjects]
    actions.dismiss_hit(proposed, by=officer, now=now, reason="Another person.")
    actions.confirm_hit(true, by=officer, now=now, reason="The same person.")
    edit_organization(subjects[3], by=person("founder"), now=now, legal_name="Meridian")
    outbox.drain(now)
    response = browser.get(QUEUE + query)
    assert sorted(hit.status for hit in response.context["cl"].result_list) == expected
    assert "Waiting for a decision" in response.text


# --- the page of a hit --------------------------------------------------------------------------------------------------


def test_the_page_of_a_buyer_that_bears_a_listed_name_shows_the_listed_party(browser, now, listed):
    buyer = buyers.buyer("Huawei Marine Networks Co., Ltd.", now=now, country="CN")
    outbox.drain(now)
    hit = buyer.organization.hits.get(listed_name="Huawei Marine Networks Co., Ltd.")
    response = browser.get(page(hit))
    assert response.status_code == 200
    assert response.templates[0].name == "admin/screening/hit.html"
    assert dict(response.context["fields"]) == hit.entry.fields
    notice = hit.entry.fields["federal_register_notice"]
    for text in ("Entity List (EL)", "HMN Technologies", notice, "demonstration list of 2022-05-06"):
        assert text in response.text
    assert [pair["reason"] for pair in response.context["explanation"]["pairs"]] == ["exact"] * 5


def test_the_page_of_a_hit_takes_a_fixed_number_of_queries(hit, browser, django_assert_num_queries):
    browser.get(page(hit))
    with django_assert_num_queries(10):
        browser.get(page(hit))


STEPS = {
    "OPEN": ["dismiss", "confirm", "escalate"],
    "PROPOSED": ["confirm"],
    "ESCALATED": ["dismiss", "confirm"],
    "NOT_A_MATCH": ["reopen"],
    "TRUE_MATCH": ["reopen"],
}


@pytest.mark.parametrize("state", STEPS)
def test_the_page_offers_the_steps_that_state_and_person_allow(state, hit, browser, other, officer, second, now):
    if state in ("PROPOSED", "NOT_A_MATCH"):
        actions.dismiss_hit(hit, by=officer, now=now, reason="Another person.")
    if state == "NOT_A_MATCH":
        actions.countersign_dismissal(hit, by=second, now=now)
    if state in ("ESCALATED", "TRUE_MATCH"):
        decide = actions.escalate_hit if state == "ESCALATED" else actions.confirm_hit
        decide(hit, by=officer, now=now, reason="Looks like it.")
    offered = [[name for name, _title in client.get(page(hit)).context["steps"]] for client in (browser, other)]
    of_second = ["countersign", "return", "confirm"] if state == "PROPOSED" else STEPS[state]
    assert offered == [STEPS[state], of_second]
    assert {client.get(step(hit, name)).status_code for name in STEPS[state] for client in (browser, other)} == {200}


def test_a_manager_reads_and_decides_nothing(hit, now):
    response = signed_in(buyers.manager(now)).get(page(hit))
    assert response.context["steps"] == []
    assert "There is nothing for you to do on this hit now." in response.text


# --- steps --------------------------------------------------------------------------------------------------------------


def test_an_alert_is_dismissed_on_two_pages(hit, browser, other, officer):
    sent = browser.post(step(hit, "dismiss"), {"reason": "Born in 1990."}, follow=True)
    assert (sent.redirect_chain, status(hit)) == ([(page(hit), 302)], "PROPOSED")
    for text in (
        "Born in 1990.",
        officer.name,
        "propose_dismissal",
        "An alert is dismissed when a second officer agrees",
    ):
        assert text in sent.text
    assert browser.get(step(hit, "countersign")).status_code == 403
    assert "Born in 1990." in other.get(step(hit, "countersign")).text
    assert other.post(step(hit, "countersign"), follow=True).status_code == 200
    assert status(hit) == "NOT_A_MATCH"


def test_a_form_sent_twice_decides_once(hit, browser):
    data = {"reason": "The same address.", "submission_key": "9f0c2c1e-0000-4000-8000-000000000001"}
    assert browser.post(step(hit, "confirm"), data).url == page(hit)
    again = browser.post(step(hit, "confirm"), data, follow=True)
    assert again.redirect_chain == [(page(hit), 302)]
    assert (status(hit), Hit.objects.get(pk=hit.pk).version) == ("TRUE_MATCH", 2)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "a\0b"])
def test_a_step_without_a_usable_reason_is_shown_again(reason, hit, browser):
    response = browser.post(step(hit, "confirm"), {"reason": reason})
    assert (response.status_code, status(hit)) == (422, "OPEN")
    assert response.templates[0].name == "admin/screening/hit_step.html"


def test_a_step_that_the_state_forbids_says_so(hit, browser):
    response = browser.get(step(hit, "reopen"), follow=True)
    assert response.redirect_chain == [(page(hit), 302)]
    assert "This is not possible while the status is “Open”." in response.text


def test_a_step_that_is_none_is_not_found(hit, browser):
    assert browser.get(step(hit, "approve")).status_code == 404
