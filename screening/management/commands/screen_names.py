import os
from collections.abc import Iterator
from itertools import batched
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from screening import batches, selectors, wording
from screening.engine.matcher import Found, Matcher
from screening.engine.score import Query
from screening.engine.version import engine_version

COLUMNS = ["id", "entry_key", "source", "list_name", "score", "tier", "explanation"]
PART = 5_000  # names a piece of work, and between two writes
_matcher: Matcher | None = None  # of this process and, after a fork, of its children


class Command(BaseCommand):
    help = (
        "Screen a CSV file of names (id,name,type,country,birth_date; the last three may be empty) against the list in "
        "force. Writes a row for each hit, and a row of tier clear for a name without one. Run it again after a kill: "
        "it goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", type=Path, required=True)
        parser.add_argument("--output", type=Path, required=True)
        parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")

    def handle(self, *args: Any, input: Path, output: Path, jobs: int, **options: Any) -> None:
        current = selectors.current_release()
        if current is None:
            raise CommandError("There is no list to screen against. Import one: manage.py import_csl FILE")
        self.mark = f"[engine {engine_version()}, list of {current.release.as_of} {current.release.sha256[:12]}]"
        try:
            file = batches.Output(output, COLUMNS, self.mark, grouped=True)
            names = list(batches.queries(input))
            done = list(dict.fromkeys(file.done))
            if done != [id_ for id_, _ in names[: len(done)]]:
                raise batches.BadFile(f"{output} was begun with another input: delete it to start anew.")
        except batches.BadFile as error:
            raise CommandError(str(error)) from error
        if done:
            self.stderr.write(f"{len(done)} names were screened before.")
        global _matcher
        _matcher = selectors.matcher_of(current.release_id)
        self.entries = selectors.entry_cells(current.release_id)
        self._screen(names[len(done) :], file, len(done), jobs)

    def _screen(self, names: list[tuple[str, Query]], file: batches.Output, done: int, jobs: int) -> None:
        total = done + len(names)
        if jobs > 1:
            connections.close_all()  # a child must not talk on its parent's connection
        parts = list(batched(names, PART))
        for part, found in zip(parts, _in_order(parts, min(jobs, len(parts))), strict=True):
            file.append(self._rows([id_ for id_, _ in part], found))
            done += len(part)
            self.stderr.write(f"{done} of {total} names")
        if not parts:
            file.append([])

    def _rows(self, ids: list[str], found: list[Found]) -> list[list[Any]]:
        by_query: dict[int, list[Found]] = {}
        for hit in sorted(found, key=lambda hit: (hit.query, -hit.score.points)):
            by_query.setdefault(hit.query, []).append(hit)
        rows: list[list[Any]] = []
        for number, id_ in enumerate(ids):
            hits = by_query.get(number, [])
            rows += [self._row(id_, hit) for hit in hits]
            if not hits:
                rows.append([id_, "", "", "", "", "clear", f"No listed name is like it. {self.mark}"])
        return rows

    def _row(self, id_: str, hit: Found) -> list[Any]:
        assert _matcher is not None  # noqa: S101 - set before the first row
        listed = _matcher.listed[hit.listed]
        key, source, name = self.entries[listed.entry]
        words = wording.sentence(hit.score.explanation(), listed.name)
        return [id_, key, source, name, f"{hit.score.value:.2f}", hit.score.tier, f"{words} {self.mark}"]


def _in_order(parts: list[tuple[tuple[str, Query], ...]], jobs: int) -> Iterator[list[Found]]:
    """What is found for each part, by as many processes as are asked for."""
    queries = ([query for _, query in part] for part in parts)
    if jobs < 2:
        yield from map(_screened, queries)
        return
    with get_context("fork").Pool(jobs, batches.end_with, (os.getpid(),)) as pool:
        yield from pool.imap(_screened, queries)


def _screened(queries: list[Query]) -> list[Found]:
    assert _matcher is not None  # noqa: S101 - inherited by the fork
    return _matcher.screen(queries)
