"""The test database: made and migrated by the owner, used as the running role, emptied in spite of the guards."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

_reference_rows: dict[str, bytes] = {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's, which would create the tables as the running role."""
    name = f"test_{settings.DATABASES['owner']['NAME']}"
    with django_db_blocker.unblock():
        _create(name)
        for alias in ("owner", "default"):
            connections[alias].close()
            settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
        call_command("prepare_database", verbosity=0)
        call_command("migrate", verbosity=0)
        call_command("load_rules", stdout=io.StringIO())
        _reference_rows.update(_read_reference_rows())
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        with as_owner("postgres", autocommit=True) as cursor:
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(name: str) -> None:
    with as_owner("postgres", autocommit=True) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def as_owner(database: str | None = None, *, autocommit: bool = False) -> Iterator[psycopg.Cursor]:
    """A connection of the owner's own to the test database, committed at the end; usable inside any test."""
    named = connections["owner"].settings_dict
    parameters = {"host": named["HOST"], "port": named["PORT"], "user": named["USER"], "password": named["PASSWORD"]}
    with (
        psycopg.connect(**parameters, dbname=database or named["NAME"], autocommit=autocommit) as owner,
        owner.cursor() as cursor,
    ):
        yield cursor


def _filled(cursor: psycopg.Cursor) -> list[str]:
    """The tables that hold a row: one query for all of them."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'")
    probes = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
        for (table,) in cursor.fetchall()
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(probes))
    return [table for (table,) in cursor.fetchall()]


def _read_reference_rows() -> dict[str, bytes]:
    """What every installation holds before anybody comes: the rows of the migrations, and the dated rules."""
    with as_owner() as cursor:
        return {table: _copy_out(cursor, table) for table in _filled(cursor)}


def _copy_out(cursor: psycopg.Cursor, table: str) -> bytes:
    with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(block) for block in copy)


def empty_database() -> None:
    """Back to those rows, past every guard: a session that acts as a replica fires no trigger."""
    with as_owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in _filled(cursor):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, rows in _reference_rows.items():
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(rows)


def _empty_after_test(test_case: TransactionTestCase) -> None:
    """In place of Django's flush, which would TRUNCATE as the running role and be refused."""
    for alias in ("default", "owner"):
        connections[alias].close()
    empty_database()


TransactionTestCase._fixture_teardown = _empty_after_test


@contextmanager
def undone(blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction, or a savepoint inside one, that is rolled back at the end: for what a module's tests share."""
    with blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def check_deferred_guards() -> None:
    """What PostgreSQL would check at commit, now: for `pytest.raises` inside a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
