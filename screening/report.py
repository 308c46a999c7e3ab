"""What a release holds, how its file's rows add up to that, and what it changed: for a terminal and for pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from screening import csl, upkeep
from screening.models import ListChange, ListRelease

SHOWN = 10  # of rows that were merged or rejected


@dataclass(frozen=True)
class SourceLine:
    """One list's entries, and how they differ from those of the release before."""

    source: str
    entries: int
    added: int
    removed: int
    changed: int

    @property
    def same(self) -> int:
        return self.entries - self.added - self.changed


def by_source(release: ListRelease) -> list[SourceLine]:
    """One query. A list that is gone altogether has a line, too."""
    found = upkeep.change_counts(release)
    sources = sorted(release.counts.keys() | found.keys())
    return [
        SourceLine(
            source,
            release.counts.get(source, 0),
            *(found.get(source, {}).get(kind, 0) for kind in ("added", "removed", "changed")),
        )
        for source in sources
    ]


def of_release(release: ListRelease) -> Iterator[str]:
    entries = sum(release.counts.values())
    yield f"The list of {release.as_of} is in force: {entries} entries."
    merged, rejected = len(release.merged), len(release.rejected)
    yield f"  {release.row_count} rows = {entries} entries + {merged} merged + {rejected} rejected"
    yield from _some("merged: line {} says the same as line {}", release.merged)
    yield from _some("rejected: line {}: {}", release.rejected)
    for line in by_source(release):
        yield f"  {line.entries:>6}  {line.source}" + (_difference(line) if release.replaced_id else "")
    if release.replaced:
        yield f"Compared with the list of {release.replaced.as_of}:"
        counts = upkeep.changed_columns(release)
        yield from (f"  {count:>6}  changed in: {', '.join(columns)}" for columns, count in counts[:SHOWN])
    for oddity, (count, line) in sorted(release.oddities.items()):
        yield f"  {count:>6}  oddity: {oddity} (first at line {line})"


def _difference(line: SourceLine) -> str:
    return f" ({line.added} added, {line.removed} removed, {line.changed} changed, {line.same} as before)"


def _some(words: str, rows: Iterable[list[object]]) -> Iterator[str]:
    rows = list(rows)
    yield from (f"    {words.format(*row)}" for row in rows[:SHOWN])
    if len(rows) > SHOWN:
        yield f"    … and {len(rows) - SHOWN} more"


def side_by_side(change: ListChange) -> list[tuple[str, str, str, bool]]:
    """Each column that either side fills: its name, both values, and whether it is one that changed."""
    before, after = (entry.fields if entry else {} for entry in (change.before, change.after))
    columns = [column for column in csl.COLUMNS if column in before or column in after]
    return [(name, before.get(name, ""), after.get(name, ""), name in change.columns) for name in columns]
