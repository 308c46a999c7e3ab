"""One scene a module: made once, in a transaction that is rolled back after it; each test works in a savepoint of it.

Tests of a module that uses it must not ask for `db`, whose end closes the connection.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.database import undone
from tests.factories import matching
from tests.factories.matching import Scene


@pytest.fixture(scope="module")
def moment() -> datetime:
    """The time of everything in a module; one whose pages read the real clock overrides it."""
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def now(moment) -> datetime:
    return moment


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, moment, tmp_path_factory) -> Iterator[dict[str, int]]:
    with undone(django_db_blocker):
        with django_db_blocker.unblock():
            keys = matching.scene(moment, tmp_path_factory.mktemp("list")).keys()
        yield keys


@pytest.fixture
def scene(made, django_db_blocker) -> Iterator[Scene]:
    """Nothing of it is scored yet."""
    with undone(django_db_blocker), django_db_blocker.unblock():
        yield Scene.read(made)


@pytest.fixture
def scored(scene, now) -> Scene:
    """The need and the package met, and both sides were told."""
    matching.settle(now)
    return scene
