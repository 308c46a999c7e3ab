"""The buyer's own pages: who sees them, and what they say."""

import re
import uuid

import pytest
from django.test import Client

from accounts.models import User
from buyers import actions
from tests.browsers import page, signed_in
from tests.buyers.conftest import REGISTRATION
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(person("buyer"))


# --- who sees what --------------------------------------------------------------------------------------------------

PAGES = ["buyer_detail", "buyer_edit", "buyer_submit", "question_answer", "case_withdraw"]


@pytest.mark.parametrize(
    ("name", "method"), [*((name, "get") for name in PAGES), *((name, "post") for name in PAGES[1:])]
)
def test_a_strangers_page_is_the_page_of_nobody(name, method, buyer, now):
    make.case_at("QUESTION_ASKED", buyer, now=now)
    stranger = signed_in(person("stranger"))
    theirs = getattr(stranger, method)(page(name, buyer.pk))
    missing = getattr(stranger, method)(page(name, 999_999))
    assert theirs.status_code == missing.status_code == 404
    assert without_secrets(theirs) == without_secrets(missing)


def without_secrets(response) -> str:
    """The page without what is new at each answer."""
    return re.sub(r'(value|nonce)="[^"]{20,}"', "", response.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_visitors_are_asked_to_sign_in(name, buyer):
    path = page(name, buyer.pk)
    answer = Client().get(path)
    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "VIEWER",
            {"buyer_detail": 200, "buyer_edit": 403, "buyer_submit": 403, "question_answer": 403, "case_withdraw": 403},
        ),
        (
            "EDITOR",
            {"buyer_detail": 200, "buyer_edit": 200, "buyer_submit": 403, "question_answer": 200, "case_withdraw": 403},
        ),
        (
            "SIGNER",
            {"buyer_detail": 200, "buyer_edit": 200, "buyer_submit": 200, "question_answer": 200, "case_withdraw": 200},
        ),
        (
            "ADMINISTRATOR",
            {"buyer_detail": 200, "buyer_edit": 200, "buyer_submit": 200, "question_answer": 200, "case_withdraw": 200},
        ),
    ],
)
def test_each_role_opens_what_it_may_do(role, expected, buyer, now):
    make.case_at("QUESTION_ASKED", buyer, now=now)
    browser = signed_in(member(buyer.organization, "colleague", role, now=now))
    assert {name: browser.get(page(name, buyer.pk)).status_code for name in PAGES} == expected


def test_an_unknown_kind_of_party_is_no_page(client, buyer):
    assert client.get(page("buyer_parties", buyer.pk, "friends")).status_code == 404
    assert client.get(page("buyer_parties", buyer.pk, "signers")).status_code == 404


# --- the page of a buyer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "label", "now_is"),
    [
        (None, "Not submitted", []),
        ("OPEN", "Under review", ["Under review"]),
        ("QUESTION_ASKED", "Waiting for your answer", ["Waiting for your answer"]),
        ("RECOMMENDED", "Under review", ["Under review"]),
        ("TRUSTED", "Trusted", []),
        ("REFUSED", "Not trusted", []),
        ("SUSPENDED", "Trust is suspended", []),
        ("REVOKED", "Trust is revoked", []),
        ("WITHDRAWN", "Withdrawn", []),
    ],
)
def test_the_page_says_where_it_stands(state, label, now_is, client, recent, today):
    if state:
        make.case_at(state, recent, now=today)
    shown = client.get(page("buyer_detail", recent.pk))
    assert shown.context["standing"].label == label
    assert [step.label for step in shown.context["timeline"] if step.place == "now"] == now_is


INTERNAL = [
    "second officer",
    "Recommended",
    "RECOMMENDED",
    "A suitable partner",
    "Seen at the register",
    "County Holdings Gr",
]


@pytest.mark.parametrize("state", ["OPEN", "RECOMMENDED", "TRUSTED", "SUSPENDED", "REVOKED", "REFUSED"])
def test_nothing_of_the_officers_stands_on_any_page(state, client, recent, today, tmp_path):
    make.case_at(state, recent, now=today)
    make.clear(today, tmp_path, "County Holdings Group")
    paths = [page("buyer_detail", recent.pk), page("buyer_submit", recent.pk), "/buyers/", "/needs/", "/notifications/"]
    shown = "".join(client.get(path).content.decode() for path in paths)
    assert [word for word in INTERNAL if word in shown] == []


