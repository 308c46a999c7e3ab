"""A need and a package that meet."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.factories import matching
from tests.factories.matching import Scene
from tests.scenes import scene as shared


@pytest.fixture(scope="module")
def moment() -> datetime:
    """The time of everything in a module; one whose pages read the real clock overrides it."""
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def now(moment) -> datetime:
    return moment


@shared
def scene(now: datetime, tmp_path: Path) -> Scene:
    """Nothing of it is scored yet."""
    return matching.scene(now, tmp_path)


@shared
def scored(scene: Scene, now: datetime) -> Scene:
    """The need and the package met, and both sides were told."""
    matching.settle(now)
    return scene
