"""The two real lists: every row accounted for, the partial one stopped and then accepted, and what changes nothing."""

import csv
import gzip
import io
import random
import uuid
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core import outbox
from core.models import OutboxMessage
from screening import actions, changes, csl
from screening.actions.lists import SHRINK_ROWS, SHRINK_SHARE
from screening.management.commands.import_csl import BUNDLED
from screening.models import (
    CurrentRelease,
    Hit,
    ListChange,
    ListEntry,
    ListName,
    ListRelease,
    ReleaseEntry,
    ScreeningRun,
)
from screening.selectors import screening_state
from tests.factories import buyers
from tests.factories import organizations as organization_factory
from tests.scenes import scene
from tests.screening.conftest import NOW

pytestmark = pytest.mark.django_db
PARTIAL = Path(__file__).resolve().parent.parent / "data" / "csl_partial_2023-11-30.csv.gz"
SOON = NOW + timedelta(hours=1)


def run(*arguments: object) -> list[str]:
    out = io.StringIO()
    call_command("import_csl", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def plain(path: Path) -> list[dict[str, str]]:
    """The file's rows by nothing but the csv module, the broken last one left out: to compare with."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["ids"] is not None and row["source"] != "source"]


@scene
def whole() -> list[str]:
    """The complete list in force; what the command said of it."""
    return run()


@pytest.mark.long
def test_every_row_of_the_whole_list_is_accounted_for(whole):
    assert whole[:3] == [
        "The list of 2022-05-06 is in force: 14159 entries.",
        "  14160 rows = 14159 entries + 1 merged + 0 rejected",
        "    merged: line 1980 says the same as line 1979",
    ]
    assert "   10026  Specially Designated Nationals (SDN) - Treasury Department" in whole
    release = CurrentRelease.objects.get().release
    assert (release.entries.count(), release.counts) == (
        14_159,
        dict(
            Counter(row["source"] for row in plain(BUNDLED)) - Counter([next(s for s in release.counts if "CAP" in s)])
        ),
    )
    assert ListName.objects.filter(name="KONY, Joseph").count() == 1
    assert ListChange.objects.count() == 0


# --- what changes nothing ---------------------------------------------------------------------------------------------


def turned_round(path: Path, to: Path) -> Path:
    """The same list: rows shuffled, every `_id` new, columns in another order, packed again."""
    rows, chance = plain(path), random.Random(5)
    chance.shuffle(rows)
    columns = chance.sample(csl.COLUMNS, len(csl.COLUMNS))
    assert columns != csl.COLUMNS
    with gzip.open(to, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(row | {"_id": str(uuid.UUID(int=chance.getrandbits(128)))} for row in rows)
    return to


def stored() -> dict[str, int]:
    models = (ListRelease, ListEntry, ListName, ReleaseEntry, ListChange, ScreeningRun, OutboxMessage)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.long
def test_the_same_list_turned_round_changes_nothing(whole, tmp_path):
    officer, second = buyers.officer(NOW), buyers.second_officer(NOW)
    kony = organization_factory.organization("Joseph Kony", now=NOW)
    organization_factory.settled(kony, by=officer, now=NOW)
    outbox.drain(NOW)
    hit = kony.hits.get(listed_name="KONY, Joseph")
    for each in kony.hits.all():
        actions.dismiss_hit(each, by=officer, now=NOW, reason="A bakery.")
        if each.tier == "alert":
            actions.countersign_dismissal(each, by=second, now=NOW)
    outbox.drain(NOW)
    assert screening_state(kony, NOW).kind == "CLEAR"
    before, release = stored(), CurrentRelease.objects.get().release
    again = turned_round(BUNDLED, tmp_path / "turned.csv.gz")
    assert actions.import_list(by=officer, now=SOON, path=again, as_of=SOON.date()) == release
    outbox.drain(SOON)
    assert stored() == before
    assert CurrentRelease.objects.get().confirmed_at == SOON
    assert Hit.objects.get(pk=hit.pk).status == "NOT_A_MATCH"
    assert screening_state(kony, SOON).kind == "CLEAR"


# --- the partial list -------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_partial_list_is_stopped(whole):
    before = stored()
    with pytest.raises(CommandError) as refusal:
        run(PARTIAL, "--as-of", "2023-11-30")
    told = str(refusal.value)
    assert told.startswith(
        "Nothing was changed. The new list lost rows: Capta List (CAP) - Treasury Department: 52 → 1; "
    )
    assert "Specially Designated Nationals (SDN) - Treasury Department: 10026 → 1737" in told
    assert "2 rows of the new list cannot be read (the first: line 2, the names of the columns again)." in told
    assert stored() == before


@pytest.mark.long
def test_an_officer_accepts_the_partial_list_and_the_difference_is_right(whole):
    officer = buyers.officer(NOW)
    told = run(PARTIAL, "--as-of", "2023-11-30", "--accept-shrink", "--by", officer.email)
    assert told[:5] == [
        "The list of 2023-11-30 is in force: 4226 entries.",
        "  4228 rows = 4226 entries + 0 merged + 2 rejected",
        "    rejected: line 2: the names of the columns again",
        "    rejected: line 4233: the file breaks off inside of this row",
        "       1  Capta List (CAP) - Treasury Department (0 added, 51 removed, 1 changed, 0 as before)",
    ]
    release = CurrentRelease.objects.get().release
    assert (release.accepted_by, release.replaced.row_count) == (officer, 14_160)
    counts = Counter(ListChange.objects.values_list("source", "kind"))
    assert counts == counted_by_hand(plain(BUNDLED), plain(PARTIAL))
    kinds = Counter(ListChange.objects.values_list("kind", flat=True))
    assert kinds == {"removed": 10_173, "changed": 674, "added": 240}
    assert 14_159 - kinds["removed"] - kinds["changed"] == 4_226 - kinds["added"] - kinds["changed"] == 3_312
    change = ListChange.objects.get(name="Ahmad Ali AHMAD")
    assert (str(change), change.columns) == ("Ahmad Ali AHMAD: Changed", ["alt_names", "name"])
    assert (change.before.name, change.after.name) == ("AHMAD, Ahmad Ali", "Ahmad Ali AHMAD")
    assert change.before.fields["entity_number"] == change.after.fields["entity_number"]


def counted_by_hand(old: list[dict[str, str]], new: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    """Sets of what rows say, and who has the same list and number (or name) on both sides: no code of ours."""
    skipped = ("_id", "source_list_url", "source_information_url")
    lists = ("programs", "addresses", "alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth")

    def said(column: str, cell: str) -> str:
        cell = " ".join(cell.replace("\x92", "’").split())
        if column == "ids":
            return str(sorted({str(sorted(part.strip().split(", "))) for part in cell.split(";")}))
        if column in lists:
            return str(sorted({part.strip().removeprefix("and ") for part in cell.split(";")}))
        return cell

    def grouped(rows: list[dict[str, str]]) -> dict[tuple[str, str], set[str]]:
        found = defaultdict(set)
        for row in rows:
            who = (row["source"], row["entity_number"] or " ".join(row["name"].replace("\x92", "’").split()).casefold())
            found[who].add(str([said(column, cell) for column, cell in sorted(row.items()) if column not in skipped]))
        return found

    left, right, counts = grouped(old), grouped(new), Counter()
    for who in left.keys() | right.keys():
        gone, came = len(left[who] - right[who]), len(right[who] - left[who])
        both = min(gone, came)
        for kind, number in (("changed", both), ("removed", gone - both), ("added", came - both)):
            if number:
                counts[who[0], kind] += number
    return counts


def facts(path: Path) -> dict[str, changes.Fact]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return {row.key: changes.Fact(hash(row.key), row.source, row.fields) for row in csl.read(stream, csl.Report())}


def test_the_difference_of_the_two_lists_is_as_counted_by_hand():
    """The same without a database."""
    old, new = facts(BUNDLED), facts(PARTIAL)
    gone, came = ([one[key] for key in one.keys() - other.keys()] for one, other in ((old, new), (new, old)))
    found = list(changes.changes(gone, came))
    assert Counter((change.source, change.kind) for change in found) == counted_by_hand(plain(BUNDLED), plain(PARTIAL))
    assert all(change.columns for change in found if change.kind == "changed")


@pytest.mark.parametrize("path", [pytest.param(BUNDLED, marks=pytest.mark.long), PARTIAL], ids=lambda path: path.name)
def test_a_real_list_turned_round_has_the_same_content(path, tmp_path):
    reports = [csl.Report(), csl.Report()]
    for report, file in zip(reports, (path, turned_round(path, tmp_path / "turned.csv.gz")), strict=True):
        with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
            assert {row.key for row in csl.read(stream, report)} == report.lines.keys()
    assert reports[0].content == reports[1].content


# --- what really happened ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_counts() -> Counter[str]:
    report = csl.Report()
    with gzip.open(BUNDLED, "rt", encoding="utf-8", newline="") as stream:
        for _row in csl.read(stream, report):
            pass
    return report.rows


def lost(before: Counter[str], after: Counter[str]) -> list[str]:
    return changes.lost(dict(before), after, SHRINK_SHARE, SHRINK_ROWS)


def test_the_incidents_of_the_real_list_are_caught(real_counts):
    """15,000 rows gone (2024-05-06), a list gone, a list shrunk by a quarter: each of the thirteen in turn."""
    assert len(lost(real_counts, Counter({source: count // 20 for source, count in real_counts.items()}))) == 13
    for source, count in real_counts.items():
        assert len(lost(real_counts, real_counts - Counter({source: count}))) == 1
        assert len(lost(real_counts, real_counts - Counter({source: max(count // 4, 1)}))) == 1


def test_what_is_usual_is_not_stopped(real_counts):
    """The positive control: lists that grow, and that lose up to 25 rows and 2 percent."""
    assert lost(real_counts, real_counts) == lost(real_counts, real_counts + real_counts) == []
    for source, count in real_counts.items():
        most = min(int(count * 0.02), 25)
        assert lost(real_counts, real_counts - Counter({source: most})) == []
        assert len(lost(real_counts, real_counts - Counter({source: most + 1}))) == 1
