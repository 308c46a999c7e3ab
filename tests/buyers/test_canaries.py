"""Nothing that a buyer can reach tells whether there is a hit: no word of it, no other byte, no other query.

The buyer's whole reach is walked by its links. Words are planted in everything confidential, and found by officers.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buyers import actions
from buyers.models import CaseLetter, VettingCase
from core import outbox
from core.models import Mail, Notification, Receipt
from screening import actions as screening_actions
from tests.browsers import signed_in
from tests.buyers.bench import case_page
from tests.factories import buyers as make
from tests.factories import screening as lists
from tests.factories.accounts import person

pytestmark = [pytest.mark.django_db, pytest.mark.uncovered]

OWNER = "County Holdings"
STATES = ["QUESTION_ASKED", *(pytest.param(state, marks=pytest.mark.long) for state in ("OPEN", "RECOMMENDED"))]
LISTED = {
    "name": "County Holdings Quetzalword",
    "alt_names": "County Holdings; Zyzzogeton Holdings",
    "programs": "PROGXENOPS",
    "title": "Titlewombat",
    "remarks": "Remarkokapi",
    "addresses": "Addressnumbat Street 5, KE",
    "federal_register_notice": "Noticequokka",
    "ids": "Idscapybara 5599887766, Tax ID No.",
}
WORDS = ["Quetzalword", "Zyzzogeton", "XENOPS", "wombat", "okapi", "numbat", "quokka", "capybara", "5599887766"]
SAID = {"reason": "Reasonaxolotl of an officer.", "note": "Notepangolin of an officer.", "opinion": "Opiniondugong."}
SAID_WORDS = ["axolotl", "pangolin", "dugong"]


# --- the buyer's reach --------------------------------------------------------------------------------------------------

_LINK = re.compile(r'(?:href|action|src)="([^"#?]+)')
_LEFT_OUT = ("/static/", "/accounts/logout", "/admin", "/demo", "/metrics", "/status", "/healthz", "/catalogue")
_SECRET = ("/accounts/2fa/totp", "/accounts/2fa/webauthn")  # each shows a new secret every time, of the account alone
_CHANGING = [
    re.compile(r'name="(?:csrfmiddlewaretoken|submission_key)" value="[^"]*"'),
    re.compile(r'nonce="[^"]*"'),
    re.compile(r"\d\d:\d\d(?::\d\d)?(?:\.\d+)?"),
]


@dataclass(frozen=True)
class Page:
    """What came of asking: also the questions to the database, in their order, without their values."""

    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    asked: tuple[str, ...]


def masked(text: str) -> str:
    for pattern in _CHANGING:
        text = pattern.sub("·", text)
    return text


def statement(sql: str) -> str:
    return re.sub(r"'(?:[^']|'')*'|\b\d+\b|\"(?:_django_curs_|s\d)[^\"]*\"", "?", sql)


def page_at(browser: Client, path: str) -> Page:
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = {name: masked(value) for name, value in answer.headers.items() if name not in ("X-Request-ID", "Date")}
    return Page(
        path,
        answer.status_code,
        tuple(sorted((name, re.sub(r"nonce-[^']+", "nonce-·", value)) for name, value in headers.items())),
        masked(body.decode("utf-8", "replace")),
        tuple(statement(query["sql"]) for query in asked.captured_queries),
    )


def crawled(browser: Client, *starts: str) -> dict[str, Page]:
    """Every page that links lead to, each once."""
    browser.get("/dashboard/")  # the session notes when it was last used
    found: dict[str, Page] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        if path in found or path.startswith(_LEFT_OUT + _SECRET) or not path.startswith("/"):
            continue
        found[path] = page_at(browser, path)
        waiting += [urlsplit(link).path for link in _LINK.findall(found[path].body)]
    return found


def letters_to(email: str) -> list[tuple[str, str, str]]:
    """Mails, notifications and letters, oldest first; not the identifiers of the messages."""
    mails = Mail.objects.filter(to_address=email).order_by("pk").values_list("subject", "text", "html")
    told = Notification.objects.filter(recipient__email=email).order_by("pk").values_list("kind", "subject", "body")
    sent = CaseLetter.objects.order_by("pk").values_list("kind", "subject", "body")
    return [*mails, *told, *sent]


def reach(case: VettingCase) -> tuple[dict[str, Page], list[tuple[str, str, str]]]:
    browser = signed_in(person("buyer"))
    pages = crawled(
        browser, "/dashboard/", f"/buyers/{case.buyer_id}/", "/notifications/", "/needs/", "/organizations/"
    )
    return pages, letters_to(person("buyer").email)


def worked_out(case: VettingCase, now) -> Iterator[str]:
    """All that was said to the buyer, and all that it can open, as one text each."""
    pages, told = reach(case)
    yield from (page.body for page in pages.values())
    yield from (" ".join(letter) for letter in told)
    yield from Receipt.objects.values_list("summary", flat=True)


def with_listed(now, tmp_path) -> None:
    """A later list in which the buyer's owner stands."""
    rows = lists.rows_of_extract()
    source = "Entity List (EL) - Bureau of Industry and Security"
    lists.imported(lists.written(tmp_path / "named.csv", [*rows, lists.row(source=source, **LISTED)]), now=now)
    outbox.drain(now)


