"""Whatever is missing means no: each way of asking says so, and the same world with the thing in place says yes."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.urls import reverse

from buyers.models import Buyer
from buyers.selectors import trusted
from core import outbox
from core.errors import UnableTo
from core.models import DatedRule
from organizations.actions import edit_organization
from organizations.models import Organization
from packages.selectors import offered
from screening import actions, csl, tasks
from screening.engine import matcher, version
from screening.models import CurrentRelease, Hit, ListEntry, ListName, ListRelease, ScreeningRun
from screening.selectors import freshness, groups_of, is_clear, is_screened, list_banner, screening_state
from screening.states import Outcome
from tests.browsers import signed_in
from tests.factories import matching, organizations
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.screening.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stored_scene(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), transaction.atomic():
        yield matching.scene(NOW, tmp_path_factory.mktemp("list"))
        transaction.set_rollback(True)


@pytest.fixture
def scene(stored_scene, now):
    """An offered package and a trusted buyer, screened against a list that names neither; read anew for each test."""
    found = matching.Scene.read(stored_scene.keys())
    anchor = found.consortium.members.get(part="ANCHOR").company.organization
    return SimpleNamespace(supplier=anchor, client=found.buyer.organization, package=found.package, buyer=found.buyer)


def answers(scene, now) -> dict[str, object]:
    """What each way of asking says of the two organizations; those that must agree are compared here."""
    kinds = {}
    for role in ("supplier", "client"):
        organization = Organization.objects.get(pk=getattr(scene, role).pk)
        state = screening_state(organization, now)
        assert state.is_clear == Organization.objects.filter(is_clear(now), pk=organization.pk).exists()
        assert state.is_clear == (state.kind == "CLEAR")
        assert state.reason != ""
        kinds[role] = state.kind
    assert trusted(now).filter(pk=scene.buyer.pk).exists() == (kinds["client"] == "CLEAR")
    assert Buyer.objects.filter(is_clear(now, "organization"), pk=scene.buyer.pk).exists() == (
        kinds["client"] == "CLEAR"
    )
    return kinds | {"offered": list(offered(now)) == [scene.package]}


ALL_CLEAR = {"supplier": "CLEAR", "client": "CLEAR", "offered": True}
NOBODY = {"supplier": "COULD_NOT", "client": "COULD_NOT", "offered": False}


def reason(organization: Organization, now) -> str:
    return screening_state(Organization.objects.get(pk=organization.pk), now).reason


def test_with_everything_in_place_the_answer_is_yes(scene, now):
    assert answers(scene, now) == ALL_CLEAR
    assert reason(scene.client, now) == "Screened without an open hit."
    assert is_screened(scene.client) is True


# --- the list -----------------------------------------------------------------------------------------------------------


def test_without_a_list_nobody_is_clear(scene, now):
    CurrentRelease.objects.all().delete()
    assert answers(scene, now) == NOBODY
    assert reason(scene.client, now) == "No screening list has been imported. Import it with: manage.py import_csl"
    assert is_screened(scene.client) is False
    assert freshness(now).problem == reason(scene.client, now)
    assert (freshness(now).as_of, freshness(now).confirmed_at) == (None, None)
    assert list_banner(now) == "No screening list is loaded."


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(days=3), ALL_CLEAR), (timedelta(days=3, seconds=1), NOBODY), (timedelta(days=900), NOBODY)],
)
def test_a_stale_list_clears_nobody(age, expected, scene, now):
    CurrentRelease.objects.update(confirmed_at=now - age)
    assert answers(scene, now) == expected
    day = (now - age).date().isoformat()
    told = f"The screening list was last confirmed on {day}; it may be at most 3 days old."
    assert freshness(now).problem == ("" if expected == ALL_CLEAR else told)
    assert reason(scene.client, now) == (told if expected == NOBODY else "Screened without an open hit.")


def test_a_list_that_is_confirmed_again_is_fresh(scene, now):
    later = now + timedelta(days=30)
    assert answers(scene, later) == NOBODY
    actions.confirm_release(by=make.JOB, now=later)
    assert answers(scene, later) == ALL_CLEAR


def test_without_the_rule_that_says_how_long_a_list_is_fresh_nobody_is_clear(scene, now):
    DatedRule.objects.filter(code="csl_stale_after_days").delete()
    assert answers(scene, now) == NOBODY
    told = "No rule 'csl_stale_after_days' holds on 2026-11-24. Load the rules with: manage.py load_rules"
    assert (reason(scene.client, now), freshness(now).problem) == (told, told)
    make.rules()
    assert answers(scene, now) == ALL_CLEAR


def test_a_rule_of_another_day_does_not_do(scene, now):
    DatedRule.objects.filter(code="csl_stale_after_days").update(effective_to=now.date())
    assert answers(scene, now) == NOBODY


# --- the run ------------------------------------------------------------------------------------------------------------


def test_who_was_not_screened_is_not_clear(scene, now):
    newcomer = organizations.organization("Northwind Analytics LLC", now=now, owned=True)
    assert reason(newcomer, now) == "This organization has not been screened yet."
    assert is_screened(newcomer) is False
    outbox.drain(now)
    assert reason(newcomer, now) == "Screened without an open hit."


def test_a_new_list_must_be_screened_against_first(scene, now, tmp_path):
    make.imported(make.list_file(tmp_path / "next.csv", "Somebody Else"), now=now)
    assert answers(scene, now) == NOBODY
    assert reason(scene.client, now) == "The organization or the list changed; it is being screened again."
    outbox.drain(now)
    assert answers(scene, now) == ALL_CLEAR


def test_a_changed_profile_must_be_screened_first(scene, now):
    edit_organization(scene.client, by=person("buyer"), now=now, legal_name="Umeme Grid Holding")
    assert answers(scene, now) == ALL_CLEAR | {"client": "COULD_NOT"}
    outbox.drain(now)
    assert screening_state(scene.client, now).kind == "CLEAR"


def test_a_run_of_another_engine_does_not_count(scene, now, other_weights):
    undo = other_weights(version.WEIGHTS.read_text() + "\n")
    assert answers(scene, now) == NOBODY
    undo()
    assert answers(scene, now) == ALL_CLEAR


def test_an_engine_that_fails_clears_nobody_until_it_works_again(scene, now, tmp_path, news, broken_engine):
    listed(scene, now, tmp_path, "Umeme Waterworks")  # like enough to be compared
    assert answers(scene, now)["client"] == "COULD_NOT"
    assert reason(scene.client, now) == "The engine failed: KeyError"
    assert is_screened(scene.client) is False
    assert news("screening.organization_screened").count({"organization": scene.client.pk, "outcome": "COULD_NOT"}) == 1
    failed = scene.client.screening_runs.latest("pk").pk
    assert news("screening.part_due")[-1] == {"first": scene.client.pk, "last": scene.client.pk, "failed": failed}
    broken_engine()  # mended
    outbox.drain(now + tasks.RETRY - timedelta(seconds=1))
    assert screening_state(scene.client, now).kind == "COULD_NOT"
    outbox.drain(now + tasks.RETRY)
    assert screening_state(scene.client, now).kind == "CLEAR"


def test_a_name_that_cannot_be_read_is_not_clear(scene, now):
    edit_organization(scene.client, by=person("buyer"), now=now, legal_name="★ ★ ★")
    outbox.drain(now)
    assert answers(scene, now) == ALL_CLEAR | {"client": "COULD_NOT"}
    assert reason(scene.client, now) == "A name cannot be read: legal name."
    edit_organization(scene.client, by=person("buyer"), now=now, legal_name="Umeme ★")
    outbox.drain(now)
    assert screening_state(scene.client, now).kind == "CLEAR"


# --- hits ---------------------------------------------------------------------------------------------------------------


def listed(scene, now, tmp_path, *names: str) -> None:
    make.imported(make.list_file(tmp_path / "next.csv", *names), now=now)
    outbox.drain(now)


def test_an_open_hit_is_not_clear(scene, now, tmp_path):
    listed(scene, now, tmp_path, scene.client.legal_name)
    assert answers(scene, now) == ALL_CLEAR | {"client": "OPEN_HITS"}
    assert reason(scene.client, now) == "1 screening hit waits for a decision."


def test_a_supplier_with_a_hit_hides_its_package(scene, now, tmp_path):
    listed(scene, now, tmp_path, scene.supplier.legal_name)
    assert answers(scene, now) == {"supplier": "OPEN_HITS", "client": "CLEAR", "offered": False}


def test_a_true_match_is_blocked(scene, now, tmp_path, officer):
    listed(scene, now, tmp_path, scene.client.legal_name)
    actions.confirm_hit(Hit.objects.get(), by=officer, now=now, reason="The same address.")
    assert answers(scene, now) == ALL_CLEAR | {"client": "BLOCKED"}
    assert reason(scene.client, now) == "An officer found that this is a listed party."


def test_a_state_names_its_evidence_in_five_queries(scene, now, django_assert_num_queries):
    with django_assert_num_queries(5):
        state = screening_state(scene.client, now)
    assert state.release == CurrentRelease.objects.get().release
    assert (state.run.outcome, state.hits) == (Outcome.CLEAR, ())
    assert str(state.run) == f"{scene.client}: CLEAR"
    assert state.run == ScreeningRun.objects.filter(organization=scene.client).latest("pk")


# --- what pages say -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_embedded", "words"), [(True, "demonstration list of 2022-05-06"), (False, "list of 2022-05-06")]
)
def test_pages_say_which_list_it_is(is_embedded, words, scene, now, settings):
    settings.EMBEDDED = is_embedded
    assert list_banner(now) == words


@pytest.mark.parametrize(
    ("country", "groups"),
    [("IR", ["D:2", "D:3", "D:4", "D:5", "E:1"]), ("US", ["A:1", "A:2", "A:3", "A:4"]), ("XX", [])],
)
def test_the_country_groups_of_a_country(country, groups, now):
    assert groups_of(country, now.date()) == groups
    assert groups_of(country, date(2022, 1, 1)) == []  # no rule is held of that day


# --- the table of faults ----------------------------------------------------------------------------------------------


def broken_list(kind: str, folder: Path) -> Path:
    """A file with that fault, made of the list in force and a party that comes."""
    rows = list(csv.reader(io.StringIO(make.list_file(folder / "good.csv", "Somebody Else").read_text())))
    good = (folder / "good.csv").read_bytes()
    content = {
        "empty": b"",
        "no rows": good.split(b"\r\n")[0] + b"\r\n",
        "an error page": b"<html>503 Service Unavailable</html>",
        "truncated": good[: len(good) // 2],
        "truncated by whole rows": b"\r\n".join(good.split(b"\r\n")[:-6]) + b"\r\n",
        "columns missing": b"\r\n".join(b",".join(line.split(b",")[:-1]) for line in good.split(b"\r\n")),
        "Latin-1": good.replace(b"Somebody", "S\u00f6mebody".encode("latin-1")),
        "UTF-16": good.decode().encode("utf-16"),
        "read as Latin-1 and stored as UTF-8": lines(
            [[*row[:20], "\u00e9 \u00fc".encode().decode("latin-1"), *row[21:]] for row in rows]
        ),
        "NUL": good.replace(b"Somebody", b"Some\0body"),
    }[kind]
    path = folder / "next.csv"
    path.write_bytes(content)
    return path


def lines(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([csl.COLUMNS, *rows[1:]])
    return stream.getvalue().encode()


FAULTY_FILES = [
    ("empty", "Line 1: these are not the list's 29 columns"),
    ("no rows", "The file holds no listed party."),
    ("an error page", "Line 1: these are not the list's 29 columns"),
    ("truncated", "The new list lost rows: "),
    ("truncated by whole rows", "The new list lost rows: "),
    ("columns missing", "Line 1: these are not the list's 29 columns"),
    ("Latin-1", "Line "),
    ("UTF-16", "Line "),
    ("read as Latin-1 and stored as UTF-8", "60 rows hold characters that were read in a wrong encoding."),
    ("NUL", "1 row of the new list cannot be read"),
]


@pytest.mark.parametrize(("kind", "told"), FAULTY_FILES)
def test_a_faulty_file_is_refused_and_the_list_in_force_ages_until_nobody_is_clear(kind, told, scene, now, tmp_path):
    """While the list in force is fresh it holds; the fault does not confirm it, so that it runs out."""
    before = CurrentRelease.objects.get()
    path = broken_list(kind, tmp_path)
    later = now + timedelta(days=3)
    with pytest.raises((csl.BrokenList, UnableTo)) as refusal:
        actions.import_list(by=make.JOB, now=later, path=path, as_of=later.date())
    assert str(refusal.value).startswith(told)
    assert CurrentRelease.objects.get() == before
    assert CurrentRelease.objects.get().confirmed_at == before.confirmed_at
    assert answers(scene, later) == ALL_CLEAR
    stale = later + timedelta(seconds=1)
    assert answers(scene, stale) == NOBODY
    assert "it may be at most 3 days old" in reason(scene.client, stale)


@pytest.mark.parametrize("kind", [kind for kind, _told in FAULTY_FILES if kind != "truncated by whole rows"])
def test_a_faulty_first_file_leaves_no_list_and_nobody_clear(kind, scene, now, tmp_path):
    CurrentRelease.objects.all().delete()
    releases = ListRelease.objects.count()
    path = broken_list(kind, tmp_path)
    with pytest.raises((csl.BrokenList, UnableTo)):
        actions.import_list(by=make.JOB, now=now, path=path, as_of=now.date())
    assert (ListRelease.objects.count(), answers(scene, now)) == (releases, NOBODY)
    assert reason(scene.client, now).startswith("No screening list has been imported.")


def test_a_list_that_was_imported_by_half_does_not_exist(scene, now, tmp_path, monkeypatch):
    """What fails after the entries are stored takes them with it; the guard off (in pieces), the half would stay."""

    def fail(*_arguments, **_options):
        raise DatabaseError("the disk is full")

    before = [model.objects.count() for model in (ListRelease, ListEntry, ListName)]
    monkeypatch.setattr(CurrentRelease.objects, "update_or_create", fail)
    path = make.list_file(tmp_path / "next.csv", "Somebody Else", "And Another")
    with pytest.raises(DatabaseError):
        actions.import_list(by=make.JOB, now=now, path=path, as_of=now.date())
    assert [model.objects.count() for model in (ListRelease, ListEntry, ListName)] == before
    assert answers(scene, now) == ALL_CLEAR


@pytest.mark.parametrize("feature", ["align", "measure", "birth_points", "country_points", "rarity", "_tiers"])
def test_an_exception_anywhere_in_the_engine_clears_nobody(feature, scene, now, tmp_path, monkeypatch):
    """Of the two, the one whose names are compared with a listed one cannot be screened; the page says why."""

    def fail(*_arguments, **_options):
        raise ArithmeticError("planted")

    monkeypatch.setattr(matcher, feature, fail)
    make.imported(make.list_file(tmp_path / "next.csv", scene.client.legal_name, scene.supplier.legal_name), now=now)
    outbox.drain(now)
    assert answers(scene, now) == NOBODY
    assert reason(scene.client, now) == "The engine failed: ArithmeticError"
    monkeypatch.undo()
    outbox.drain(now + tasks.RETRY)
    assert answers(scene, now) == {"supplier": "OPEN_HITS", "client": "OPEN_HITS", "offered": False}


@pytest.mark.parametrize("data", ["WEIGHTS", "TABLE"])
def test_data_of_the_engine_that_is_missing_clears_nobody(data, scene, now, tmp_path, monkeypatch):
    """Its version cannot be told: nothing that asks for it answers, so that no page shows anybody as clear."""
    monkeypatch.setattr(version, data, tmp_path / "missing")
    version.engine_version.cache_clear()
    try:
        with pytest.raises(FileNotFoundError):
            screening_state(scene.client, now)
        with pytest.raises(FileNotFoundError):
            is_clear(now)
    finally:
        monkeypatch.undo()
        version.engine_version.cache_clear()


def test_a_database_that_is_down_clears_nobody(scene, now):
    """Whoever asks is told that it is down, and not that somebody is clear: the connection is cut on purpose."""
    asked = [
        lambda: screening_state(scene.client, now),
        lambda: list(Buyer.objects.filter(is_clear(now, "organization"))),
        lambda: list(trusted(now)),
        lambda: list(offered(now)),
        lambda: is_screened(scene.client),
        lambda: freshness(now),
    ]
    for ask in asked:
        with connection.execute_wrapper(_down), pytest.raises(OperationalError, match="planted"):
            ask()
    assert answers(scene, now) == ALL_CLEAR  # the positive control


def _down(*_arguments):
    raise OperationalError("planted: the database is down")


def test_the_case_page_says_why_nobody_can_be_trusted(scene, now, officer):
    """Each fault of the list in the words of the page where trust is given."""
    browser = signed_in(officer)
    case = scene.buyer.cases.latest("pk")
    page = reverse("admin:buyers_vettingcase_change", args=[case.pk])
    CurrentRelease.objects.update(confirmed_at=now - timedelta(days=9))
    assert "it may be at most 3 days old" in browser.get(page).text
    CurrentRelease.objects.all().delete()
    assert "No screening list has been imported." in browser.get(page).text
