"""Files of names in, files of answers out: read strictly, written in whole rows, and gone on with after a kill."""

import csv
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from screening.engine.score import Query

TYPES = {"": "", "person": "person", "individual": "person", "organization": "organization", "entity": "organization"}


class BadFile(ValueError):
    """A file that cannot be worked with; the text says where and how to fix it."""


def read(path: Path, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file with a head, one at a time; what is not given is empty. Raises BadFile."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if missing := [name for name in required if name not in (reader.fieldnames or [])]:
                raise BadFile(f"{path}, line 1: no column {', '.join(missing)}. The first line names the columns.")
            for row in reader:
                if None in row:
                    raise BadFile(
                        f"{path}, line {reader.line_num}: more values than columns. Put a value with a comma in quotes."
                    )
                yield reader.line_num, {name: value or "" for name, value in row.items()}
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 ({error.reason}). Save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise BadFile(f"{path}: not a CSV file ({error}). Check its quotes.") from error
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}. Name a file that can be read.") from error


def columns(path: Path, required: Sequence[str]) -> list[str]:
    """The file's own columns. Raises BadFile as `read` does."""
    next(read(path, required), None)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream))


def queries(path: Path) -> Iterator[tuple[str, Query]]:
    """(id, query) of every row of `id,name,type,country,birth_date`, the last three of which may be missing or empty."""
    seen: set[str] = set()
    for line, row in read(path, ["id", "name"]):
        where = f"{path}, line {line}"
        if not row["id"] or row["id"] in seen:
            raise BadFile(f"{where}: the id {row['id']!r} is empty or stands twice. Each row needs an id of its own.")
        seen.add(row["id"])
        yield row["id"], query(row, where)


def query(row: dict[str, str], where: str) -> Query:
    country, born = (row.get(name, "").strip() for name in ("country", "birth_date"))
    if not row["name"].strip():
        raise BadFile(f"{where}: no name. Fill it in or take the row out.")
    if country and not (len(country) == 2 and country.isalpha()):
        raise BadFile(f"{where}: the country is {country!r}. Write two letters, such as AE, or nothing.")
    return Query(row["name"], kind(row.get("type", ""), where), _date(born, where), country.upper())


def kind(text: str, where: str) -> str:
    """The engine's kind of name for a cell that says Person, Organization or nothing. Raises BadFile."""
    found = TYPES.get(text.strip().lower())
    if found is None:
        raise BadFile(f"{where}: the type is {text.strip()!r}. Write Person, Organization or nothing.")
    return found


def _date(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadFile(f"{where}: the birth date is {text!r}. Write it as 1962-11-23, or nothing.") from None


def end_with(parent: int) -> None:
    """In a forked process: end as soon as the parent is gone, even when it was killed and could tell nobody."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Output:
    """A CSV file that grows by whole groups of rows: what a kill cut off is taken away before going on.

    `mark` is the last column's ending, which says by what engine and list a row was made; a file with another is refused.
    """

    def __init__(self, path: Path, columns: Sequence[str], mark: str, *, grouped: bool) -> None:
        """`grouped`: rows of an equal first value belong together, and the last group is made anew as a whole."""
        self.path, self.columns, self.mark, self.grouped = path, list(columns), mark, grouped
        self.done = self._kept() if path.exists() and path.stat().st_size else []

    def _kept(self) -> list[str]:
        """The first column of the rows that stay, in their order. The last group may be cut off and is made anew."""
        try:
            with self.path.open(encoding="utf-8", newline="", errors="replace") as stream:
                rows = list(csv.reader(stream))
        except OSError as error:
            raise BadFile(f"{self.path}: {error.strerror}. Name a file that can be written.") from error
        if rows[0] != self.columns:
            if len(rows) == 1:
                return self._restart([])
            raise BadFile(f"{self.path} is another file: delete it, or name an output of its own.")
        whole = [row for row in rows[1:] if len(row) == len(self.columns)]
        if whole and not whole[0][-1].endswith(self.mark) and len(rows) > 2:
            raise BadFile(f"{self.path} was begun with another list or engine: delete it to start anew.")
        if len(rows) > 1 and len(rows[-1]) == len(self.columns):
            whole.pop()  # it may be cut off inside of its last value
        last = rows[-1][0] if rows[-1] else ""
        while self.grouped and whole and whole[-1][0] == last:
            whole.pop()
        return self._restart(whole)

    def _restart(self, rows: list[list[str]]) -> list[str]:
        temporary = self.path.with_name(f"{self.path.name}.part")
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([self.columns, *rows])
        os.replace(temporary, self.path)
        return [row[0] for row in rows]

    def append(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows in one go, after the head if the file is new."""
        is_new = not self.path.exists() or not self.path.stat().st_size
        with self.path.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([self.columns, *rows] if is_new else rows)
