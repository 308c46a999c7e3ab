"""Needs as the buyer's people, strangers and hostile visitors meet them."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from buyers.models import Need
from core.models import Receipt
from tests.browsers import page, signed_in
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(person("buyer"))


def form_of(buyer, **changes: object) -> dict[str, object]:
    return {**make.NEED, "buyer": buyer.pk, "needed_by": "2031-01-31", "wants_financing": "on"} | changes


def test_the_whole_way_from_draft_to_receipt(client, buyer):
    drafted = client.post("/needs/new/", form_of(buyer))
    need = Need.objects.get()
    assert drafted.url == page("need_detail", need.pk)
    assert client.get(page("need_post", need.pk)).context["trust"] is None
    posted = client.post(page("need_post", need.pk))
    receipt = Receipt.objects.get()
    assert posted.url == page("receipt_detail", receipt.number)
    assert (receipt.summary, receipt.next_step) == (
        "Your need “Grid forecasting” is posted.",
        "It is posted, and will be matched while an officer trusts your organization.",
    )
    need.refresh_from_db()
    assert (need.status, need.components, need.languages, str(need.capacity_mw)) == (
        "POSTED",
        ["A", "C", "E"],
        ["en", "sw"],
        "4.50",
    )
    assert (need.wants_financing, need.needed_by.isoformat(), need.residency) == (True, "2031-01-31", "COUNTRY")


def test_a_trusted_buyer_is_told_that_matching_begins(client, today, tmp_path):
    need = make.need(make.trusted_buyer(today, tmp_path), now=today)
    client.post(page("need_post", need.pk))
    assert Receipt.objects.get(act="post_need").next_step == (
        "Packages that fit it are being looked for; you will get mail."
    )
    assert client.get(page("need_detail", need.pk)).context["matching"] == ""


def test_a_need_outside_of_the_scope_is_told_so(client, today, tmp_path):
    buyer = make.trusted_buyer(today, tmp_path, countries=["TZ"])
    need = make.need_at("POSTED", buyer, now=today)
    assert (
        client.get(page("need_detail", need.pk))
        .context["matching"]
        .startswith("It is posted, but its destination or components are not covered")
    )


def test_double_clicks_make_one_need_and_one_receipt(client, buyer):
    key = {"submission_key": str(uuid.uuid4())}
    first, second = (client.post("/needs/new/", form_of(buyer) | key) for _click in range(2))
    need = Need.objects.get()
    assert first.url == second.url
    key = {"submission_key": str(uuid.uuid4())}
    first, second = (client.post(page("need_post", need.pk), key) for _click in range(2))
    assert first.url == second.url == page("receipt_detail", Receipt.objects.get().number)
    again = client.post(page("need_post", need.pk), {"submission_key": str(uuid.uuid4())})
    assert again.status_code == 422
    assert again.context["form"].non_field_errors() == ["This is not possible while the status is “Posted”."]


def test_editing_a_posted_need_makes_it_a_draft(client, buyer, now):
    need = make.need_at("POSTED", buyer, now=now)
    shown = client.get(page("need_edit", need.pk))
    assert b"Saving a change makes it a draft again" in shown.content
    changed = form_of(buyer, title="Grid and water", version=need.version)
    assert client.post(page("need_edit", need.pk), changed).url == page("need_detail", need.pk)
    need.refresh_from_db()
    assert (need.title, need.status) == ("Grid and water", "DRAFT")


def test_two_people_editing_are_told_and_lose_nothing(client, buyer, now):
    need = make.need(buyer, now=now)
    seen = client.get(page("need_edit", need.pk)).context["form"].initial["version"]
    client.post(page("need_edit", need.pk), form_of(buyer, title="Hers", version=seen))
    late = client.post(page("need_edit", need.pk), form_of(buyer, title="His", version=seen))
    assert late.status_code == 422
    assert late.context["form"].non_field_errors()[0].startswith("Somebody changed this while you were working on it.")
    assert late.context["form"]["title"].value() == "His"
    assert Need.objects.get().title == "Hers"


def test_closing_and_posting_again(client, buyer, now):
    need = make.need_at("POSTED", buyer, now=now)
    for path, status in [("need_close", "CLOSED"), ("need_post", "POSTED"), ("need_close", "CLOSED")]:
        client.post(page(path, need.pk))
        need.refresh_from_db()
        assert need.status == status
    answer = client.post(page("need_close", need.pk), follow=True)
    assert [str(m) for m in answer.context["messages"]][-1] == "This is not possible while the status is “Closed”."
    assert client.get(page("need_close", need.pk)).status_code == 405


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("text", ""),
        ("components", []),
        ("components", ["Z"]),
        ("sectors", ["MAGIC"]),
        ("destination", ""),
        ("destination", "XX"),
        ("deployments", ["MOON"]),
        ("residency", "MARS"),
        ("languages", ["tlh"]),
        ("standards", ["NONE"]),
        ("capacity_mw", "0"),
        ("capacity_mw", "-5"),
        ("capacity_mw", "1e99"),
        ("capacity_mw", "NaN"),
        ("capacity_mw", "Infinity"),
        ("budget_usd", "0"),
        ("budget_usd", "-1"),
        ("budget_usd", "1.5"),
        ("budget_usd", "9" * 30),
        ("needed_by", "yesterday"),
        ("needed_by", "2020-01-01"),
        ("needed_by", "0000-00-00"),
        ("buyer", ""),
        ("buyer", "999999"),
        ("buyer", "1 OR 1=1"),
    ],
)
def test_an_impossible_need_is_refused_at_its_field(field, value, client, buyer):
    answer = client.post("/needs/new/", form_of(buyer) | {field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Need.objects.count() == 0


@pytest.mark.parametrize(
    "text", ["\x00", "<img src=x onerror=alert(1)>", "\u202e reversed", "💧" * 2000, "{% load x %}"]
)
@pytest.mark.parametrize("field", ["title", "text", "destination", "version"])
def test_hostile_needs_break_nothing(field, text, client, buyer):
    answer = client.post("/needs/new/", form_of(buyer) | {field: text})
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert b"<img src=x" not in client.get(answer.url).content


def test_posting_every_field_of_the_model_changes_only_what_the_form_has(client, buyer, now):
    need = make.need(buyer, now=now)
    other = make.buyer("Rival Telecom", now=now, by=person("rival"))
    extra = {"status": "POSTED", "posted_at": "2020-01-01", "buyer": other.pk, "id": "77", "created_at": "2000-01-01"}
    client.post(page("need_edit", need.pk), form_of(buyer, version=1) | extra)
    after = Need.objects.get()
    assert (after.pk, after.status, after.posted_at, after.buyer, after.created_at) == (
        need.pk,
        "DRAFT",
        None,
        buyer,
        now,
    )


def test_a_need_is_not_written_for_somebody_elses_buyer(client, buyer, now):
    other = make.buyer("Rival Telecom", now=now, by=person("rival"))
    answer = client.post("/needs/new/", form_of(other))
    assert (answer.status_code, Need.objects.count()) == (422, 0)


PAGES = ["need_detail", "need_edit", "need_post"]


@pytest.mark.parametrize("name", [*PAGES, "need_close"])
def test_strangers_rivals_and_officers_see_no_need_here(name, buyer, now):
    need = make.need_at("POSTED", buyer, now=now)
    make.buyer("Rival Telecom", now=now, by=person("rival"))
    for somebody in (person("stranger"), person("rival"), make.officer(now)):
        method = "post" if name == "need_close" else "get"
        assert getattr(signed_in(somebody), method)(page(name, need.pk)).status_code == 404
    need.refresh_from_db()
    assert need.status == "POSTED"


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("VIEWER", {"need_detail": 200, "need_edit": 403, "need_post": 403}),
        ("EDITOR", {"need_detail": 200, "need_edit": 200, "need_post": 200}),
    ],
)
def test_each_role_opens_what_it_may_do(role, expected, buyer, now):
    need = make.need(buyer, now=now)
    browser = signed_in(member(buyer.organization, "colleague", role, now=now))
    assert {name: browser.get(page(name, need.pk)).status_code for name in PAGES} == expected
    may = role != "VIEWER"
    assert browser.post(page("need_close", need.pk)).status_code == (302 if may else 403)
    assert browser.post("/needs/new/", form_of(buyer)).status_code == (302 if may else 403)
    assert browser.get(page("need_detail", need.pk)).context["can_edit"] is may


def test_somebody_with_several_buyers_chooses(client, buyer, now):
    second = make.buyer("Delta Rail", now=now)
    field = client.get(f"/needs/new/?buyer={second.pk}").context["form"]["buyer"]
    assert (field.is_hidden, field.value()) == (False, str(second.pk))
    client.post("/needs/new/", form_of(second))
    assert Need.objects.get().buyer == second


def test_somebody_with_one_buyer_need_not(client, buyer):
    field = client.get("/needs/new/?buyer=zzz").context["form"]["buyer"]
    assert (field.is_hidden, field.value()) == (True, buyer.pk)


def test_without_a_buyer_the_page_says_how_to_start():
    browser = signed_in(person("new"))
    for path in ("/needs/", "/needs/new/"):
        shown = browser.get(path)
        assert shown.status_code == 200
        assert b'href="/buyers/register/"' in shown.content


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(count, client, buyer, now, django_assert_num_queries):
    for number in range(count):
        make.need(buyer, now=now, title=f"Need {number}")
    client.get("/needs/")  # the session notes when it was last used
    with django_assert_num_queries(4):  # session, person, needs, whether there is a buyer
        rows = client.get("/needs/").context["page"].rows
    assert [need.title for need in rows] == [f"Need {number}" for number in reversed(range(count))]


def test_the_list_goes_on_over_pages(client, buyer, now):
    for number in range(21):
        make.need(buyer, now=now, title=f"Need {number}")
    first = client.get("/needs/").context["page"]
    second = client.get(f"/needs/?{first.next_query}").context["page"]
    assert (len(first.rows), [need.title for need in second.rows], second.next_query) == (20, ["Need 0"], "")


def test_a_day_that_has_passed_since_may_stay(client, buyer, now):
    """Editing another field of an old need does not force a new day."""
    past = (now - timedelta(days=400)).date()
    need = make.need(buyer, now=now, needed_by=past)
    answer = client.post(page("need_edit", need.pk), form_of(buyer, title="Old", needed_by=past.isoformat(), version=1))
    assert answer.status_code == 302
