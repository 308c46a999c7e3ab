from collections.abc import Iterator
from itertools import batched, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import batches, wording
from screening.engine.matcher import compare
from screening.engine.score import Listed, Query
from screening.engine.version import engine_version

NEEDED = ["query_name", "candidate_name", "entity_type"]
ADDED = ["score", "tier", "explanation"]
PART = 2_000


class Command(BaseCommand):
    help = (
        "Score pairs of names from a CSV file (query_name,candidate_name,entity_type; other columns are kept), with no "
        "list. Adds score, tier and explanation. Run it again after a kill: it goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", type=Path, required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, input: Path, output: Path, **options: Any) -> None:
        try:
            self._compare(input, output)
        except batches.BadFile as error:
            raise CommandError(str(error)) from error

    def _compare(self, source: Path, target: Path) -> None:
        mark = f"[engine {engine_version()}]"
        columns = batches.columns(source, NEEDED)
        file = batches.Output(target, [name for name in columns if name not in ADDED] + ADDED, mark, grouped=False)
        done = len(file.done)
        if file.done != [row[columns[0]] for _, row in islice(batches.read(source, NEEDED), done)]:
            raise batches.BadFile(f"{target} was begun with another input: delete it to start anew.")
        if done:
            self.stderr.write(f"{done} pairs were compared before.")
        rows = islice(batches.read(source, NEEDED), done, None)
        for part in batched(rows, PART):
            file.append(self._rows(source, part, file.columns[: -len(ADDED)], mark))
            done += len(part)
            self.stderr.write(f"{done} pairs")
        if not done:
            file.append([])

    def _rows(
        self, source: Path, part: tuple[tuple[int, dict[str, str]], ...], kept: list[str], mark: str
    ) -> Iterator[list[Any]]:
        queries, listed = [], []
        for line, row in part:
            kind = batches.kind(row["entity_type"], f"{source}, line {line}")
            queries.append(Query(row["query_name"], kind))
            listed.append(Listed(row["candidate_name"], kind))
        for (_, row), score in zip(part, compare(queries, listed), strict=True):
            words = wording.sentence(score.explanation(), row["candidate_name"])
            yield [*(row[name] for name in kept), f"{score.value:.2f}", score.tier, f"{words} {mark}"]
