"""A small list in force, made of real rows, once for a module's tests; each of them works in a savepoint inside of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from core import outbox
from core.models import OutboxMessage
from organizations.models import Organization
from screening.engine import model, version
from screening.models import Hit, ListRelease, ScreeningRun
from screening.states import HitStatus
from tests.factories import buyers
from tests.factories import organizations as organization_factory
from tests.factories import screening as make
from tests.factories.accounts import person

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def listed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ListRelease]:
    with django_db_blocker.unblock(), transaction.atomic():
        release = make.imported(make.EXTRACT, now=NOW)
        outbox.drain(NOW)
        yield release
        transaction.set_rollback(True)


@pytest.fixture
def officer(now: datetime) -> User:
    return buyers.officer(now)


@pytest.fixture
def second(now: datetime) -> User:
    return buyers.second_officer(now)


@pytest.fixture
def clear_one(now: datetime, listed: ListRelease) -> Organization:
    """An organization whose name is like no listed one, screened."""
    found = organization_factory.organization(now=now)
    organization_factory.settled(found, by=buyers.officer(now), now=now)
    outbox.drain(now)
    return found


@pytest.fixture
def kony(now: datetime, listed: ListRelease) -> Organization:
    """An organization that bears the name of a listed person, screened: one alert."""
    found = organization_factory.organization("Joseph Kony", now=now)
    organization_factory.settled(found, by=buyers.officer(now), now=now)
    outbox.drain(now)
    return found


@pytest.fixture
def hit(kony: Organization) -> Hit:
    return kony.hits.get()


@pytest.fixture
def review(now: datetime, clear_one: Organization) -> Hit:
    """A hit below the alert line: nearly the name of a listed person, and another birth date."""
    fields = {"name": "Nicolas Maduro Moro", "birth_date": date(1995, 1, 1)}
    organization_factory.owner(clear_one, by=person("founder"), now=now, **fields)
    outbox.drain(now)
    return clear_one.hits.get()


@pytest.fixture
def news() -> Iterator[Callable[[str], list[dict]]]:
    """`news("screening.list_changed")`: the payloads published on a topic of this room, for a subscriber of this test."""
    topics = ["screening.list_changed", "screening.organization_screened", "screening.part_due"]

    def listen(message: outbox.Message, *, now: datetime) -> None: ...

    for topic in topics:
        outbox.subscriber(topic)(listen)
    name = f"{listen.__module__}.{listen.__name__}"
    yield lambda topic: list(
        OutboxMessage.objects.filter(topic=topic, subscriber=name).order_by("pk").values_list("payload", flat=True)
    )
    for topic in topics:
        del outbox._subscribers[topic][name]


@pytest.fixture
def other_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Callable[[], None]]]:
    """`undo = other_weights(text)`: the weights' file replaced by another; calling `undo` puts the real one back."""
    real = version.WEIGHTS

    def use(path: Path) -> None:
        monkeypatch.setattr(version, "WEIGHTS", path)
        model.models.cache_clear()
        version.engine_version.cache_clear()

    def replace(text: str) -> Callable[[], None]:
        path = tmp_path / "weights.json"
        path.write_text(text)
        use(path)
        return lambda: use(real)

    yield replace
    use(real)


@pytest.fixture
def broken_engine(other_weights: Callable[[str], Callable[[], None]]) -> Callable[[], None]:
    """Weights that lack every feature; calling it puts the real ones back."""
    kind = '{"base": 0, "alert": 0, "review": -1, "features": {}}'
    return other_weights(f'{{"person": {kind}, "organization": {kind}}}')


def statuses(organization: Organization) -> list[str]:
    return [str(HitStatus(status)) for status in organization.hits.order_by("pk").values_list("status", flat=True)]


def outcomes(organization: Organization) -> list[str]:
    """Of all runs, oldest first."""
    runs = ScreeningRun.objects.filter(organization=organization).order_by("pk")
    return list(runs.values_list("outcome", flat=True))
