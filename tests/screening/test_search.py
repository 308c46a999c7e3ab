"""The officers' search: by name in any script, by number and other facts; nothing typed makes it fail, nothing is kept."""

import json

import pytest

from accounts.states import Role
from core.models import LedgerEntry
from screening import casework, wording
from screening.models import CurrentRelease, ListEntry
from tests.browsers import HOSTILE, signed_in
from tests.factories import buyers, organizations

pytestmark = pytest.mark.django_db
SEARCH = "/admin/screening/listentry/"


@pytest.fixture
def browser(officer, listed):
    return signed_in(officer)


def search(browser, text: str, **fields: str):
    return browser.post(SEARCH, {"text": text, **fields})


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OFFICER, 200), (Role.MANAGER, 200), (Role.EVALUATOR, 403), (Role.SECRETARY, 403), (Role.SUPPORT, 403)],
)
def test_it_is_for_officers_and_managers(role, status, listed, now):
    client = signed_in(buyers.federal("somebody", role, now=now))
    entry = ListEntry.objects.first()
    paths = [SEARCH, f"{SEARCH}{entry.pk}/change/"]
    assert [client.get(path).status_code for path in paths] + [search(client, "Kony").status_code] == [status] * 3


def test_it_finds_by_name_and_shows_what_is_alike(browser):
    answer = search(browser, "Josef Kony")
    (result,) = [one for one in answer.context["results"] if one.entry.name == "KONY, Joseph"]
    assert [(piece.text, piece.is_alike) for piece in result.pieces] == [
        ("KONY", True),
        (", ", False),
        ("Joseph", True),
    ]
    assert result.explanation["tier"] == "alert"
    for text in ("<mark>KONY</mark>, <mark>Joseph</mark>", "How the score adds up", "Alert", "SDN"):
        assert text in answer.text


@pytest.mark.parametrize("name", ["Николас Мадуро Морос", "نيكولاس مادورو موروس"])
def test_it_reads_other_scripts(name, browser):
    assert "MADURO MOROS, Nicolas" in [one.entry.name for one in search(browser, name).context["results"]]


def test_a_birth_date_is_evidence(browser):
    near, far = (
        search(browser, "Nicolas Maduro Moro", kind="person", born=born).context["results"][0]
        for born in ("1962-11-23", "1995-01-01")
    )
    assert (near.explanation["tier"], far.explanation["tier"]) == ("alert", "review")


def test_it_finds_by_number(browser):
    entry, fact = next(
        (entry, fact)
        for entry in ListEntry.objects.order_by("pk")
        for fact in casework.facts.of_entry(entry.fields)
        if fact.kind == "identifier"
    )
    first = search(browser, f" {fact.said.lower()} ").context["results"][0]
    assert (first.entry, [one.value for one in first.shared]) == (entry, [fact.value])


@pytest.mark.parametrize("what", [*HOSTILE, "star", "spaces", "arabic digits", "lone surrogate in utf-16"])
def test_nothing_typed_makes_it_fail(what, browser):
    extra = {"star": "★", "spaces": "   ", "arabic digits": "١٢٣٤٥٦٧", "lone surrogate in utf-16": "\ufffd" * 3}
    text = HOSTILE.get(what, extra.get(what, ""))
    for fields in ({"text": text}, {"text": "Kony", "born": text[:300]}, {"text": "Kony", "country": text[:300]}):
        assert browser.post(SEARCH, fields).status_code in (200, 422)
    assert browser.get(SEARCH, {"organization": text[:500]}).status_code == 200


def test_a_search_is_recorded_without_its_text(browser, officer, listed):
    search(browser, "Joseph Kony", kind="person", born="1962-11-23", country="UG")
    entry = LedgerEntry.objects.get(action="search_list")
    assert (entry.actor, entry.subject_id) == (officer.ledger_name, str(listed.pk))
    assert json.loads(entry.detail) == {"alert": 1, "review": 0, "by_fact": 0}


def test_a_search_that_is_no_search_is_not_recorded(browser):
    assert search(browser, "").status_code == 422
    assert search(browser, "Kony", kind="organization", born="1962-11-23").status_code == 422
    assert LedgerEntry.objects.filter(action="search_list").count() == 0


@pytest.mark.parametrize("text", ["Joseph Kony", "Ali", "nobody of that name at all"])
def test_it_takes_eight_queries_at_most(text, browser, django_assert_max_num_queries):
    browser.get(SEARCH)
    with django_assert_max_num_queries(8):  # session, person, list, names, entries, and the record in a savepoint
        search(browser, text)


def test_without_a_list_it_says_so(officer):
    CurrentRelease.objects.all().delete()
    answer = search(signed_in(officer), "Kony")
    assert answer.status_code == 422
    assert "No screening list has been imported." in answer.text


def test_it_begins_with_the_name_of_a_case(browser, officer, now):
    subject = organizations.organization("Joseph Kony", now=now, country="UG")
    shown = browser.get(SEARCH, {"organization": subject.pk}).context["form"]
    assert [shown[name].value() for name in ("text", "kind", "country")] == ["Joseph Kony", "organization", "UG"]
    organizations.member(subject, "officer", "VIEWER", now=now)
    assert browser.get(SEARCH, {"organization": subject.pk}).context["form"]["text"].value() is None


def test_a_listed_party_has_a_page(browser, listed, django_assert_num_queries):
    entry = ListEntry.objects.get(name="KONY, Joseph")
    path = f"{SEARCH}{entry.pk}/change/"
    browser.get(path)
    with django_assert_num_queries(5):
        page = browser.get(path)
    for text in (entry.fields["programs"], "2022-05-06", *entry.names.values_list("name", flat=True)[:2]):
        assert text in page.text
    assert [browser.get(f"{SEARCH}{number}/change/").status_code for number in ("0", "x", "9" * 40)] == [404] * 3


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("KONY, Joseph", ["kony"], [("KONY", True), (", Joseph", False)]),
        ("Al-Nour Co.", ["al nour"], [("Al", True), ("-", False), ("Nour", True), (" Co.", False)]),
        ("Кони Джозеф", ["koni"], [("Кони", True), (" Джозеф", False)]),
        ("★", [], [("★", False)]),
        ("", [], []),
    ],
)
def test_the_words_that_are_alike_are_marked(name, said, expected):
    explanation = {"pairs": [{"listed": words, "query": ""} for words in said]}
    pieces = wording.marked(name, explanation, "listed")
    assert [(piece.text, piece.is_alike) for piece in pieces] == expected
    assert "".join(piece.text for piece in pieces) == name
