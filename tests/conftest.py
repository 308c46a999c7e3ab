"""The database under its real roles, and the cast."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from tests import database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Made and migrated by the owner; the tests run as the role that runs the portal, which can disable no guard."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.create()
        for alias in ("default", "owner"):
            connections[alias].close()
            settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = database.TEST_DATABASE
        call_command("prepare_database", verbosity=0)
        call_command("migrate", database="owner", verbosity=0)
        database.remember()
    TransactionTestCase._fixture_teardown = lambda self: database.empty()  # type: ignore[attr-defined]
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        for connection in connections.all():
            connection.close()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
