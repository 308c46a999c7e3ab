import csv
import gzip
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from core import dated, outbox
from core.actors import System
from screening import actions, csl
from screening.management.commands.import_csl import BUNDLED, BUNDLED_AS_OF
from screening.models import ListRelease

RULES = BUNDLED.parent / "dated_rules.json"
EXTRACT = Path(__file__).resolve().parent.parent / "data" / "csl_extract_2022-05-06.csv"
JOB = System("screening")


def rules() -> None:
    dated.load(RULES)


def list_file(path: Path, *names: str, aliases: str = "") -> Path:
    """A small list in the real format: real rows of the bundled list, then one Entity List row a name."""
    with gzip.open(BUNDLED, "rt", encoding="utf-8", newline="") as stream:
        rows = [row for row, _ in zip(csv.reader(stream), range(60), strict=False)]
    source = "Entity List (EL) - Bureau of Industry and Security"
    extra = [row(_id=f"x{i}", source=source, name=name, alt_names=aliases) for i, name in enumerate(names)]
    return written(path, [*rows, *extra])


def row(**fields: str) -> list[str]:
    """One row of the list; what is not given is empty."""
    return list((dict.fromkeys(csl.COLUMNS, "") | fields).values())


def rows_of_extract() -> list[list[str]]:
    """Head and rows of the extract."""
    with EXTRACT.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def written(path: Path, rows: Iterable[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def imported(path: Path, *, now: datetime) -> ListRelease:
    return actions.import_list(by=JOB, now=now, path=path, as_of=BUNDLED_AS_OF)


def screened(now: datetime, tmp_path: Path, *names: str, aliases: str = "") -> None:
    """Rules loaded, a small list in force, and everybody who is registered held against it."""
    rules()
    imported(list_file(tmp_path / "list.csv", *names, aliases=aliases), now=now)
    outbox.drain(now)
