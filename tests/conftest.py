"""Fixtures of the whole suite. The servers come from tests/plugin.py, the database from tests/database.py,
a browser from tests/browser/fixtures.py."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from coverage import Coverage
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.database", "tests.scenes", "tests.browser.fixtures"]


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """WhiteNoise warns of a folder that is not there; `collectstatic` has its own test."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="module", autouse=True)
def measured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Coverage stands still for a module that is marked `uncovered`."""
    running = Coverage.current() if request.node.get_closest_marker("uncovered") else None
    if running:
        running.stop()
    yield
    if running:
        running.start()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def today() -> datetime:
    """What the request's clock will show, nearly: for pages, whose `now` is the server's."""
    return timezone.now()


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """`factories.world`, made once for a module's tests; each of them works in a savepoint inside of it."""
    from tests.database import check_deferred_guards
    from tests.factories import world

    with django_db_blocker.unblock(), transaction.atomic():
        built = world.build(timezone.now(), tmp_path_factory.mktemp("list"))
        check_deferred_guards()  # once here, or again at the end of each test
        yield built
        transaction.set_rollback(True)
