"""Fixtures of the whole suite. The servers come from tests/plugin.py, the database from tests/database.py."""

from datetime import UTC, datetime

import pytest

pytest_plugins = ["tests.database"]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