@pytest.fixture
def buyer(today, tmp_path):
    """Screened against a list that does not name it, with a need."""
    address = person("buyer").email
    EmailAddress.objects.get_or_create(user=person("buyer"), email=address, verified=True, primary=True)
    lists.rules()
    lists.imported(lists.EXTRACT, now=today)
    found = make.buyer(now=today)
    make.need(found, now=today)
    outbox.drain(today)
    return found


def suspend(case: VettingCase, now) -> None:
    actions.suspend_trust(case, by=make.officer(now), now=now, reason="OTHER", note=SAID["note"])


# --- identical with and without a hit -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_every_page_mail_and_query_is_the_same_with_a_hit(state, buyer, today, tmp_path):
    case = make.case_at(state, buyer, now=today)
    outbox.drain(today)
    before_pages, before_told = reach(case)
    with_listed(today, tmp_path)
    assert buyer.organization.hits.filter(status="OPEN").count() > 0
    after_pages, after_told = reach(case)
    assert len(before_pages) > 15
    assert list(after_pages) == list(before_pages)
    for path, page in before_pages.items():
        asked = list(difflib.unified_diff(page.asked, after_pages[path].asked, lineterm="", n=0))
        assert (path, asked) == (path, [])
        assert after_pages[path] == page
    assert after_told == before_told


@pytest.mark.parametrize(
    ("state", "path", "data"),
    [
        ("QUESTION_ASKED", "/buyers/{}/question/", {"answer": "The county."}),
        ("OPEN", "/buyers/{}/withdraw/", {}),
        ("RECOMMENDED", "/buyers/{}/withdraw/", {}),
    ],
)
def test_what_the_buyer_does_takes_the_same_way(state, path, data, buyer, today, tmp_path):
    case = make.case_at(state, buyer, now=today)
    outbox.drain(today)

    def done() -> tuple[int, str, list[str], list[tuple[str, str, str]]]:
        browser = signed_in(person("buyer"))
        browser.get("/dashboard/")
        with transaction.atomic():
            with CaptureQueriesContext(connection) as asked:
                answer = browser.post(path.format(case.buyer_id), data)
            told = letters_to(person("buyer").email)
            transaction.set_rollback(True)
        return answer.status_code, answer.headers.get("Location", ""), [statement(q["sql"]) for q in asked], told

    before = done()
    with_listed(today, tmp_path)
    assert before[0] == 302
    after = done()
    assert list(difflib.unified_diff(before[2], after[2], lineterm="", n=0)) == []
    assert after == before


