import csv
import gzip
from datetime import datetime
from pathlib import Path

from core import dated, outbox
from core.actors import System
from screening import actions, csl
from screening.management.commands.import_csl import BUNDLED, BUNDLED_AS_OF
from screening.models import ListRelease

RULES = BUNDLED.parent / "dated_rules.json"
JOB = System("screening")


def rules() -> None:
    dated.load(RULES)


def list_file(path: Path, *names: str, aliases: str = "") -> Path:
    """A small list in the real format: real rows of the bundled list, then one Entity List row a name."""
    with gzip.open(BUNDLED, "rt", encoding="utf-8", newline="") as stream:
        rows = [row for row, _ in zip(csv.reader(stream), range(60), strict=False)]
    blank = dict.fromkeys(csl.COLUMNS, "")
    source = "Entity List (EL) - Bureau of Industry and Security"
    extra = [
        list((blank | {"_id": f"x{i}", "source": source, "name": name, "alt_names": aliases}).values())
        for i, name in enumerate(names)
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows + extra)
    return path


def imported(path: Path, *, now: datetime) -> ListRelease:
    return actions.import_list(by=JOB, now=now, path=path, as_of=BUNDLED_AS_OF)


def screened(now: datetime, tmp_path: Path, *names: str, aliases: str = "") -> None:
    """Rules loaded, a small list in force, and everybody who is registered held against it."""
    rules()
    imported(list_file(tmp_path / "list.csv", *names, aliases=aliases), now=now)
    outbox.drain(now)
