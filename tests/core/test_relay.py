"""One round of the relay: leases what is due and rings for it, as far as the broker has room."""

import socket
import threading
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from core import outbox
from core.management.commands import relay
from core.models import OutboxMessage
from tests.core import probes  # noqa: F401  (subscribes)
from tests.database import as_owner

pytestmark = pytest.mark.django_db
QUEUE = settings.CELERY_TASK_DEFAULT_QUEUE


@pytest.fixture
def broker():
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(QUEUE)
    yield client
    client.delete(QUEUE)
    client.close()


def publish(number):
    now = timezone.now() - timedelta(seconds=1)
    for each in range(number):
        outbox.publish("test.counted", key=str(each), payload={"n": each}, now=now)


def leased():
    return OutboxMessage.objects.exclude(leased_until=None).count()


def test_a_round_rings_once_for_what_is_due(broker):
    publish(3)
    call_command("relay", "--once")
    call_command("relay", "--once")
    assert (broker.llen(QUEUE), leased()) == (3, 3)


def test_no_more_bells_wait_than_the_window_holds(broker, monkeypatch):
    """With no worker the queue would otherwise grow by every message at every lease's end."""
    monkeypatch.setattr(relay, "WINDOW", 5)
    publish(8)
    for _ in range(3):
        call_command("relay", "--once")
    assert (broker.llen(QUEUE), leased()) == (5, 5)
    broker.lpop(QUEUE, 2)
    call_command("relay", "--once")
    assert (broker.llen(QUEUE), leased()) == (5, 7)


def test_a_wiped_broker_is_rung_again_when_the_lease_ends(broker):
    publish(2)
    call_command("relay", "--once")
    broker.delete(QUEUE)
    call_command("relay", "--once")
    assert broker.llen(QUEUE) == 0
    OutboxMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    call_command("relay", "--once")
    assert broker.llen(QUEUE) == 2


@pytest.fixture
def nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


def test_an_absent_broker_leaves_everything_due(settings, nobody_listens):
    settings.REDIS_URL = nobody_listens
    publish(2)
    with pytest.raises(CommandError, match="The broker is away"):
        call_command("relay", "--once")
    assert leased() == 0


def test_a_broker_that_goes_between_two_bells_gives_the_rest_back(broker, monkeypatch):
    publish(3)
    rung = []

    def ring(arguments, **options):
        if rung:
            raise redis.ConnectionError("gone")
        rung.append(arguments)

    monkeypatch.setattr(relay.deliver, "apply_async", ring)
    with pytest.raises(CommandError, match="gone"):
        call_command("relay", "--once")
    assert leased() == 1


def test_an_absent_database_is_one_line(broker, monkeypatch):
    def fail(*arguments):
        raise OperationalError("no server")

    monkeypatch.setattr(outbox, "lease_due", fail)
    with pytest.raises(CommandError, match="The database is away: no server"):
        call_command("relay", "--once")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["database", "broker"])
def test_a_fault_while_it_waits_does_not_end_it(broker, monkeypatch, settings, nobody_listens, fault):
    """Its listening connection is psycopg's own, whose errors are not Django's."""
    monkeypatch.setattr(relay, "IDLE_SECONDS", 0.01)
    command = relay.Command()
    command.broker = broker
    command._round()
    if fault == "database":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            end_session(cursor.fetchone()[0])
        monkeypatch.setattr(command, "_ring_due", lambda: False)
    else:
        command.broker = redis.Redis.from_url(nobody_listens)
    command._round()
    monkeypatch.undo()
    command.broker = broker
    publish(1)
    command._round()
    assert broker.llen(QUEUE) == 1


def end_session(pid):
    with as_owner() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.mark.django_db(transaction=True)
def test_it_wakes_when_somebody_publishes(broker, monkeypatch):
    command = relay.Command()
    command._wait(0.01)  # listens
    started = timezone.now()
    thread = threading.Timer(0.2, lambda: (publish(1), connection.close()))
    thread.start()
    command._wait(20)
    thread.join()
    assert timedelta(seconds=0.1) < timezone.now() - started < timedelta(seconds=5)
