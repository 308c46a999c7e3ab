"""Fixtures of the whole suite. The servers come from tests/plugin.py, the database from tests/database.py."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

pytest_plugins = ["tests.database"]


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """WhiteNoise warns of a folder that is not there; `collectstatic` has its own test."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
