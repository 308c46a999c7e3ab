"""A new list is taken whole or not at all: checked, stored, switched to; the same one again only confirms."""

import gzip
import hashlib
import tracemalloc
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import UnableTo
from core.ledger import entries_for
from screening import actions, csl, unpacking
from screening.models import CurrentRelease, ListEntry, ListName, ListRelease, ReleaseEntry
from tests.factories import screening as make

pytestmark = pytest.mark.django_db
EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ListRelease, ListEntry, ListName, ReleaseEntry))


@pytest.fixture
def in_force(listed) -> CurrentRelease:
    return CurrentRelease.objects.select_related("release").get()


def attempt(path, now, *, by=make.JOB, **options) -> ListRelease:
    return actions.import_list(by=by, now=now, path=path, as_of=date(2026, 11, 23), **options)


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_a_release_says_what_it_holds(in_force, now):
    release = in_force.release
    assert (release.row_count, sum(release.counts.values()), len(release.counts)) == (195, 194, 13)
    assert (release.counts[EL], release.counts[SDN]) == (40, 55)
    assert release.oddities["no type"] == [90, 2]
    assert [len(release.merged), release.rejected, release.replaced] == [1, [], None]
    assert release.sha256 == hashlib.sha256(make.EXTRACT.read_bytes()).hexdigest()
    assert (release.as_of, release.fetched_at, in_force.confirmed_at) == (date(2022, 5, 6), now, now)
    assert release.accepted_by is None
    assert [str(release), str(in_force)] == ["2022-05-06 (195)", "2022-05-06 (195)"]
    assert [entry.action for entry in entries_for(release)] == ["import_list"]


def test_an_entry_keeps_its_row_and_its_names(in_force):
    entry = ListEntry.objects.get(name="KONY, Ali")
    assert (entry.list_code, entry.source, entry.type) == ("SDN", SDN, "Individual")
    assert (entry.dates_of_birth, entry.fields["name"]) == ("1992; 1994; 1995; 1993", "KONY, Ali")
    names = list(entry.names.order_by("pk").values_list("name", "is_alias"))
    assert names[:2] == [("KONY, Ali", False), ("LALOBO, Ali", True)]
    assert len(names) == 15
    row = entry.rows.get()
    assert [str(entry), str(entry.names.first()), str(row)] == [
        "KONY, Ali (SDN)",
        "KONY, Ali",
        f"{in_force.release.pk}:{entry.pk}",
    ]


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_plain_and_compressed_files_are_read(suffix, now, tmp_path):
    content = make.EXTRACT.read_bytes()
    path = tmp_path / f"list{suffix}"
    path.write_bytes(gzip.compress(content) if suffix == ".csv.gz" else content)
    assert attempt(path, now).row_count == 195


# --- the same list, and the next one ----------------------------------------------------------------------------------


def test_the_same_list_again_only_confirms(in_force, now, news):
    before, later = stored(), now + timedelta(days=2)
    assert attempt(make.EXTRACT, later) == in_force.release
    assert stored() == before
    in_force.refresh_from_db()
    assert (in_force.confirmed_at, in_force.release.fetched_at, in_force.release.as_of) == (
        later,
        now,
        date(2022, 5, 6),
    )
    assert [entry.action for entry in entries_for(in_force.release)] == ["import_list", "confirm_release"]
    assert news("screening.list_changed") == []


def test_a_new_list_stores_only_what_is_new_and_is_told(in_force, now, news, tmp_path):
    entries, names = ListEntry.objects.count(), ListName.objects.count()
    extra = make.row(source=EL, name="Newly Listed", alt_names="Fresh; and Recent")
    release = attempt(make.written(tmp_path / "next.csv", [*make.rows_of_extract(), extra]), now)
    in_force.refresh_from_db()
    assert in_force.release == release != ListRelease.objects.order_by("pk").first()
    assert (ListEntry.objects.count(), ListName.objects.count()) == (entries + 1, names + 3)
    assert (release.entries.count(), release.row_count) == (entries + 1, 196)
    assert news("screening.list_changed") == [{"release": release.pk}]


def test_a_changed_row_is_a_new_entry_and_the_old_release_keeps_the_old_one(in_force, now, tmp_path):
    rows = make.rows_of_extract()
    changed = [["1963; 1964" if cell == "1992; 1994; 1995; 1993" else cell for cell in row] for row in rows]
    release = attempt(make.written(tmp_path / "next.csv", changed), now)
    old = in_force.release.entries.get(name="KONY, Ali")
    new = release.entries.get(name="KONY, Ali")
    assert (old.dates_of_birth, new.dates_of_birth) == ("1992; 1994; 1995; 1993", "1963; 1964")


def test_confirming_makes_the_list_fresh(in_force, now, officer):
    assert actions.confirm_release(by=officer, now=now + timedelta(hours=1)) == in_force.release
    in_force.refresh_from_db()
    assert in_force.confirmed_at == now + timedelta(hours=1)


# --- what changes nothing ---------------------------------------------------------------------------------------------


