"""Beat only rings: a slot's work is asked for once, and old bookkeeping goes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from core import jobs, outbox, tasks
from core.models import JobRun, Mail, OutboxMessage, Submission
from tests.core import probes  # noqa: F401  (subscribes)
from tests.core.threads import at_once

pytestmark = pytest.mark.django_db


def asked():
    return list(OutboxMessage.objects.filter(topic="job:core.tidy").values_list("key", flat=True))


def test_a_slot_is_asked_for_once_however_often_the_bell_rings(now):
    for minute in (0, 1, 1):
        jobs.ask_for("core.tidy", now.replace(minute=minute), now=now)
    assert asked() == ["2026-11-24T12:00:00+00:00", "2026-11-24T12:01:00+00:00"]
    assert JobRun.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_ask_once(now):
    at_once(8, lambda: jobs.ask_for("core.tidy", now, now=now))
    assert (len(asked()), JobRun.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("at", "period", "slot"),
    [
        ("2026-11-24T12:34:56", 60, "2026-11-24T12:34:00"),
        ("2026-11-24T12:34:56", 24 * 3600, "2026-11-24T00:00:00"),
        ("2026-11-25T00:00:00", 24 * 3600, "2026-11-25T00:00:00"),
    ],
)
def test_the_bell_knows_its_slot(monkeypatch, at, period, slot):
    monkeypatch.setattr(tasks.timezone, "now", lambda: datetime.fromisoformat(at).replace(tzinfo=UTC))
    tasks.ring("core.tidy", period)
    assert JobRun.objects.get().slot == datetime.fromisoformat(slot).replace(tzinfo=UTC)


def test_every_job_of_the_schedule_has_somebody_who_does_it(now):
    """A name that nobody subscribes to would ring in an empty house."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        job, _seconds = entry["args"]
        jobs.ask_for(job, now, now=now)
        assert OutboxMessage.objects.filter(topic=f"job:{job}").count() >= 1, job


def test_what_is_done_is_kept_for_a_month(now, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    old, young = now - timedelta(days=31), now - timedelta(days=29)
    for at in (old, young):
        for state in ("done", "waiting"):
            outbox.publish("test.counted", key=f"{at}{state}", payload={"n": 1}, now=at)
        OutboxMessage.objects.filter(key=f"{at}done").update(done_at=at)
        JobRun.objects.create(job="x", slot=at, created_at=at)
        Submission.objects.create(key="0" * 32, actor=str(at), path="/", created_at=at)
    outbox.publish("job:core.tidy", key="k", payload={}, now=now)
    outbox.deliver(OutboxMessage.objects.get(key="k").pk, now=now)
    left = set(OutboxMessage.objects.exclude(key="k").values_list("key", flat=True))
    assert left == {f"{old}waiting", f"{young}done", f"{young}waiting"}
    assert [row.created_at for row in JobRun.objects.all()] == [young]
    assert [row.created_at for row in Submission.objects.all()] == [young]
    assert Mail.objects.count() == 0
