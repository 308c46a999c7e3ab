"""Written with the act, delivered at least once, done exactly once."""

from datetime import timedelta

import pytest
import structlog
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core import outbox
from core.models import JobRun, OutboxMessage
from tests.core import probes
from tests.core.threads import at_once


@pytest.fixture
def failing():
    yield probes.FAILING
    probes.FAILING.clear()


def _raising(error):
    def fail():
        raise error

    return fail


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
    done = at_once(8, lambda: outbox.deliver(_message().pk))
    assert sorted(done) == [False] * 7 + [True]
    assert JobRun.objects.filter(job=job).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_ringing_doubles():
    """The positive control of the test above: the handler itself does not prevent a doubled effect."""
    _publish()
    message = _message()
    at_once(8, lambda: probes.count(message, now=timezone.now()))
    assert JobRun.objects.filter(job="probe:1").count() == 8


@pytest.mark.django_db(transaction=True)
def test_a_failure_undoes_the_work_is_kept_and_comes_again(failing):
    _publish()
    failing["k"] = _raising(ValueError("told to\0 fail"))
    with pytest.raises(ValueError, match="told to"):
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
def test_a_released_lease_is_due_at_once(now):
    _publish(now=now)
    outbox.release(outbox.lease_due(now, 10))
    assert outbox.lease_due(now, 10) == [_message().pk]


@pytest.mark.django_db
def test_bells_that_nobody_hears_are_no_attempts(now):
    """No worker for an hour: nothing is parked."""
    _publish(now=now)
    for minute in range(60):
        assert len(outbox.lease_due(now + timedelta(minutes=minute), 10)) == 1
    assert (_message().attempts, _message().parked_at) == (0, None)


def _attempts(pk, number):
    """Deliver a message that fails so often, each time once its pause is over; the pauses in seconds."""
    pauses = []
    for _ in range(number):
        before = timezone.now()
        with pytest.raises(ValueError, match="told to fail"):
            outbox.deliver(pk)
        pauses.append(round((_message().available_at - before).total_seconds()))
    return pauses


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("topic", ["test.counted", "test.outside"])
def test_a_message_that_fails_comes_after_growing_pauses_and_is_parked(failing, topic):
    _publish(topic=topic)
    failing["k"] = _raising(ValueError("told to fail"))
    assert _attempts(_message().pk, 12) == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]
    message = _message()
    assert message.parked_at is not None
    assert outbox.deliver(message.pk) is False
    far = timezone.now() + timedelta(days=1)
    assert outbox.lease_due(far, 10) == []
    assert outbox.health(far).parked == 1
    assert outbox.retry_parked([message.pk], now=far) == 1
    failing.clear()
    assert outbox.lease_due(far, 10) == [message.pk]
    assert outbox.deliver(message.pk) is True
    assert outbox.health(far).parked == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("topic", ["test.counted", "test.outside"])
def test_a_message_that_ends_its_worker_is_parked_too(failing, topic, now):
    """No `except` sees the end of a process; the attempt was counted before."""
    _publish(topic=topic, now=now)
    failing["k"] = _raising(KeyboardInterrupt())
    for _ in range(outbox.MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(_message().pk)
    assert outbox.lease_due(now, 10) == []
    assert _message().parked_at == now


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_has_it_another_lets_go():
    _publish()
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(key="k")
        assert at_once(1, lambda: outbox.deliver(_message().pk)) == [False]
    assert _message().attempts == 0


@pytest.mark.django_db
def test_a_subscriber_that_is_gone_is_told(now):
    _publish()
    OutboxMessage.objects.update(subscriber="old.name")
    with pytest.raises(LookupError, match=r"old\.name no longer subscribes to test\.counted"):
        outbox.deliver(_message().pk)
    assert _message().last_error.startswith("LookupError")


@pytest.mark.django_db
def test_a_message_that_is_gone_is_nothing_to_do():
    assert outbox.deliver(0) is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("topic", ["test.counted", "test.outside"])
def test_when_the_database_goes_the_first_error_is_raised_and_the_lease_brings_it_again(failing, topic, now):
    _publish(topic=topic, now=now)
    pk = _message().pk
    outbox.lease_due(now, 10)
    failing["k"] = _end_session
    with pytest.raises(OperationalError, match="terminating connection"):
        outbox.deliver(pk, now=now)
    connection.close()
    failing.clear()
    assert _message().done_at is None
    later = now + timedelta(minutes=1)
    assert outbox.lease_due(later, 10) == [pk]
    assert outbox.deliver(pk, now=later) is True


def _end_session():
    """As a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db
def test_the_logs_of_the_work_carry_the_ids_of_message_and_request():
    with structlog.contextvars.bound_contextvars(request_id="r" * 70):
        _publish()
    probes.SEEN.clear()
    outbox.deliver(_message().pk)
    (seen,) = probes.SEEN
    assert seen == {"outbox_id": _message().pk, "request_id": "r" * 64, "topic": "test.counted"}


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
