"""screen_names and compare_names: what goes in, what comes out, and going on after a kill."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.engine.version import engine_version
from screening.models import CurrentRelease, ListEntry
from tests.factories import screening as make

COLUMNS = ["id", "entry_key", "source", "list_name", "score", "tier", "explanation"]
NAMES = [
    ["1", "Joseph Kony", "Person", "UG", ""],
    ["2", "Kathryn Barr", "Person", "", "1966-07-06"],
    ["3", "Nicolas Maduro", "", "", ""],
    ["4", "Nicolas Maduro", "Person", "", "1995-01-01"],
    ["5", "Huawei Marine Networks", "Organization", "CN", ""],
    ["6", "LABOLO, Ali", "", "", ""],
]
PAIRS = [
    ["Joseph Kony", "KONY, Joseph", "Person", "x,1"],
    ["Nicolas Maduro", "MADURO MOROS, Nicolas", "Person", "2"],
    ["Kathryn Barr", "KONY, Joseph", "Person", "three\nlines"],
    ["Umeme", "Huawei", "", ""],
]


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def names(tmp_path):
    return written(tmp_path / "in.csv", [["id", "name", "type", "country", "birth_date"], *NAMES])


@pytest.fixture
def pairs(tmp_path):
    return written(tmp_path / "in.csv", [["query_name", "candidate_name", "entity_type", "note"], *PAIRS])


@pytest.fixture
def small_parts(monkeypatch):
    for name in ("screen_names", "compare_names"):
        monkeypatch.setattr(f"screening.management.commands.{name}.PART", 2)


def run(command: str, source: Path, target: Path) -> list[str]:
    told = io.StringIO()
    call_command(
        command, input=source, output=target, stderr=told, **({"jobs": 1} if command == "screen_names" else {})
    )
    return told.getvalue().splitlines()


# --- screen_names -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_row_for_each_hit_and_one_for_a_name_without(names, tmp_path, listed, small_parts):
    assert run("screen_names", names, tmp_path / "out.csv") == ["2 of 6 names", "4 of 6 names", "6 of 6 names"]
    rows = read(tmp_path / "out.csv")
    assert list(rows[0]) == COLUMNS
    assert list(dict.fromkeys(row["id"] for row in rows)) == ["1", "2", "3", "4", "5", "6"]
    first = {row["id"]: row for row in reversed(rows)}
    assert [first[number]["tier"] for number in "123"] == ["alert", "clear", "alert"]
    assert first["4"]["tier"] != "alert"
    entry = ListEntry.objects.get(name="KONY, Joseph")
    assert (first["1"]["entry_key"], first["1"]["source"]) == (entry.content_key, entry.source)
    assert first["3"]["list_name"] == "MADURO MOROS, Nicolas"
    assert first["6"]["list_name"] == "KONY, Ali"
    assert "LABOLO, Ali" in first["6"]["explanation"]
    assert {first["2"][name] for name in ("entry_key", "source", "list_name", "score")} == {""}
    assert all(f"engine {engine_version()}, list of 2022-05-06" in row["explanation"] for row in rows)


@pytest.mark.django_db
def test_after_a_kill_at_any_byte_it_goes_on_to_the_same_file(names, tmp_path, listed, small_parts):
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    run("screen_names", names, whole)
    content = whole.read_bytes()
    for size in [0, 5, 40, *range(100, len(content), max(1, len(content) // 12)), len(content) - 1, len(content)]:
        cut.write_bytes(content[:size])
        told = run("screen_names", names, cut)
        assert cut.read_bytes() == content, size
    assert told[0] == "5 names were screened before."  # the last name's hits may not have been all


@pytest.mark.django_db
def test_an_output_of_another_input_list_or_engine_is_refused(names, tmp_path, listed, other_weights):
    out = tmp_path / "out.csv"
    run("screen_names", names, out)
    other = written(tmp_path / "other.csv", [["id", "name"], ["9", "Joseph Kony"]])
    with pytest.raises(CommandError, match="was begun with another input: delete it"):
        run("screen_names", other, out)
    out.write_text(out.read_text().replace("list of 2022-05-06", "list of 2022-05-05"))
    with pytest.raises(CommandError, match="was begun with another list or engine: delete it"):
        run("screen_names", names, out)
    with pytest.raises(CommandError, match="is another file: delete it"):
        run("screen_names", names, names)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: no column id, name"),
        ("name\nx\n", "line 1: no column id. The first line names the columns."),
        ("id,name\n1,\n", "line 2: no name. Fill it in or take the row out."),
        ("id,name\n,x\n", "line 2: the id '' is empty or stands twice."),
        ("id,name\n1,x\n1,y\n", "line 3: the id '1' is empty or stands twice."),
        ("id,name\n1,x,y\n", "line 2: more values than columns. Put a value with a comma in quotes."),
        ("id,name,type\n1,x,Ship\n", "line 2: the type is 'Ship'. Write Person, Organization or nothing."),
        ("id,name,country\n1,x,Kenya\n", "line 2: the country is 'Kenya'. Write two letters, such as AE"),
        ("id,name,birth_date\n1,x,5/6/1990\n", "line 2: the birth date is '5/6/1990'. Write it as 1962-11-23"),
        ('id,name\n1,"x\n', "not a CSV file"),
        (b"id,name\n1,\xff\n", "not UTF-8"),
        (None, "No such file or directory. Name a file that can be read."),
    ],
)
def test_bad_input_is_told_in_one_line_and_writes_nothing(content, told, tmp_path, listed):
    source = tmp_path / "in.csv"
    if content is not None:
        source.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CommandError) as refusal:
        run("screen_names", source, tmp_path / "out.csv")
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.django_db
def test_without_a_list_nobody_is_told_to_be_clear(names, tmp_path):
    CurrentRelease.objects.all().delete()
    with pytest.raises(CommandError, match=r"Import one: manage\.py import_csl FILE"):
        run("screen_names", names, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.django_db
def test_no_names_give_a_head(tmp_path, listed):
    run("screen_names", written(tmp_path / "in.csv", [["id", "name"]]), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines() == [",".join(COLUMNS)]


@pytest.mark.parametrize(("is_watched", "is_left"), [(True, False), (False, True)])
def test_no_process_is_left_behind_by_a_killed_one(is_watched, is_left):
    code = (
        "import os, time; from screening.batches import end_with; parent = os.getpid(); child = os.fork()\n"
        f"if not child: {is_watched} and end_with(parent)\n"
        "else: print(child, flush=True)\n"
        "time.sleep(30)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
        parent.stdout.close()
    last = time.monotonic() + (5 if is_watched else 0.5)
    while is_alive(child) and time.monotonic() < last:
        time.sleep(0.05)
    assert is_alive(child) is is_left
    if is_left:
        os.kill(child, signal.SIGKILL)


def is_alive(process: int) -> bool:
    """Whether it runs; one that ended and that nobody has asked for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


