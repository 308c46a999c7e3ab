"""A new release of the list: read whole, checked, and switched to in one transaction, or not at all."""

import gzip
import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core import outbox
from core.actions import action, record
from core.actors import Actor
from core.errors import UnableTo
from screening import csl, rules
from screening.engine.names import keys, parse
from screening.models import CurrentRelease, ListEntry, ListName, ListRelease, ReleaseEntry

BATCH = 2000
SHRINK_SHARE, SHRINK_ROWS = 0.02, 25


@action(rules.can_import_list)
def import_list(*, by: Any, now: datetime, path: Path, as_of: date, accept_shrink: bool = False) -> ListRelease:
    """Make the file the current list and have everybody screened against it.

    Raises csl.BrokenList for a file that is not whole, and UnableTo when it is older than the list in force, or a source
    is missing or lost more than 2 percent or 25 rows, and no officer accepts it: the list in force stays as it was. The
    same content again only confirms it.
    """
    digest = _sha256(path)
    current = CurrentRelease.objects.select_for_update().select_related("release").first()
    if current and current.release.sha256 == digest:
        return confirm_release(by=by, now=now)
    may_shrink = accept_shrink and rules.can_accept_shrink(by)
    if current and as_of < current.release.as_of and not may_shrink:
        raise UnableTo(
            _("The list of %(current)s is in force, which is newer than this one of %(new)s.")
            % {"current": current.release.as_of, "new": as_of}
        )
    report, entry_ids = csl.Report(), list[int]()
    with _opened(path) as stream:
        for rows in batched(csl.read(stream, report), BATCH):
            entry_ids += _store(rows)
    if current and not may_shrink and (lost := _shrunk(current.release.counts, report.rows)):
        raise UnableTo(
            _("The new list lost rows: %(lost)s. An officer who checked it can import it with --accept-shrink.")
            % {"lost": "; ".join(lost)}
        )
    release = ListRelease.objects.create(
        as_of=as_of,
        fetched_at=now,
        sha256=digest,
        row_count=report.rows.total(),
        counts=dict(report.rows),
        oddities={what: [count, report.examples[what]] for what, count in report.oddities.items()},
        accepted_by=by if hasattr(by, "email") else None,
    )
    ReleaseEntry.objects.bulk_create(
        (ReleaseEntry(release=release, entry_id=pk) for pk in dict.fromkeys(entry_ids)), batch_size=BATCH
    )
    CurrentRelease.objects.update_or_create(pk=1, defaults={"release": release, "confirmed_at": now})
    record(release, "import_list", by=by, now=now, detail={"sha256": digest, "rows": release.row_count})
    outbox.publish("screening.list_changed", key=f"release:{release.pk}", payload={"release": release.pk}, now=now)
    return release


@action(rules.can_import_list)
def confirm_release(*, by: Actor, now: datetime) -> ListRelease:
    """Say that the current list is still the newest; its freshness counts from now. Raises UnableTo without a list."""
    current = CurrentRelease.objects.select_for_update().select_related("release").first()
    if current is None:
        raise UnableTo(_("There is no list to confirm. Import one with: manage.py import_csl"))
    current.confirmed_at = now
    current.save(update_fields=["confirmed_at"])
    record(current.release, "confirm_release", by=by, now=now)
    return current.release


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _opened(path: Path) -> Any:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _store(rows: tuple[csl.Row, ...]) -> list[int]:
    """Store what is new of these rows; returns the entries' ids of all of them."""
    known = dict(ListEntry.objects.filter(content_key__in=[row.key for row in rows]).values_list("content_key", "pk"))
    new = {row.key: row for row in rows if row.key not in known}
    entries = ListEntry.objects.bulk_create(_entry(row) for row in new.values())
    known |= {entry.content_key: entry.pk for entry in entries}
    ListName.objects.bulk_create(
        ListName(entry_id=known[row.key], name=name, is_alias=is_alias, keys=keys(parse(name)))
        for row in new.values()
        for name, is_alias in _names(row)
    )
    return [known[row.key] for row in rows]


def _names(row: csl.Row) -> Iterator[tuple[str, bool]]:
    yield row.name, False
    for alias in row.aliases:
        if alias != row.name:
            yield alias, True


def _entry(row: csl.Row) -> ListEntry:
    return ListEntry(
        content_key=row.key,
        source=row.source,
        list_code=row.list_code,
        type=row.type,
        name=row.name,
        dates_of_birth=row.dates_of_birth,
        fields=row.fields,
    )


def _shrunk(before: dict[str, int], after: Counter[str]) -> list[str]:
    return [
        f"{source}: {had} → {after[source]}"
        for source, had in sorted(before.items())
        if had - after[source] > min(had * SHRINK_SHARE, SHRINK_ROWS) or not after[source]
    ]
