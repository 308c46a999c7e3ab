"""Whether lists and runs are as they should be: who has to be screened, whom a new list touches, what was fetched last."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from core.models import OutboxMessage
from organizations.models import Organization
from screening import selectors
from screening.engine.names import parse
from screening.engine.names import runs as units
from screening.engine.rarity import rarity
from screening.engine.score import Query
from screening.engine.version import engine_version
from screening.facts import KINDS
from screening.fetching import Validators
from screening.models import (
    CurrentRelease,
    Hit,
    ListEntry,
    ListFetch,
    ListName,
    ListRelease,
    ReleaseEntry,
    ScreeningRun,
)
from screening.states import FetchOutcome, HitStatus, ListChangeKind, Outcome

if TYPE_CHECKING:
    from screening.engine.matcher import Matcher


def overdue(current: CurrentRelease) -> QuerySet[Organization]:
    """Organizations whose newest run is not of their profile, this engine and the list in force. Who could not be
    screened against this very list has had its turn, and gets another one by its own message, or each night."""
    runs = ScreeningRun.objects.filter(organization=OuterRef("pk"))
    newer = ScreeningRun.objects.filter(organization=OuterRef("organization"), pk__gt=OuterRef("pk"))
    tried = Q(outcome=Outcome.COULD_NOT, screened_at__gte=current.release.fetched_at)
    done = runs.filter(
        Q(release=current.release_id) | tried,
        ~Exists(newer),
        profile_version=OuterRef("profile_version"),
        engine_version=engine_version(),
    )
    return Organization.objects.filter(~Exists(done))


def overdue_ids(first: int, last: int) -> list[int]:
    """The numbers of those between `first` and `last`."""
    current = selectors.current_release()
    part = overdue(current).filter(pk__range=(first, last)) if current else Organization.objects.none()
    return list(part.order_by("pk").values_list("pk", flat=True))


def is_busy() -> bool:
    """Whether parts of a screening of everybody wait already."""
    waiting = OutboxMessage.objects.filter(topic="screening.part_due", done_at=None, parked_at=None)
    return waiting.exclude(key__startswith="again:").exists()


def newest_part(now: datetime) -> int | None:
    """The last part of a screening of whoever was overdue that was asked for within a day."""
    asked = OutboxMessage.objects.filter(topic="screening.part_due", created_at__gt=now - timedelta(days=1))
    return asked.filter(payload__overdue=True).order_by("-created_at", "-pk").values_list("pk", flat=True).first()


def is_followed(run_id: int | None) -> bool:
    """Whether the organization of this run has a newer one."""
    newer = ScreeningRun.objects.filter(pk__gt=OuterRef("pk"), organization=OuterRef("organization"))
    return run_id is not None and ScreeningRun.objects.filter(Exists(newer), pk=run_id).exists()


def newest_runs(organizations: Iterable[Organization]) -> dict[int, ScreeningRun]:
    runs = ScreeningRun.objects.filter(organization__in=[one.pk for one in organizations])
    return {run.organization_id: run for run in runs.order_by("organization", "-id").distinct("organization")}


def may_be_carried(organization: Organization, run: ScreeningRun | None) -> bool:
    """Whether its newest run succeeded, of this profile: then only the list or the engine changed since."""
    return run is not None and run.release_id is not None and run.profile_version == organization.profile_version


def with_names(organizations: list[Organization]) -> list[Organization]:
    """The same, with names, parties and numbers read for all of them at once."""
    prefetch_related_objects(organizations, "names", "parties", "identifiers")
    return organizations


def met(runs: dict[int, ScreeningRun], names: dict[int, list[Query]], current: CurrentRelease) -> set[int]:
    """Organizations any of whose names is compared with an entry that came, went or changed since their run's list; for
    the others the run holds for the list in force as well. A run of another engine tells nothing: they are met."""
    found, by_list = set(), defaultdict(list)
    for pk in names:
        run = runs[pk]
        if run.release_id is None or run.engine_version != engine_version():
            found.add(pk)
        else:
            by_list[run.release_id].append(pk)
    for release, pks in by_list.items():
        asked = [(pk, query) for pk in pks for query in names[pk]]
        reached = _reached([query for _pk, query in asked], release, current.release_id)
        found |= {asked[number][0] for number in reached}
    return found


def _reached(queries: list[Query], before: int, after: int) -> list[int]:
    """Numbers of the names that are compared with a changed one."""
    if not queries or not (matcher := _changed(before, after)).listed:
        return []
    from screening.engine.book import book  # numpy and scipy take a second to load

    names = book([parse(query.name) for query in queries], rarity(), [query.kind for query in queries])
    return matcher.join.candidates(names)[0].tolist()


@lru_cache(maxsize=2)
def _changed(before: int, after: int) -> "Matcher":
    """The names of entries that only one of the two releases holds, and of the others those that are found in another way
    since. A release never changes."""
    held = [ReleaseEntry.objects.filter(release=release) for release in (before, after)]
    only = [one.exclude(entry__in=other.values("entry")) for one, other in (held, held[::-1])]
    entries = [pk for rows in only for pk in rows.values_list("entry", flat=True)]
    changed = ListName.objects.filter(entry__in=entries)
    kept = ListName.objects.filter(entry__rows__release=after).exclude(entry__in=entries) if entries else changed.none()
    touched = Q(entry__in=entries) | Q(pk__in=list(_run_together(kept, changed)))
    return selectors.index(ListName.objects.filter(touched), partial=True)


def _run_together(kept: QuerySet[ListName], changed: QuerySet[ListName]) -> Iterator[int]:
    """Of names that stay, those of which neighbors run together ("AL ZAWAHIRI") are a word of a changed one
    ("Alzawahiri"): whether such a word stands alone in the list decides what is compared with its runs."""
    alone = {token.text for text in changed.values_list("name", flat=True) for token in parse(text).tokens}
    for pk, text in kept.values_list("pk", "name"):
        if any(width > 1 and run in alone for _place, width, run in units(parse(text).tokens)):
            yield pk


def standing_fingerprints(ids: Iterable[int]) -> dict[int, set[str]]:
    """Of each of these organizations, what was found of it and is still so."""
    found: dict[int, set[str]] = defaultdict(set)
    hits = Hit.objects.filter(organization__in=list(ids)).exclude(status=HitStatus.GONE)
    for pk, fingerprint in hits.values_list("organization", "fingerprint"):
        found[pk].add(fingerprint)
    return found


def standing_by_fact(ids: Iterable[int]) -> dict[int, set[str]]:
    """The same, of what was found by facts beside the names alone."""
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    hits = Hit.objects.filter(organization__in=list(found), party_role__in=KINDS).exclude(status=HitStatus.GONE)
    for pk, fingerprint in hits.values_list("organization", "fingerprint"):
        found[pk].add(fingerprint)
    return found


def blocked(ids: Iterable[int]) -> set[int]:
    """Those of these organizations that have a hit which blocks them."""
    hits = Hit.objects.filter(organization__in=list(ids), status__in=HitStatus.blocking())
    return set(hits.values_list("organization", flat=True))


def content_keys(entries: Iterable[int]) -> dict[int, str]:
    return dict(ListEntry.objects.filter(pk__in=set(entries)).values_list("pk", "content_key"))


# --- what a release changed -------------------------------------------------------------------------------------------


def change_counts(release: ListRelease) -> dict[str, dict[str, int]]:
    """Of each list, how many entries were added, removed and changed. One query."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = release.changes.order_by().values_list("source", "kind").annotate(count=Count("pk"))
    for source, kind, count in rows:
        found[source][kind] = count
    return found


def changed_columns(release: ListRelease) -> list[tuple[list[str], int]]:
    """Which columns changed together, and of how many entries; the most frequent first."""
    rows = release.changes.filter(kind=ListChangeKind.CHANGED).order_by().values_list("columns")
    return list(rows.annotate(count=Count("pk")).order_by("-count", "columns"))


# --- fetching ---------------------------------------------------------------------------------------------------------


def validators(address: str, current: CurrentRelease | None) -> Validators:
    """What the server called the file that is in force; nothing when that came otherwise, or from elsewhere."""
    good = ListFetch.objects.filter(outcome__in=[FetchOutcome.IMPORTED, FetchOutcome.UNCHANGED]).order_by("-pk").first()
    if current is None or good is None or (good.address, good.release_id) != (address, current.release_id):
        return Validators()
    return Validators(good.etag, good.last_modified)


def newest_fetch() -> ListFetch | None:
    return ListFetch.objects.order_by("-pk").first()
