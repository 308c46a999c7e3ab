"""Browsers of the two sides, signed in."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from buyers import actions
from buyers.models import Buyer, VettingCase
from core import outbox
from core.models import Mail, Notification, OutboxMessage
from tests.browsers import signed_in
from tests.factories import buyers as make
from tests.scenes import scene

REGISTRATION = {
    "legal_name": "Umeme Grid Company",
    "country": "KE",
    "headquarters_country": "KE",
    "address": "1 Harambee Avenue, Nairobi",
    "website": "https://umeme.example",
    "other_names": "Umeme\nأوميمي",
    "registration_number": "KE-12345",
    **make.PROFILE,
}


@pytest.fixture
def today() -> datetime:
    """What the request's clock will show, nearly: for pages, whose `now` is the server's."""
    return timezone.now()


@scene
def buyer(now) -> Buyer:
    return make.buyer(now=now)


@scene
def cleared(buyer, now, tmp_path) -> None:
    """The buyer was screened against a list that names nobody."""
    make.clear(now, tmp_path)


@pytest.fixture
def news() -> Iterator[Callable[[str], list[dict]]]:
    """`news("buyers.need_posted")`: the payloads published on a topic of this room, for a subscriber of this test."""
    topics = ["buyers.need_posted", "buyers.need_closed", "buyers.trust_changed"]

    def listen(message: outbox.Message, *, now: datetime) -> None: ...

    for topic in topics:
        outbox.subscriber(topic)(listen)
    name = f"{listen.__module__}.{listen.__name__}"
    yield lambda topic: list(
        OutboxMessage.objects.filter(topic=topic, subscriber=name).order_by("pk").values_list("payload", flat=True)
    )
    for topic in topics:
        del outbox._subscribers[topic][name]


def mails_to(user: User) -> list[str]:
    """Subjects, oldest first."""
    return list(Mail.objects.filter(to_address=user.email).order_by("pk").values_list("subject", flat=True))


def told(user: User) -> list[str]:
    """Kinds of what the person was told, oldest first."""
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


@scene
def case(buyer, cleared, now) -> VettingCase:
    """Open, clear in screening, with a checklist that carries trust."""
    opened = make.case_at("OPEN", buyer, now=now)
    actions.record_findings(opened, by=make.officer(now), now=now, findings=make.findings())
    return opened


@pytest.fixture
def officer(today) -> Client:
    return signed_in(make.officer(today))


@pytest.fixture
def second(today) -> Client:
    return signed_in(make.second_officer(today))


@scene
def recent(today, tmp_path) -> Buyer:
    """A buyer for pages: as old as the request's clock, and clear in screening."""
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path)
    return buyer


@scene
def ready(recent, today) -> VettingCase:
    """As `case`, for pages."""
    case = make.case_at("OPEN", recent, now=today)
    actions.record_findings(case, by=make.officer(today), now=today, findings=make.findings())
    return case
