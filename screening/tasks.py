"""Screening happens here, in the worker, on every change of either side."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from core import outbox
from core.actors import System
from organizations.models import Organization
from screening import actions, selectors

JOB = System("screening")
PART = 200
RETRY = timedelta(minutes=5)

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
def rescreen_everybody(message: outbox.Message, *, now: datetime) -> None:
    _publish_parts(f"release:{message.payload['release']}", now)


@outbox.subscriber("job:screening.rescreen_all")
def rescreen_nightly(message: outbox.Message, *, now: datetime) -> None:
    """What the changes should have given already: a full run must find nothing new."""
    _publish_parts(f"nightly:{message.payload['slot']}", now)


def _publish_parts(key: str, now: datetime) -> None:
    last = Organization.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(1, last + 1, PART):
        payload = {"first": first, "last": first + PART - 1}
        outbox.publish("screening.part_due", key=f"{key}:{first}", payload=payload, now=now)


@outbox.subscriber("screening.part_due")
def screen_part(message: outbox.Message, *, now: datetime) -> None:
    part = (message.payload["first"], message.payload["last"])
    for pk in Organization.objects.filter(pk__range=part).order_by("pk").values_list("pk", flat=True):
        _screen(pk, now)


def _screen(organization_id: int, now: datetime) -> None:
    """An engine's error is stored as "could not screen", which blocks, and the organization's turn comes again."""
    organization = Organization.objects.get(pk=organization_id)
    try:
        with transaction.atomic():
            actions.screen_organization(organization, by=JOB, now=now)
    except Exception as error:
        log.exception("screening_failed", organization=organization_id)
        run = actions.record_failure(organization, by=JOB, now=now, error=f"The engine failed: {type(error).__name__}")
        again = {"first": organization_id, "last": organization_id}
        outbox.publish("screening.part_due", key=f"again:{run.pk}", payload=again, now=now, delay=RETRY)
