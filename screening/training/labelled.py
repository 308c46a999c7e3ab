"""Labelled names in two parts by the hash of their key: one to choose and train on, one to report on."""

import csv
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from screening import csl
from screening.engine.score import Listed, Query

CHOSEN_ON, REPORTED = 0, 1
SEED = 20220506
LIST = "csl_consolidated_*.csv.gz"
SCRIPTS = Path(__file__).parent / "original_script.csv"


class NoData(ValueError):
    """A file that is needed is not in the folder."""


@dataclass(frozen=True)
class Labelled:
    """`truth` holds the numbers of the rows that the name is of: none for an unlisted name. `note` is the file's class."""

    query: Query
    truth: frozenset[int]
    part: int
    note: str = ""


@dataclass(frozen=True)
class Data:
    """A folder with a list (`csl_consolidated_*.csv.gz`) and `names/*.csv.gz`. Sets by name, each in the file's order."""

    folder: Path

    @cached_property
    def rows(self) -> list[csl.Row]:
        found = sorted(self.folder.glob(LIST))
        if not found:
            raise NoData(
                f"There is no {LIST} in {self.folder}: name the folder that holds the list and names/*.csv.gz."
            )
        with gzip.open(found[-1], "rt", encoding="utf-8", newline="") as stream:
            return list(csl.read(stream, csl.Report()))

    @cached_property
    def by_id(self) -> dict[str, frozenset[int]]:
        found = defaultdict(set)
        for number, row in enumerate(self.rows):
            found[row.fields.get("_id", "")].add(number)
        return {key: frozenset(numbers) for key, numbers in found.items()}

    def listed(self, *, without_aliases: bool = False) -> list[Listed]:
        """Every name of the list; without the labelled aliases, when those are to be found by their party's other names."""
        removed = (
            {(number, one.query.name) for one in self.aliases for number in one.truth} if without_aliases else set()
        )
        names = (name for number, row in enumerate(self.rows) for name in csl.listed_names(row, number))
        return [name for name in names if (name.entry, name.name) not in removed]

    @cached_property
    def aliases(self) -> list[Labelled]:
        return [self._of_entity(row) for row in self._read("csl_alias_dev")]

    @cached_property
    def perturbed(self) -> list[Labelled]:
        return [self._of_entity(row) for row in self._read("perturbed_dev") if row["label"] == "1"]

    @cached_property
    def near_misses(self) -> list[Labelled]:
        rows = (row for row in self._read("perturbed_dev") if row["label"] == "0")
        return [Labelled(_query(row), frozenset(), part_of(row["candidate_name"]), row["perturbation"]) for row in rows]

    @cached_property
    def people(self) -> list[Labelled]:
        return [_unlisted(row) for row in self._read("unlisted_people_dev")]

    @cached_property
    def companies(self) -> list[Labelled]:
        return [_unlisted(row) for row in self._read("unlisted_companies_dev")]

    @cached_property
    def scripts(self) -> list[Labelled]:
        """Listed parties' names as they are written at home, set down from general knowledge (SCRIPTS)."""
        bearers = defaultdict(set)
        for name in self.listed():
            bearers[name.name.casefold()].add(name.entry)
        with SCRIPTS.open(encoding="utf-8", newline="") as stream:
            found = [(row, frozenset(bearers[row["listed_name"].casefold()])) for row in csv.DictReader(stream)]
        return [Labelled(_query(row), truth, part_of(row["listed_name"]), "script") for row, truth in found if truth]

    def _of_entity(self, row: dict[str, str]) -> Labelled:
        found = self.by_id.get(row["entity_id"].partition(":")[2], frozenset())
        return Labelled(_query(row), found, part_of(row["entity_id"]), row.get("perturbation", ""))

    def _read(self, name: str) -> Iterator[dict[str, str]]:
        path = self.folder / "names" / f"{name}.csv.gz"
        if not path.exists():
            raise NoData(f"There is no {path}: name the folder that holds the list and names/*.csv.gz.")
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)


def part_of(key: str) -> int:
    return hashlib.sha256(key.encode()).digest()[0] % 2


def _query(row: dict[str, str]) -> Query:
    return Query(row["query_name"], row["entity_type"].lower())


def _unlisted(row: dict[str, str]) -> Labelled:
    return Labelled(_query(row), frozenset(), part_of(row["query_name"]))