# --- compare_names ------------------------------------------------------------------------------------------------------


def test_pairs_are_scored_without_a_list_and_keep_their_columns(pairs, tmp_path, small_parts):
    assert run("compare_names", pairs, tmp_path / "out.csv") == ["2 pairs", "4 pairs"]
    rows = read(tmp_path / "out.csv")
    assert list(rows[0]) == ["query_name", "candidate_name", "entity_type", "note", "score", "tier", "explanation"]
    assert [[row[name] for name in list(row)[:4]] for row in rows] == PAIRS
    assert [row["tier"] for row in rows] == ["alert", "alert", "clear", "clear"]
    assert float(rows[0]["score"]) > 50 > float(rows[3]["score"])
    assert rows[0]["explanation"].startswith("The same name as “KONY, Joseph”, word for word.")
    assert "No word of one is like a word of the other." in rows[3]["explanation"]


def test_comparing_goes_on_after_a_kill_at_any_byte(pairs, tmp_path, small_parts):
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    run("compare_names", pairs, whole)
    content = whole.read_bytes()
    for size in [0, 5, *range(60, len(content), max(1, len(content) // 12)), len(content) - 1, len(content)]:
        cut.write_bytes(content[:size])
        run("compare_names", pairs, cut)
        assert cut.read_bytes() == content, size


def test_comparing_refuses_what_it_cannot_read(pairs, tmp_path):
    bad = written(tmp_path / "bad.csv", [["query_name", "candidate_name"], ["a", "b"]])
    with pytest.raises(CommandError, match="line 1: no column entity_type"):
        run("compare_names", bad, tmp_path / "out.csv")
    run("compare_names", pairs, tmp_path / "out.csv")
    other = written(tmp_path / "other.csv", [["query_name", "candidate_name", "entity_type", "note"], *PAIRS[::-1]])
    with pytest.raises(CommandError, match="was begun with another input"):
        run("compare_names", other, tmp_path / "out.csv")


def test_the_extract_is_what_the_tests_screen_against():
    assert len(make.rows_of_extract()) == 196


# --- bench_screening ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_bench_tells_machine_time_memory_and_peers(listed):
    out = io.StringIO()
    call_command("bench_screening", parties=30, jobs=1, stdout=out)
    told = out.getvalue().splitlines()
    assert told[0].endswith(f"engine {engine_version()}")
    assert told[1].startswith("list of 2022-05-06: 195 entries, ")
    assert told[2].startswith("30 parties, 1 processes: ")
    assert [line.partition(":")[0] for line in told[3:]] == [
        "one name in the worker",
        "one name through PostgreSQL",
        "rapidfuzz token_sort_ratio",
        "pg_trgm, top 50 by GIN",
        "No recall and alert rates",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"parties": 0}, "Parties, jobs and sample are numbers of 1 or more."),
        ({"data": Path("nowhere")}, "There is no nowhere/names/unlisted_people_dev.csv.gz"),
    ],
)
def test_the_bench_says_what_is_wrong(options, told, listed):
    with pytest.raises(CommandError, match=told):
        call_command("bench_screening", **options)
