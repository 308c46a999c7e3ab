"""What Prometheus reads: requests by view, and the queue as the database has it."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from core import mail, metrics, outbox
from core.models import Mail, OutboxMessage
from tests.core import probes  # noqa: F401  (subscribes)
from tests.factories.core import stored_file

pytestmark = pytest.mark.django_db


def read(text):
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples}


def gauges():
    found = read(metrics.exposition().decode())
    return {name: value for (name, *labels), value in found.items() if name.startswith("portal_") and not labels}


def test_the_queue_is_told_as_it_is(now):
    stored_file(now=now)
    mail.queue("x@example.com", subject="s", text="t", key="k", now=now)
    Mail.objects.update(delivery="FAILED")
    OutboxMessage.objects.all().delete()
    long_ago = timezone.now() - timedelta(minutes=1)
    for key in ("waits", "parked"):
        outbox.publish("test.counted", key=key, payload={"n": 1}, now=long_ago)
    OutboxMessage.objects.filter(key="parked").update(parked_at=now)
    told = gauges()
    assert told.pop("portal_outbox_oldest_seconds") == pytest.approx(60, abs=5)
    assert told == {
        "portal_database_up": 1,
        "portal_outbox_pending": 1,
        "portal_outbox_parked": 1,
        "portal_mail_failed": 1,
        "portal_files_in_quarantine": 1,
    }


def test_without_the_database_that_is_what_is_told(monkeypatch):
    def fail(_now):
        raise OperationalError

    monkeypatch.setattr(metrics.outbox, "health", fail)
    assert gauges() == {"portal_database_up": 0}


def requests_counted(client, path, view, status):
    key = ("portal_requests_total", ("method", "GET"), ("status", str(status)), ("view", view))
    before = read(client.get("/metrics").content.decode()).get(key, 0)
    assert client.get(path).status_code == status
    return read(client.get("/metrics").content.decode())[key] - before


@pytest.mark.parametrize(
    ("path", "view", "status"), [("/inbox/", "notification_list", 302), ("/nowhere/secret/", "unresolved", 404)]
)
def test_requests_are_counted_by_view_never_by_address(client, path, view, status):
    assert requests_counted(client, path, view, status) == 1
    assert b"secret" not in client.get("/metrics").content


COUNT_IN_CHILDREN = """
import os
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
for _ in range(2):
    pid = os.fork()
    if not pid:
        from core.metrics import REQUESTS
        REQUESTS.labels("GET", "home", 200).inc()
        os._exit(0)
    os.waitpid(pid, 0)
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_the_counters_of_all_web_processes_are_added_up(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    counting = "import django; django.setup()\n" + COUNT_IN_CHILDREN
    done = subprocess.run([sys.executable, "-c", counting], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    key = ("portal_requests_total", ("method", "GET"), ("status", "200"), ("view", "home"))
    assert read(done.stdout)[key] == 2
    assert read(metrics.exposition().decode())[key] == 2