def test_trust_is_shown_as_paused_when_it_does_not_hold_now(client, today, tmp_path):
    buyer = make.trusted_buyer(today, tmp_path)
    client.post(
        page("organization_edit", buyer.organization_id), REGISTRATION | {"legal_name": "Umeme Grid Corporation"}
    )
    shown = client.get(page("buyer_detail", buyer.pk))
    assert (shown.context["standing"].label, shown.context["trust"]) == ("Trust is paused", None)


def test_what_there_is_to_do_follows_the_state(client, buyer, now):
    def offered() -> tuple[bool, bool]:
        context = client.get(page("buyer_detail", buyer.pk)).context
        return context["can_submit"], context["can_withdraw"]

    assert offered() == (True, False)
    case = make.case_at("OPEN", buyer, now=now)
    assert offered() == (False, True)
    actions.withdraw_case(case, by=person("buyer"), now=now)
    assert offered() == (True, False)


def test_a_question_is_shown_and_answered_once(client, buyer, now):
    case = make.case_at("QUESTION_ASKED", buyer, now=now)
    assert client.get(page("buyer_detail", buyer.pk)).context["questions"][0].text == "Who is the end user?"
    key = {"submission_key": str(uuid.uuid4())}
    empty = client.post(page("question_answer", buyer.pk), {"answer": " "})
    assert empty.status_code == 422
    for _click in range(2):
        answered = client.post(page("question_answer", buyer.pk), key | {"answer": "The county."})
        assert answered.url == page("buyer_detail", buyer.pk)
    case.refresh_from_db()
    assert (case.status, [q.answer for q in case.questions.all()]) == ("OPEN", ["The county."])
    assert client.get(page("question_answer", buyer.pk)).url == page("buyer_detail", buyer.pk)


def test_withdrawing_asks_first(client, buyer, now):
    case = make.case_at("OPEN", buyer, now=now)
    assert client.get(page("case_withdraw", buyer.pk)).status_code == 200
    case.refresh_from_db()
    assert case.status == "OPEN"
    assert client.post(page("case_withdraw", buyer.pk)).url == page("buyer_detail", buyer.pk)
    case.refresh_from_db()
    assert case.status == "WITHDRAWN"
    assert client.post(page("case_withdraw", buyer.pk)).status_code == 404


# --- cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(count, client, today, tmp_path, django_assert_num_queries):
    for name in ["Umeme Grid Company", "Delta Rail", "Fjord Energy"][:count]:
        buyer = make.buyer(name, now=today)
        make.clear(today, tmp_path)
        make.case_at("TRUSTED", buyer, now=today)
    client.get("/buyers/")  # the session notes when it was last used
    with django_assert_num_queries(LIST_QUERIES):
        rows = client.get("/buyers/").context["rows"]
    assert [standing.label for _buyer, standing in rows] == ["Trusted"] * count


LIST_QUERIES = 8


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_letter_and_for_three(count, client, recent, today, django_assert_num_queries):
    for number in range(count):
        make.case_at("REFUSED", recent, now=today)
        make.need(recent, now=today, title=f"Need {number}")
    client.get("/buyers/")
    with django_assert_num_queries(PAGE_QUERIES):
        shown = client.get(page("buyer_detail", recent.pk))
    assert (len(shown.context["letters"]), len(shown.context["needs"])) == (count, count)


PAGE_QUERIES = 13


def test_the_empty_list_says_how_to_start(now):
    shown = signed_in(person("new")).get("/buyers/")
    assert (shown.status_code, shown.context["rows"]) == (200, [])
    assert b'href="/buyers/register/"' in shown.content


def test_a_name_from_right_to_left_is_marked_so(client, now):
    buyer = make.buyer("شركة النور للتجارة", now=now, country="JO")
    assert f'<dd dir="auto">{buyer}</dd>' in client.get(page("buyer_submit", buyer.pk)).content.decode()


def test_the_people_of_this_test_are_no_staff():
    assert User.objects.filter(role_grants__isnull=False).count() == 0
