"""Screening happens here, in the worker, on every change of either side."""

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction

from core import outbox
from core.actors import System
from core.errors import UnableTo
from organizations.models import Organization
from screening import actions, csl, fetching, selectors, upkeep

JOB = System("screening")
PART = 200
RETRY = timedelta(minutes=5)
REKEYED_AT_ONCE = 100  # parts of two thousand names: several times the list

log = structlog.get_logger(__name__)


@outbox.subscriber("organizations.changed")
def screen_changed_organization(message: outbox.Message, *, now: datetime) -> None:
    """Of several changes in a row the first message screens the newest profile, and the others find that done."""
    organization = Organization.objects.get(pk=message.payload["organization"])
    if not selectors.is_screened(organization):
        _screen(organization.pk, now)


@outbox.subscriber("screening.organization_screened")
@outbox.subscriber("organizations.ownership_changed")
def judge_owners(message: outbox.Message, *, now: datetime) -> None:
    """After every run and every decision on a hit, and when what is known of the owners changes. Reading does not wait:
    a conclusion of other owners, or of other listed ones, does not count (`selectors.is_current`)."""
    organization = Organization.objects.get(pk=message.payload["organization"])
    actions.conclude_ownership(organization, by=JOB, now=now)


@outbox.subscriber("screening.list_changed")
def rescreen_touched(message: outbox.Message, *, now: datetime) -> None:
    """Everybody gets a run of the new list; whom no changed entry comes near, without being screened for it."""
    _publish_parts(f"release:{message.payload['release']}", now, overdue=True)


@outbox.subscriber("job:screening.rescreen_all")
def rescreen_nightly(message: outbox.Message, *, now: datetime) -> None:
    """What the changes should have given already: a full run must find nothing new, and says so where it does."""
    _publish_parts(f"nightly:{message.payload['slot']}", now)


@outbox.subscriber("job:screening.catch_up", transactional=False)
def catch_up(message: outbox.Message, *, now: datetime) -> None:
    """After a new engine: names of the list get its keys, and everybody a run of it. After whatever else went wrong:
    who has no run that counts is screened. Once nobody is left, one message says so: until then whoever waits for a run
    is not clear, and what was taken back for that comes of it again."""
    for _part in range(REKEYED_AT_ONCE):  # two engines side by side make each other's keys anew without end
        if not actions.rekey_names(by=JOB, now=now):
            break
    current = selectors.current_release()
    if current is None or upkeep.is_busy():
        return
    if upkeep.overdue(current).exists():
        _publish_parts(f"catch-up:{message.payload['slot']}", now, overdue=True)
    elif part := upkeep.newest_part(now):
        outbox.publish("screening.list_settled", key=f"part:{part}", payload={}, now=now)


@transaction.atomic
def _publish_parts(key: str, now: datetime, **more: bool) -> None:
    last = Organization.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(1, last + 1, PART):
        payload = {"first": first, "last": first + PART - 1, **more}
        outbox.publish("screening.part_due", key=f"{key}:{first}", payload=payload, now=now)


@outbox.subscriber("screening.part_due")
def screen_part(message: outbox.Message, *, now: datetime) -> None:
    """Screen everybody of the part, or, where it says `overdue`, those who have no run that counts. One that comes of the
    `failed` run of an organization is done when that has a newer one."""
    part = (message.payload["first"], message.payload["last"])
    everybody = Organization.objects.filter(pk__range=part).order_by("pk").values_list("pk", flat=True)
    if upkeep.is_followed(message.payload.get("failed")):
        return
    for pk in _not_carried(*part, now) if message.payload.get("overdue") else everybody:
        _screen(pk, now)


def _not_carried(first: int, last: int, now: datetime) -> list[int]:
    """Who of the part has to be screened by itself: all that are overdue, when the engine fails on them together."""
    try:
        with transaction.atomic():
            return actions.carry_over(by=JOB, now=now, first=first, last=last)
    except Exception:
        log.exception("carrying_over_failed", first=first, last=last)
        return upkeep.overdue_ids(first, last)


def _screen(organization_id: int, now: datetime) -> None:
    """An engine's error is stored as "could not screen", which blocks, and the organization's turn comes again."""
    organization = Organization.objects.get(pk=organization_id)
    try:
        with transaction.atomic():
            actions.screen_organization(organization, by=JOB, now=now)
    except Exception as error:
        log.exception("screening_failed", organization=organization_id)
        run = actions.record_failure(organization, by=JOB, now=now, error=f"The engine failed: {type(error).__name__}")
        again = {"first": organization_id, "last": organization_id, "failed": run.pk}
        outbox.publish("screening.part_due", key=f"again:{run.pk}", payload=again, now=now, delay=RETRY)


# --- the list itself ----------------------------------------------------------------------------------------------------


@outbox.subscriber("job:screening.watch_list")
def watch_list(message: outbox.Message, *, now: datetime) -> None:
    actions.tell_of_stale_list(by=JOB, now=now)


@outbox.subscriber("job:screening.fetch_list", transactional=False)
def fetch_list(message: outbox.Message, *, now: datetime) -> None:
    """Ask the list's server whether it has another one, and import that. Whatever fails leaves the list in force, and is
    tried again in the next slot."""
    if settings.CSL_URL:
        _fetch(settings.CSL_URL, settings.DATA_DIR / "lists", now)


def _fetch(address: str, folder: Path, now: datetime) -> None:
    current = selectors.current_release()
    try:
        fetched = fetching.fetch(address, upkeep.validators(address, current), folder)
    except fetching.FetchFailed as error:
        actions.record_failed_fetch(by=JOB, now=now, address=address, problem=str(error))
    else:
        _take(fetched, address, now, current.release_id if current else None)


def _take(fetched: fetching.Fetched, address: str, now: datetime, held: int | None) -> None:
    try:
        actions.take_fetched(fetched, by=JOB, now=now, address=address, held=held)
    except csl.BrokenList as error:
        actions.record_failed_fetch(by=JOB, now=now, address=address, problem=str(error))
    except UnableTo as error:
        kept = str(fetching.keep(fetched.path)) if fetched.path else ""
        actions.record_stopped_fetch(by=JOB, now=now, address=address, problem=str(error), kept=kept)
    except Exception as error:
        problem = f"The import failed: {type(error).__name__}"
        actions.record_failed_fetch(by=JOB, now=now, address=address, problem=problem)
        raise