def test_the_comparison_finds_a_page_that_tells(buyer, today, tmp_path, monkeypatch):
    """The positive control: a buyer's page that looks at its hits is found out, by its bytes and by its queries."""
    from buyers import selectors

    case = make.case_at("OPEN", buyer, now=today)
    outbox.drain(today)

    def telling(letter_buyer):
        hits = letter_buyer.organization.hits.exclude(status="GONE")
        return [CaseLetter(case=hit.entry and case, kind="REFUSED", subject=str(hit), sent_at=today) for hit in hits]

    monkeypatch.setattr(selectors, "letters_to", telling)
    path = f"/buyers/{buyer.pk}/"
    browser = signed_in(person("buyer"))
    browser.get(path)
    before = page_at(browser, path)
    with_listed(today, tmp_path)
    after = page_at(browser, path)
    assert after.body != before.body
    assert after.asked != before.asked


def test_a_suspension_reads_the_same_for_a_hit_and_for_anything_else(buyer, today, tmp_path):
    case = make.case_at("TRUSTED", buyer, now=today)
    with transaction.atomic():
        suspend(case, today)
        by_officer = CaseLetter.objects.get(kind="SUSPENDED")
        transaction.set_rollback(True)
    with_listed(today, tmp_path)
    by_screening = CaseLetter.objects.get(kind="SUSPENDED")
    assert (by_screening.subject, by_screening.body) == (by_officer.subject, by_officer.body)


# --- no word of it ------------------------------------------------------------------------------------------------------


def decided(case: VettingCase, now, tmp_path) -> None:
    """A trust that a hit suspended, two officers dismissed the hit, and it was restored: words in every field."""
    with_listed(now, tmp_path)
    for hit in case.buyer.organization.hits.filter(status="OPEN"):
        hit.refresh_from_db()
        if hit.status == "OPEN":
            screening_actions.escalate_hit(hit, by=make.officer(now), now=now, reason=SAID["reason"])
            screening_actions.dismiss_hit(hit, by=make.officer(now), now=now, reason=SAID["reason"])
            if hit.status == "PROPOSED":
                screening_actions.countersign_dismissal(hit, by=make.second_officer(now), now=now)
    outbox.drain(now)
    case.refresh_from_db()
    actions.restore_trust(case, by=make.officer(now), now=now, reason="RESOLVED")
    suspend(case, now)
    outbox.drain(now)


@pytest.fixture
def told_all(buyer, today, tmp_path) -> VettingCase:
    case = make.case_at("TRUSTED", buyer, now=today, opinion=SAID["opinion"])
    outbox.drain(today)
    decided(case, today, tmp_path)
    return case


def test_nothing_that_reaches_the_buyer_holds_a_word_of_it(told_all, today):
    texts = list(worked_out(told_all, today))
    assert len(texts) > 25
    found = [word for word in WORDS + SAID_WORDS for text in texts if word.lower() in text.lower()]
    assert found == []


def test_officers_read_all_of_it(told_all, today):
    """The positive control: the same words are there to be found."""
    officer = signed_in(make.officer(today))
    case, hit = case_page(told_all), told_all.buyer.organization.hits.order_by("pk").first()
    texts = [officer.get(path).text for path in (case, f"/admin/screening/hit/{hit.pk}/change/")]
    missing = [word for word in WORDS + SAID_WORDS if word.lower() not in " ".join(texts).lower()]
    assert missing == []


def test_a_letter_that_an_officer_writes_with_a_word_of_it_is_refused(told_all, today):
    from buyers.letters import Draft
    from core.errors import UnableTo

    for word in (LISTED["name"], SAID["note"], "the Entity List"):
        with pytest.raises(UnableTo, match="The letter must not mention this"):
            actions.revoke_trust(
                told_all, by=make.officer(today), now=today, note="Over.", letter=Draft("Your status", f"It is {word}.")
            )