def broken_files() -> dict[str, bytes]:
    content = make.EXTRACT.read_bytes()
    packed = gzip.compress(content)
    return {
        "empty.csv": b"",
        "empty.csv.gz": b"",
        "head.csv": content.split(b"\n")[0] + b"\n",
        "page.csv": b"<html>503</html>",
        "cut.csv.gz": packed[:-2_000],
        "no-gzip.csv.gz": content[1:],
        "garbled.csv.gz": packed[:10] + b"\xff" * 64 + packed[74:],
        "not-utf8.csv": content + b"\xff",
        "utf16.csv": content.decode().encode("utf-16"),
        "quotes.csv": content.replace(b'"KONY, Joseph"', b'"KONY"" Joseph', 1),
    }


@pytest.mark.parametrize("name", broken_files())
def test_a_broken_file_leaves_the_old_list_in_force(name, in_force, now, news, tmp_path):
    before = stored()
    path = tmp_path / name
    path.write_bytes(broken_files()[name])
    with pytest.raises(csl.BrokenList):
        attempt(path, now + timedelta(days=1))
    assert stored() == before
    assert CurrentRelease.objects.get().release == in_force.release
    assert CurrentRelease.objects.get().confirmed_at == now
    assert news("screening.list_changed") == []


# --- what an officer has to look at -----------------------------------------------------------------------------------


def spoilt(kind: str) -> list[list[str]]:
    rows = make.rows_of_extract()
    treaty = [row for row in rows if row[1] == EL]
    others = [row for row in rows if row[1] != EL]
    return {
        "fifteen thousand rows gone": rows[:20],
        "one list gone": others,
        "a list lost a quarter": others + treaty[: len(treaty) * 3 // 4],
        "a list lost one of forty": others + treaty[1:],
        "a row broken off": [*rows, rows[-1][:8]],
        "a row without name": [*rows, make.row(source=EL)],
        "the head again": [*rows, rows[0]],
        "a NUL": [*rows, make.row(source=EL, name="A\0")],
        "read as Latin": [[cell.encode().decode("latin-1") for cell in row] for row in with_accents(rows)],
        "nothing": [*rows, make.row(source=EL, name="New")],
    }[kind]


def with_accents(rows: list[list[str]]) -> list[list[str]]:
    return [rows[0], *([*row[:20], "S\u00e3o Paulo \u2013 \u00e9", *row[21:]] for row in rows[1:])]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("fifteen thousand rows gone", "The new list lost rows: Capta"),
        ("one list gone", f"The new list lost rows: {EL}: 40 → 0."),
        ("a list lost a quarter", f"The new list lost rows: {EL}: 40 → 30."),
        ("a list lost one of forty", f"The new list lost rows: {EL}: 40 → 39."),
        ("a row broken off", "1 row of the new list cannot be read (line 200: 8 columns instead of 29)."),
        ("a row without name", "1 row of the new list cannot be read (line 200: no name or no source)."),
        ("the head again", "1 row of the new list cannot be read (line 200: the names of the columns again)."),
        ("a NUL", "1 row of the new list cannot be read (line 200: a NUL character)."),
        ("read as Latin", "194 rows hold characters that were read in a wrong encoding."),
    ],
)
def test_a_doubtful_list_needs_an_officer(kind, told, in_force, now, news, officer, tmp_path):
    path, before = make.written(tmp_path / "next.csv", spoilt(kind)), stored()
    for by, accepts in ((make.JOB, False), (make.JOB, True), (officer, False)):
        with pytest.raises(UnableTo) as refusal:
            attempt(path, now, by=by, accept_shrink=accepts)
        assert str(refusal.value).startswith(told)
    assert (stored(), news("screening.list_changed")) == (before, [])
    release = attempt(path, now, by=officer, accept_shrink=True)
    assert CurrentRelease.objects.get().release == release
    is_same = "cannot be read" in told  # but for those rows, the list is the one in force: confirmed, not replaced
    assert (release == in_force.release, release.accepted_by) == (is_same, None if is_same else officer)
    assert sum(release.counts.values()) + len(release.merged) + len(release.rejected) == release.row_count


def test_a_list_without_a_doubt_needs_nobody(in_force, now, tmp_path):
    """The positive control."""
    assert attempt(make.written(tmp_path / "next.csv", spoilt("nothing")), now).accepted_by is None


# --- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table", ["listentry", "listname", "listrelease", "releaseentry", "listchange", "listfetch", "screeningrun"]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_lists_and_runs_are_records(table, statement, clear_one):
    with (
        pytest.raises(IntegrityError, match="a record is corrected by a new row"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(f"screening_{table}"))


def test_there_is_one_pointer(in_force, now):
    with pytest.raises(IntegrityError, match="there is one current release"), transaction.atomic():
        CurrentRelease.objects.create(pk=2, release=in_force.release, confirmed_at=now)


# --- a file that is larger than it looks ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["list.csv", "list.csv.gz"])
def test_a_file_is_read_up_to_a_size_and_no_further(name, tmp_path):
    content = make.EXTRACT.read_bytes()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    with unpacking.opened(path, len(content)) as stream:
        assert len(list(csl.read(stream, csl.Report()))) == 194
    with unpacking.opened(path, len(content) - 1) as stream, pytest.raises(csl.BrokenList, match="larger than 105227"):
        list(csl.read(stream, csl.Report()))


def test_a_few_packed_bytes_do_not_fill_the_memory(tmp_path):
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(make.EXTRACT.read_bytes() + b"x" * 50_000_000))
    tracemalloc.start()
    with unpacking.opened(path, 1_000_000) as stream, pytest.raises(csl.BrokenList, match="larger than 1000000 bytes"):
        list(csl.read(stream, csl.Report()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
