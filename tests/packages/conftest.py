"""One complete draft a module: made once, in a transaction that is rolled back after it; each test has a savepoint of it.

Tests of a module that uses it must not ask for `db`, whose end closes the connection.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from packages.models import Package
from tests.database import undone
from tests.factories import consortia, packages, screening


@pytest.fixture(scope="module")
def moment() -> datetime:
    """The time of everything in a module; one whose pages read the real clock overrides it."""
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def now(moment) -> datetime:
    return moment


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, moment, tmp_path_factory) -> Iterator[int]:
    with undone(django_db_blocker):
        with django_db_blocker.unblock():
            package = packages.filled(consortia.complete(now=moment), now=moment)
            screening.screened(moment, tmp_path_factory.mktemp("list"))
        yield package.pk


@pytest.fixture
def package(made, django_db_blocker) -> Iterator[Package]:
    """A draft with nothing missing, of `anchor@` (A, B, C) and `member@` (D, E), both clear in screening."""
    with undone(django_db_blocker), django_db_blocker.unblock():
        yield Package.objects.select_related("consortium").get(pk=made)
