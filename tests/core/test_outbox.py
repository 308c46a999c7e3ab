"""Written with the act, delivered at least once, done exactly once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import outbox
from core.models import JobRun, OutboxMessage
from tests.core import probes


@pytest.fixture
def failing():
    yield probes.FAILING
    probes.FAILING.clear()


def _publish(key="k", n=1, topic="test.counted", **fields):
    return outbox.publish(topic, key=key, payload={"n": n}, now=fields.pop("now", timezone.now()), **fields)


def _message(key="k"):
    return OutboxMessage.objects.get(key=key)


@pytest.mark.django_db
def test_a_key_is_published_once_per_subscriber():
    _publish()
    _publish()
    assert OutboxMessage.objects.filter(topic="test.counted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_published():
    with transaction.atomic():
        _publish()
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("topic", "job"), [("test.counted", "probe:1"), ("test.outside", "outside:1")])
def test_a_message_is_done_once_however_often_it_is_rung(topic, job):
    _publish(topic=topic)
    assert [outbox.deliver(_message().pk) for _ in range(3)] == [True, False, False]
    assert JobRun.objects.filter(job=job).count() == 1
    assert _message().done_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("topic", "job"), [("test.counted", "probe:1"), ("test.outside", "outside:1")])
def test_rung_at_once_by_many_it_is_done_once(topic, job):
    _publish(topic=topic)
    done = _at_once(8, lambda: outbox.deliver(_message().pk))
    assert sorted(done) == [False] * 7 + [True]
    assert JobRun.objects.filter(job=job).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_ringing_doubles():
    """The positive control of the test above: the handler itself does not prevent a doubled effect."""
    _publish()
    message = _message()
    _at_once(8, lambda: probes.count(message, now=timezone.now()))
    assert JobRun.objects.filter(job="probe:1").count() == 8


def _at_once(number, work):
    results, barrier = [], threading.Barrier(number)

    def run():
        barrier.wait()
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_a_failure_undoes_the_work_is_kept_and_comes_again(failing):
    _publish()
    failing.add("k")
    with pytest.raises(ValueError, match="told to fail"):
        outbox.deliver(_message().pk)
    assert JobRun.objects.count() == 0
    message = _message()
    assert (message.done_at, message.last_error) == (None, "ValueError: told to fail")
    assert message.available_at > timezone.now()
    failing.clear()
    assert outbox.drain(message.available_at + timedelta(seconds=1)) == 1
    assert _message().last_error == ""


@pytest.mark.django_db
def test_a_lease_hides_a_message_until_it_ends(now):
    _publish(now=now)
    pk = _message().pk
    assert outbox.lease_due(now, 10) == [pk]
    assert outbox.lease_due(now + outbox.LEASE, 10) == []
    assert outbox.lease_due(now + outbox.LEASE + timedelta(seconds=1), 10) == [pk]


@pytest.mark.django_db
def test_a_released_lease_counts_as_no_attempt(now):
    _publish(now=now)
    for _ in range(outbox.MAX_ATTEMPTS + 3):
        leased = outbox.lease_due(now, 10)
        outbox.release(leased)
    assert _message().attempts == 0


@pytest.mark.django_db
def test_a_poison_message_is_parked_and_an_officer_can_try_again(now):
    _publish(now=now)
    for _ in range(outbox.MAX_ATTEMPTS):
        now += outbox.LEASE + timedelta(seconds=1)
        assert len(outbox.lease_due(now, 10)) == 1
    now += outbox.LEASE + timedelta(seconds=1)
    assert outbox.lease_due(now, 10) == []
    assert _message().parked_at == now
    assert outbox.health(now).parked == 1
    assert outbox.retry_parked([_message().pk], now=now) == 1
    assert outbox.lease_due(now, 10) == [_message().pk]


@pytest.mark.django_db
def test_a_delayed_message_is_not_due_before_its_time(now):
    _publish(now=now, delay=timedelta(minutes=5))
    assert outbox.lease_due(now, 10) == []
    assert len(outbox.lease_due(now + timedelta(minutes=5), 10)) == 1


@pytest.mark.django_db
def test_health_counts_what_waits_and_what_was_quick(now):
    assert outbox.health(now) == outbox.Health(0.0, None, 0, 0)
    _publish("a", now=now)
    _publish("b", now=now)
    OutboxMessage.objects.filter(key="a").update(done_at=now + timedelta(seconds=4))
    later = now + timedelta(seconds=30)
    assert outbox.health(later) == outbox.Health(30.0, 1.0, 1, 0)


@pytest.mark.django_db
def test_drain_says_so_when_it_cannot_empty():
    _publish("a")
    _publish("b", n=2)
    with pytest.raises(RuntimeError, match="did not empty"):
        outbox.drain(timezone.now(), limit=1)
