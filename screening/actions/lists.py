"""A new release of the list: read whole, checked, compared, and switched to in one transaction, or not at all."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import batched
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import outbox
from core.actions import action, record
from core.actors import Actor
from core.errors import UnableTo
from screening import changes, csl, facts, rules, unpacking
from screening.engine.names import keys, parse
from screening.engine.version import engine_version
from screening.models import CurrentRelease, ListChange, ListEntry, ListFact, ListName, ListRelease, ReleaseEntry
from screening.oddities import MISREAD

BATCH = 2000
SHRINK_SHARE, SHRINK_ROWS = 0.02, 25


@action(rules.can_import_list)
def import_list(
    *, by: Any, now: datetime, path: Path, as_of: date, accept_shrink: bool = False, may_be_first: bool = True
) -> ListRelease:
    """Make the file the current list and have everybody whom a change touches screened against it.

    Raises csl.BrokenList for a file that is no list, and UnableTo when it is older than the list in force, or a source
    is missing or lost more than 2 percent or 25 entries, or rows cannot be read, and no officer accepts that: the list
    in force stays as it was. Nor is one taken that has none in force to be compared with, unless it `may_be_first`. The
    same content again only confirms the list in force, in whatever order it comes.
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
    with unpacking.opened(path) as stream:
        for rows in batched(csl.read(stream, report), BATCH):
            entry_ids += _store(rows)
    held = current.release if current else None
    if not may_shrink and (doubts := _doubts(held, report, may_be_first)):
        raise UnableTo(" ".join([*doubts, _("An officer who checked it can import it with --accept-shrink.")]))
    if held and held.content_sha256 == report.content:
        return confirm_release(by=by, now=now)
    return _switch(held, report, entry_ids, by=by, now=now, sha256=digest, as_of=as_of)


def _switch(
    held: ListRelease | None, report: csl.Report, entry_ids: list[int], *, by: Any, now: datetime, **facts: Any
) -> ListRelease:
    """Store the release with its changes, and have it in force."""
    release = ListRelease.objects.create(
        fetched_at=now,
        content_sha256=report.content,
        row_count=report.records,
        counts=dict(report.rows),
        merged=report.merged,
        rejected=report.rejected,
        oddities={what: [count, report.examples[what]] for what, count in report.oddities.items()},
        replaced=held,
        accepted_by=by if hasattr(by, "email") else None,
        **facts,
    )
    ReleaseEntry.objects.bulk_create((ReleaseEntry(release=release, entry_id=pk) for pk in entry_ids), batch_size=BATCH)
    if held:
        _store_changes(release, held)
    CurrentRelease.objects.update_or_create(pk=1, defaults={"release": release, "confirmed_at": now})
    record(release, "import_list", by=by, now=now, detail={"sha256": release.sha256, "rows": release.row_count})
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


@action(rules.is_screening_job)
def rekey_names(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Make the keys of up to `limit` names anew that another engine made; returns how many there were. Until then a
    search does not find them, while screening, which reads names and no keys, does."""
    version = engine_version()
    stale = ListName.objects.exclude(keyed_by=version).order_by("keyed_by", "id")
    names = list(stale.select_for_update(skip_locked=True)[:limit])
    for name in names:
        name.keys, name.keyed_by = keys(parse(name.name)), version
    ListName.objects.bulk_update(names, ["keys", "keyed_by"], batch_size=500)
    return len(names)


def _doubts(held: ListRelease | None, report: csl.Report, may_be_first: bool) -> list[str]:
    """What an officer has to look at before the list may be in force: one sentence each."""
    found = []
    if held is None and not may_be_first:
        found.append(_("No list is in force that tells whether this one is whole."))
    if lost := changes.lost(held.counts if held else {}, report.rows, SHRINK_SHARE, SHRINK_ROWS):
        found.append(_("The new list lost rows: %(lost)s.") % {"lost": "; ".join(lost)})
    if len(report.rejected) > len(held.rejected if held else []):
        (line, reason), count = report.rejected[0], len(report.rejected)
        words = ngettext(
            "%(count)s row of the new list cannot be read (line %(line)s: %(reason)s).",
            "%(count)s rows of the new list cannot be read (the first: line %(line)s, %(reason)s).",
            count,
        )
        found.append(words % {"count": count, "line": line, "reason": reason})
    misread = report.oddities[MISREAD] - (held.oddities.get(MISREAD, [0])[0] if held else 0)
    if misread > SHRINK_ROWS:
        found.append(_("%(count)s rows hold characters that were read in a wrong encoding.") % {"count": misread})
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _store(rows: tuple[csl.Row, ...]) -> list[int]:
    """Store what is new of these rows; returns the entries' ids of all of them."""
    known = dict(ListEntry.objects.filter(content_key__in=[row.key for row in rows]).values_list("content_key", "pk"))
    new = [row for row in rows if row.key not in known]
    entries = ListEntry.objects.bulk_create(_entry(row) for row in new)
    known |= {entry.content_key: entry.pk for entry in entries}
    ListFact.objects.bulk_create(
        ListFact(entry=entry, kind=fact.kind, value=fact.value)
        for entry in entries
        for fact in facts.of_entry(entry.fields)
    )
    version = engine_version()
    ListName.objects.bulk_create(
        ListName(entry_id=known[row.key], name=name, is_alias=is_alias, keys=keys(parse(name)), keyed_by=version)
        for row in new
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


def _store_changes(release: ListRelease, held: ListRelease) -> None:
    found = changes.changes(_facts(held, but=release), _facts(release, but=held))
    ListChange.objects.bulk_create(
        (
            ListChange(
                release=release,
                kind=change.kind,
                source=change.source,
                name=change.name,
                before_id=change.before,
                after_id=change.after,
                columns=list(change.columns),
            )
            for change in found
        ),
        batch_size=BATCH,
    )


def _facts(release: ListRelease, *, but: ListRelease) -> Iterable[changes.Fact]:
    """The entries that one release has and the other has not."""
    theirs = ReleaseEntry.objects.filter(release=but).values("entry")
    rows = ReleaseEntry.objects.filter(release=release).exclude(entry__in=theirs).order_by("entry")
    for pk, source, fields in rows.values_list("entry", "entry__source", "entry__fields"):
        yield changes.Fact(pk, source, fields)
