"""Today's list over the network: asked for only when it is another one, taken whole or not at all; and the alarm when none
came for too long."""

import csv
import gzip
import http.client
import io
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import DataError

from accounts.states import Role
from core.models import Notification, OutboxMessage
from screening import actions, fetching, tasks, upkeep
from screening.fetching import FetchFailed, Validators, fetch
from screening.models import CurrentRelease, ListEntry, ListFetch, ListRelease
from screening.selectors import freshness
from tests.browsers import signed_in
from tests.factories import buyers
from tests.factories import screening as make
from tests.screening.list_server import ListServer, serving

pytestmark = pytest.mark.django_db
NOTHING = Validators()


@pytest.fixture
def server():
    with serving(make.EXTRACT.read_bytes()) as listed:
        yield listed


def lines(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def left_over(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# --- the client -------------------------------------------------------------------------------------------------------


def test_a_file_comes_with_what_the_server_calls_it(server, tmp_path):
    fetched = fetch(server.address, NOTHING, tmp_path)
    assert fetched.path.read_bytes() == server.body
    assert fetched.validators == Validators(server.etag, "Tue, 24 Nov 2026 05:00:00 GMT")
    assert left_over(tmp_path) == ["fetched.csv"]
    asked = server.asked[0]
    assert ("If-None-Match" in asked, "If-Modified-Since" in asked, asked["Accept-Encoding"]) == (
        False,
        False,
        "identity",
    )


@pytest.mark.parametrize(
    "known", [lambda one: Validators(etag=one.etag), lambda one: Validators("", "Tue, 24 Nov 2026 05:00:00 GMT")]
)
def test_the_same_file_does_not_come_again(known, server, tmp_path):
    assert fetch(server.address, known(server), tmp_path) == fetching.Fetched(None, known(server))
    assert left_over(tmp_path) == []


def test_another_file_comes(server, tmp_path):
    known = Validators(server.etag, "Tue, 24 Nov 2026 05:00:00 GMT")
    server.body += b"\n"
    assert fetch(server.address, known, tmp_path).path.read_bytes() == server.body


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("500", "The server answered 500 Internal Server Error."),
        ("404", "The server answered 404 Not Found."),
        ("304", "The server answered 304 Not Modified."),  # to who asked without condition
        ("html", "The server sent text/html instead of a CSV file."),
        ("encoded", "The server sent the file in an encoding that we did not ask for."),
        ("truncated", "104228 bytes came instead of 105228."),
        ("broken_chunk", "IncompleteRead: IncompleteRead(0 bytes read)"),
        ("unending", "The server did not say how long the file is, so that nobody can tell whether it came whole."),
        ("slow", "It took too long."),
        ("silent", "TimeoutError: timed out"),
        ("circle", "More than 3 redirects."),
    ],
)
def test_trouble_leaves_nothing_and_says_what_it_was(trouble, told, server, tmp_path):
    server.trouble = trouble
    with pytest.raises(FetchFailed) as failure:
        fetch(server.address, NOTHING, tmp_path, seconds=0.7 if trouble in ("slow", "silent") else 20)
    assert (str(failure.value), left_over(tmp_path)) == (told, [])


@pytest.mark.parametrize("trouble", ["chunked", "moved"])
def test_what_looks_like_trouble_and_is_none(trouble, server, tmp_path):
    server.trouble = trouble
    assert fetch(server.address, NOTHING, tmp_path).path.read_bytes() == server.body


@pytest.mark.parametrize(
    "elsewhere",
    ["http://example.org/list.csv", "//127.0.0.2/list.csv", "https://127.0.0.1/list.csv", "file:///etc/passwd"],
)
def test_no_redirect_leads_elsewhere(elsewhere, server, tmp_path):
    server.trouble, server.elsewhere = "elsewhere", elsewhere
    with pytest.raises(FetchFailed, match=r"The server sends us elsewhere, to .*; we do not follow\."):
        fetch(server.address, NOTHING, tmp_path)
    assert len(server.asked) == 1


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/list.csv", "list.csv", ""])
def test_an_address_that_is_none(address, tmp_path):
    with pytest.raises(FetchFailed, match="no http or https address"):
        fetch(address, NOTHING, tmp_path)


def test_a_server_that_is_away(server, tmp_path):
    port = urlsplit(server.address).port
    with pytest.raises(FetchFailed, match="ConnectionRefusedError"):
        fetch(f"http://127.0.0.1:{port + 1 if port < 65535 else port - 1}/", NOTHING, tmp_path)


