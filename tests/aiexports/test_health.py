"""/healthz says what is wrong, and takes the portal out of rotation only when it cannot keep what it is given."""

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis

from aiexports import health


def refuse(error):
    def raising(*_arguments, **_options):
        raise error

    return raising


@pytest.mark.django_db
def test_all_is_well(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["parts"]) == (
        200,
        dict.fromkeys(["database", "migrations", "broker"], "ok"),
    )


@pytest.mark.django_db
def test_without_a_broker_the_portal_still_takes_and_keeps(client, monkeypatch):
    monkeypatch.setattr(Redis, "ping", refuse(ConnectionError("no socket")))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["parts"]["broker"] == "unreachable: ConnectionError"


@pytest.mark.django_db
def test_without_a_database_it_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", refuse(DatabaseError("gone")))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "unreachable: DatabaseError"


@pytest.mark.django_db
def test_tables_that_are_not_migrated_are_told(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("core.0001", False)])
    assert health.checks()["migrations"] == "1 not applied"
    assert client.get("/healthz").status_code == 503
