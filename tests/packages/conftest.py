"""One complete draft."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from packages.models import Package
from tests.factories import consortia, packages, screening
from tests.scenes import scene


@pytest.fixture(scope="module")
def moment() -> datetime:
    """The time of everything in a module; one whose pages read the real clock overrides it."""
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def now(moment) -> datetime:
    return moment


@scene
def package(now: datetime, tmp_path: Path) -> Package:
    """A draft with nothing missing, of `anchor@` (A, B, C) and `member@` (D, E), both cleared."""
    draft = packages.filled(consortia.complete(now=now), now=now)
    screening.screened(now, tmp_path)
    consortia.cleared(draft.consortium, now=now)
    return Package.objects.select_related("consortium").get(pk=draft.pk)
