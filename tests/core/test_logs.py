"""One line of JSON a request, with its id and view; no address, no name, no secret."""

import io
import json
import logging
import uuid
from contextlib import contextmanager

import pytest
import structlog
from django.test import Client

from core import outbox
from core.ledger import append
from core.models import LedgerEntry, OutboxMessage
from tests.core import probes  # noqa: F401  (subscribes)
from tests.factories.accounts import person
from tests.factories.core import stored_file

pytestmark = pytest.mark.django_db


@contextmanager
def written():
    """What the console's handler writes meanwhile."""
    (handler,) = [found for found in logging.getLogger().handlers if type(found) is logging.StreamHandler]
    stream = handler.setStream(io.StringIO())
    lines = []
    try:
        yield lines
    finally:
        lines += [json.loads(line) for line in handler.setStream(stream).getvalue().splitlines()]


def test_a_request_is_one_line_with_id_and_view():
    user = person("reader")
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.force_login(user)
    with written() as lines:
        client.get("/inbox/?q=Jane+Doe", headers={"User-Agent": "Agent/1"})
    (line,) = lines
    assert (line["event"], line["request"], line["code"]) == ("request_finished", "GET notification_list", 200)
    assert (line["user_id"], line["level"]) == (user.pk, "info")
    assert uuid.UUID(line["request_id"])
    text = json.dumps(line)
    assert [word for word in ("Jane", "203.0.113.7", "Agent", "reader@", "/inbox") if word in text] == []


@pytest.mark.parametrize("path", ["/nowhere/the-secret-of-a-link/", "/receipts/the-secret-of-a-link/"])
def test_an_address_that_leads_nowhere_is_not_written_down(path):
    client = Client()
    client.force_login(person("reader"))
    with written() as lines:
        assert client.get(path).status_code == 404
    assert [line["code"] for line in lines] == [404]
    assert "secret" not in json.dumps(lines)


def test_a_client_cannot_choose_its_id(client):
    with written() as lines:
        client.get("/inbox/", headers={"X-Request-ID": "x" * 200, "X-Correlation-ID": "mine"})
    assert uuid.UUID(lines[0]["request_id"])
    assert "correlation_id" not in lines[0]


def test_behind_our_proxy_its_id_is_kept(client, settings):
    settings.DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
    with written() as lines:
        client.get("/inbox/", headers={"X-Request-ID": "0123456789abcdef"})
    assert lines[0]["request_id"] == "0123456789abcdef"


def test_the_id_goes_along_into_ledger_and_outbox(now):
    file = stored_file(now=now)
    with structlog.contextvars.bound_contextvars(request_id="r" * 100):
        append(file, "look_at_file", by=person("reader"), now=now)
        outbox.publish("test.counted", key="k", payload={"n": 1}, now=now)
    assert LedgerEntry.objects.last().request_id == "r" * 64
    assert OutboxMessage.objects.get().request_id == "r" * 64


def test_without_a_request_there_is_no_id(now):
    stored_file(now=now)
    assert LedgerEntry.objects.get().request_id == ""


def test_a_failure_is_one_line_with_its_traceback():
    with written() as lines, structlog.contextvars.bound_contextvars(outbox_id=7):
        try:
            raise ValueError("broken")
        except ValueError:
            structlog.get_logger("core.tasks").exception("outbox_delivery_failed")
    (line,) = lines
    assert (line["outbox_id"], line["level"], line["logger"]) == (7, "error", "core.tasks")
    assert line["exception"].endswith("ValueError: broken")
