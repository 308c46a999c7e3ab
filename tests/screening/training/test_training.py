"""Training on a small folder: the same data give the same weights, and the reported part is never looked at."""

import csv
import gzip
import io

import pytest
from django.core.management import CommandError, call_command

from screening.engine import model, version
from screening.engine import rarity as words
from screening.training import fit
from screening.training.labelled import CHOSEN_ON, REPORTED, SCRIPTS, Data, part_of
from screening.training.measures import Rate
from screening.training.words import make_words
from tests.factories import screening as make

HEAD = ["query_name", "candidate_name", "entity_type", "label", "entity_id", "perturbation", "source"]


def labelled(folder, name: str, rows: list[list[str]]) -> None:
    with gzip.open(folder / "names" / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *rows])


def kind_of(row: list[str]) -> str:
    return "Person" if row[3] == "Individual" else "Organization"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The extract as a list, its names with a letter missing, other people's and companies' names."""
    found = tmp_path_factory.mktemp("data")
    (found / "names").mkdir()
    rows = make.rows_of_extract()
    with gzip.open(found / "csl_consolidated_2022-05-06.csv.gz", "wt", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    listed = [(row[0], row[5], kind_of(row)) for row in rows[1:]]
    labelled(found, "perturbed_dev", [
        *([name[:-1], name, kind, "1", f"csl22:{id_}", "typo", ""] for id_, name, kind in listed),
        *([name.split()[0] + " Meridian", name, kind, "0", "", "token_swap", ""] for _, name, kind in listed),
    ])  # fmt: skip
    aliases = [(row[0], make.csl.split_aliases(row[22]), row[5], kind_of(row)) for row in rows[1:]]
    labelled(
        found,
        "csl_alias_dev",
        [[names[0], name, kind, "1", f"csl22:{id_}", "", ""] for id_, names, name, kind in aliases if names],
    )
    people = [
        f"{first} {last}" for first in ("Kathryn", "Ali", "Maria", "Ivan") for last in ("Barr", "Khan", "Kony", "Sato")
    ]
    labelled(found, "unlisted_people_dev", [[name, "", "Person", "0", "", "", ""] for name in people])
    firms = [
        f"{first} {last} Ltd" for first in ("Marine", "Grid", "Data", "Oil") for last in ("Works", "Networks", "Bank")
    ]
    labelled(found, "unlisted_companies_dev", [[name, "", "Organization", "0", "", "", ""] for name in firms])
    return found


@pytest.fixture
def apart(tmp_path, monkeypatch):
    """Weights and words of this test alone, and the real ones back afterwards."""

    def forget() -> None:
        model.models.cache_clear()
        version.engine_version.cache_clear()
        words.rarity.cache_clear()

    monkeypatch.setattr(version, "WEIGHTS", tmp_path / "weights.json")
    monkeypatch.setattr("screening.training.fit.ROUNDS", 8)
    for module in ("screening.engine.rarity", "screening.engine.version", "screening.training.words"):
        monkeypatch.setattr(f"{module}.TABLE", tmp_path / "words.json.gz")
    forget()
    yield tmp_path
    monkeypatch.undo()
    forget()


def train(folder, target, *flags: str) -> str:
    out = io.StringIO()
    call_command("train_screening", f"--data={folder}", f"--report={target}", *flags, stdout=out)
    return out.getvalue()


def test_the_same_data_give_the_same_weights_and_a_report(folder, apart):
    told = train(folder, apart / "report.md")
    first = (apart / "weights.json").read_bytes(), (apart / "words.json.gz").read_bytes()
    assert told == f"Engine {version.engine_version()}; the report is {apart / 'report.md'}.\n"
    report = (apart / "report.md").read_text()
    assert report.startswith("# How well names are screened")
    assert f"Engine {version.engine_version()}." in report
    assert len([line for line in report.splitlines() if line.startswith("| perturbed names found")]) == 4
    make_words(Data(folder))
    fit.train(Data(folder))
    assert ((apart / "weights.json").read_bytes(), (apart / "words.json.gz").read_bytes()) == first
    train(folder, apart / "again.md", "--report-only")
    assert (apart / "again.md").read_text() == report


def test_the_reported_part_changes_nothing(folder, apart, tmp_path):
    make_words(Data(folder))
    fit.train(Data(folder))
    before = (apart / "weights.json").read_bytes()
    data = Data(folder)
    for name in ("people", "companies", "perturbed", "near_misses"):
        data.__dict__[name] = [one for one in getattr(data, name) if one.part == CHOSEN_ON]
    kept = data.listed(without_aliases=True)
    assert len(kept) < len(data.listed())
    fit.train(data)
    assert (apart / "weights.json").read_bytes() == before


def test_names_in_their_original_script_are_of_listed_parties(folder):
    with SCRIPTS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["query_name"] for row in rows if row["query_name"].isascii()] == []
    assert len({row["query_name"] for row in rows}) == len(rows) > 190
    assert {part_of(row["listed_name"]) for row in rows} == {CHOSEN_ON, REPORTED}
    names = {name.name.casefold(): name.entry for name in Data(folder).listed()}
    wanted = [row["listed_name"].casefold() for row in rows if row["listed_name"].casefold() in names]
    assert [names[name] in one.truth for name, one in zip(wanted, Data(folder).scripts, strict=True)] == [True] * len(
        wanted
    )
    assert len(wanted) > 0


def test_what_is_missing_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"There is no csl_consolidated_\*.csv.gz in .*: name the folder"):
        train(tmp_path, tmp_path / "report.md")


def test_a_party_and_its_near_misses_are_in_one_part():
    assert {part_of(f"csl22:{number}") for number in range(20)} == {CHOSEN_ON, REPORTED}


@pytest.mark.parametrize(
    ("count", "size", "low", "high"),
    [(0, 0, 0.0, 1.0), (5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)],
)
def test_wilsons_interval(count, size, low, high):
    assert Rate("x", "person", count, size).interval() == pytest.approx((low, high), abs=5e-4)