def test_a_file_that_is_too_large(server, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    with pytest.raises(FetchFailed, match="larger than 100000 bytes"):
        fetch(server.address, NOTHING, tmp_path)
    assert left_over(tmp_path) == []


# --- the server is what it stands for ---------------------------------------------------------------------------------


def plain_answer(server: ListServer, **headers: str) -> tuple[int, int, str | None]:
    """Status, size and ETag, by nothing but the standard library."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.address).port, timeout=5)
    connection.request("GET", "/list.csv", headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    size = len(response.read())
    connection.close()
    return response.status, size, response.getheader("ETag")


def test_the_server_answers_conditions_as_rfc_9110_says(server):
    whole, none = (200, len(server.body), server.etag), (304, 0, server.etag)
    early, late = "Tue, 24 Nov 2026 04:59:59 GMT", "Tue, 24 Nov 2026 05:00:00 GMT"
    assert plain_answer(server) == whole
    assert plain_answer(server, If_None_Match=server.etag) == none
    assert plain_answer(server, If_None_Match=f'"x", {server.etag}') == none
    assert plain_answer(server, If_None_Match='"x"') == whole
    assert plain_answer(server, If_Modified_Since=late) == none
    assert plain_answer(server, If_Modified_Since=early) == whole
    assert plain_answer(server, If_None_Match='"x"', If_Modified_Since=late) == whole  # the tag decides


# --- the job ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def at_first(server, settings, tmp_path):
    settings.CSL_URL, settings.DATA_DIR = server.address, tmp_path

    def ring(now) -> ListFetch | None:
        tasks.fetch_list(OutboxMessage(payload={}), now=now)
        return upkeep.newest_fetch()

    return ring


@pytest.fixture
def at(at_first, now):
    """With the server's list in force already, imported by hand."""
    make.imported(make.EXTRACT, now=now)
    return at_first


def another(server: ListServer) -> bytes:
    """The server's list and one party more."""
    return server.body + lines([make.row(source="Another List (AL)", name="Newly Listed")])


def test_a_first_list_waits_for_who_imports_it_by_hand(at_first, server, now, tmp_path):
    """Nothing tells whether a first list is whole: it may be cut between two rows."""
    officer = buyers.officer(now)
    server.body = lines(make.rows_of_extract()[:9])
    stopped = at_first(now)
    assert (stopped.outcome, ListRelease.objects.count()) == ("STOPPED", 0)
    assert stopped.problem.startswith("No list is in force that tells whether this one is whole. An officer ")
    kept = next((tmp_path / "lists").iterdir())
    assert Notification.objects.get(kind="screening.list_stopped").recipient == officer
    call_command("import_csl", str(kept), stdout=io.StringIO())
    assert at_first(now).outcome == "UNCHANGED"


def test_another_list_comes_by_itself_and_is_only_asked_about_from_then_on(at, server, now):
    server.body = another(server)
    first = at(now)
    release = CurrentRelease.objects.get().release
    assert (first.outcome, first.release, first.problem) == ("IMPORTED", release, "")
    assert (release.as_of, release.accepted_by) == (now.date(), None)
    second = at(now + timedelta(hours=1))
    assert (second.outcome, second.release) == ("UNCHANGED", release)
    assert server.asked[1]["If-None-Match"] == server.etag == second.etag
    assert CurrentRelease.objects.get().confirmed_at == now + timedelta(hours=1)
    assert str(second) == "2026-11-24 13:00: No change: the list in force is confirmed"


def test_the_same_list_in_another_order_confirms_and_is_known_from_then_on(at, server, now):
    at(now)
    head, *rows = make.rows_of_extract()
    server.body = lines([head, *rows[::-1]])
    third = at(now + timedelta(hours=2))
    assert (third.outcome, ListRelease.objects.count(), third.etag) == ("UNCHANGED", 1, server.etag)
    at(now + timedelta(hours=3))
    assert server.asked[-1]["If-None-Match"] == server.etag


@pytest.mark.parametrize("trouble", ["500", "html", "truncated", "elsewhere"])
def test_a_failed_fetch_leaves_the_list_in_force_and_its_age(trouble, at, server, now):
    at(now)
    server.trouble, server.elsewhere = trouble, "http://example.org/"
    failed = at(now + timedelta(hours=1))
    assert (failed.outcome, failed.release, bool(failed.problem)) == ("FAILED", None, True)
    assert CurrentRelease.objects.get().confirmed_at == now
    server.trouble = ""
    assert at(now + timedelta(hours=2)).outcome == "UNCHANGED"


def test_a_file_that_is_no_list_is_a_failure(at, server, now):
    server.body = b"not,a,list\n"
    failed = at(now)
    assert (failed.outcome, ListRelease.objects.count()) == ("FAILED", 1)
    assert failed.problem.startswith("Line 1: these are not the list's 29 columns")


def test_a_shrunk_list_is_stopped_kept_and_told_once(at, server, now, tmp_path):
    officer, manager = buyers.officer(now), buyers.manager(now)
    at(now)
    server.body = lines(make.rows_of_extract()[:30])
    stopped = [at(now + timedelta(hours=hour)) for hour in (1, 2)]
    assert [each.outcome for each in stopped] == ["STOPPED", "STOPPED"]
    assert ListRelease.objects.count() == 1
    kept = list((tmp_path / "lists").iterdir())
    assert [path.read_bytes() for path in kept] == [server.body]
    told = Notification.objects.filter(kind="screening.list_stopped")
    assert sorted(each.recipient.email for each in told) == sorted([officer.email, manager.email])
    assert all("lost rows" in each.body and kept[0].name in each.body for each in told)


def test_a_compressed_list_is_taken(at, server, now):
    server.body, server.content_type = gzip.compress(another(server)), "application/gzip"
    assert at(now).outcome == "IMPORTED"


def test_a_name_of_the_file_that_is_too_long_is_not_kept(at, server, now):
    server.body, server.named = another(server), {"ETag": f'"{"x" * 300}"', "Last_Modified": "y" * 61}
    fetch = at(now)
    assert (fetch.outcome, fetch.etag, fetch.last_modified) == ("IMPORTED", "", "")


def test_what_nobody_thought_of_is_told_as_a_failure_and_raised(at, server, now, monkeypatch):
    server.body = another(server)
    with monkeypatch.context() as patch:
        patch.setattr("screening.actions.lists._store", lambda rows: ListEntry.objects.create(source="x" * 201))
        with pytest.raises(DataError):
            at(now)
    failed = upkeep.newest_fetch()
    assert (failed.outcome, failed.problem) == ("FAILED", "The import failed: DataError")
    assert at(now).outcome == "IMPORTED"  # the positive control


def test_a_list_that_came_by_hand_is_not_taken_for_the_servers(at, server, now, tmp_path):
    at(now)
    path = make.written(tmp_path / "own.csv", [*make.rows_of_extract(), make.row(source="X (XL)", name="New")])
    actions.import_list(by=make.JOB, now=now, path=path, as_of=now.date())
    at(now + timedelta(hours=1))
    assert "If-None-Match" not in server.asked[-1]


def test_no_change_of_one_list_does_not_confirm_another_that_came_meanwhile(at, server, now, tmp_path):
    """An officer imports a list while the server is asked about the one before it."""
    at(now)
    held, later = CurrentRelease.objects.get().release_id, now + timedelta(hours=1)
    path = make.written(tmp_path / "own.csv", [*make.rows_of_extract(), make.row(source="X (XL)", name="New")])
    actions.import_list(by=make.JOB, now=now, path=path, as_of=now.date())
    same = fetching.Fetched(None, Validators(server.etag))
    fetch = actions.take_fetched(same, by=make.JOB, now=later, address=server.address, held=held)
    assert (fetch.outcome, fetch.etag, fetch.release) == ("FAILED", "", None)
    assert CurrentRelease.objects.get().confirmed_at == now
    held = CurrentRelease.objects.get().release_id  # the positive control
    fetch = actions.take_fetched(same, by=make.JOB, now=later, address=server.address, held=held)
    assert (fetch.outcome, CurrentRelease.objects.get().confirmed_at) == ("UNCHANGED", later)


def test_without_an_address_nothing_is_asked(at, server, now, settings):
    settings.CSL_URL = ""
    assert (at(now), server.asked) == (None, [])


# --- the alarm --------------------------------------------------------------------------------------------------------


def watch(now) -> list[str]:
    """Who was told by this ring of the bell."""
    before = set(Notification.objects.values_list("pk", flat=True))
    tasks.watch_list(OutboxMessage(payload={}), now=now)
    told = Notification.objects.filter(kind="screening.list_stale").exclude(pk__in=before)
    return sorted(told.values_list("recipient__email", flat=True))


def test_officers_and_managers_are_told_once_that_the_list_is_stale(listed, now):
    people = sorted(buyers.federal(role.lower(), role, now=now).email for role in (Role.OFFICER, Role.MANAGER))
    buyers.federal("someone", Role.EVALUATOR, now=now)
    stale = now + timedelta(days=3, minutes=1)
    assert watch(now + timedelta(days=2)) == []
    assert watch(stale) == people
    assert watch(stale + timedelta(hours=1)) == watch(stale + timedelta(days=30)) == []
    CurrentRelease.objects.update(confirmed_at=stale)
    assert watch(stale + timedelta(days=1)) == []
    assert watch(stale + timedelta(days=4)) == people
    letter = Notification.objects.filter(kind="screening.list_stale").latest("pk")
    assert letter.body.startswith("The screening list was last confirmed on 2026-11-27; it may be at most 3 days old.")
    assert letter.path == "/admin/screening/listrelease/"


def test_a_list_that_never_was_is_told_too(now):
    CurrentRelease.objects.all().delete()
    officer = buyers.officer(now)
    assert watch(now) == [officer.email]
    assert watch(now + timedelta(days=1)) == []


def test_status_and_front_page_say_so(client, listed, today):
    told = "it may be at most 3 days old."
    CurrentRelease.objects.update(confirmed_at=today)
    browser = signed_in(buyers.officer(today))
    pages = [lambda: client.get("/status/").text, lambda: browser.get("/admin/").text]
    assert [told in page() for page in pages] == [False, False]
    CurrentRelease.objects.update(confirmed_at=today - timedelta(days=4))
    assert [told in page() for page in pages] == [True, True]
    assert freshness(today).problem.endswith(told)
