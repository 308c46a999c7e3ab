"""Two changes at once: whoever changed last is scored last, because a pair has one writer at a time."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from matching import actions
from matching.models import Match
from matching.rules import JOB
from packages import actions as packages_actions
from packages.models import Package
from tests.factories import matching
from tests.factories.accounts import person

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def withdraw_and_refresh(package_id: int) -> None:
    """The newer change, and its task."""
    try:
        package = Package.objects.get(pk=package_id)
        packages_actions.withdraw_package(package, by=person("anchor"), now=NOW)
        actions.refresh_package(package_id, by=JOB, now=NOW)
    finally:
        connection.close()


def race(scene) -> None:
    """The older task has read the package and stored its match; before it commits, the package is withdrawn."""
    newer = threading.Thread(target=withdraw_and_refresh, args=[scene.package.pk])
    with transaction.atomic():
        actions.refresh_need(scene.need.pk, by=JOB, now=NOW)
        newer.start()
        newer.join(timeout=1)
    newer.join(timeout=30)
    assert not newer.is_alive()


def test_the_newer_change_wins(tmp_path):
    scene = matching.scene(NOW, tmp_path)
    race(scene)
    assert Match.objects.count() == 0


def test_without_the_lock_the_older_one_would_win(tmp_path, monkeypatch):
    """The positive control: the stale row stays (and is hidden only by reading through the selectors)."""
    monkeypatch.setattr("matching.actions.matches._lock_board", lambda: None)
    scene = matching.scene(NOW, tmp_path)
    race(scene)
    assert Match.objects.count() == 1
