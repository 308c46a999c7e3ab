"""The test database as its owner sees it: made anew, and emptied past the guards that refuse it."""

import psycopg
from django.db import connections

TEST_DATABASE = "test_portal"
_reference: dict[str, list[tuple]] = {}


def owner(database: str = TEST_DATABASE) -> psycopg.Connection:
    """A connection of the owner's own, outside of what Django lets a test use."""
    parameters = connections["owner"].get_connection_params() | {"dbname": database}
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters, autocommit=True)


def create() -> None:
    with owner("postgres") as server:
        server.execute(f"DROP DATABASE IF EXISTS {TEST_DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {TEST_DATABASE}")


def remember() -> None:
    """Keep the rows that migrations inserted."""
    with owner() as server:
        for table in _tables(server):
            if rows := server.execute(f'SELECT t::text FROM "{table}" t').fetchall():
                _reference[table] = rows


def empty() -> None:
    """TRUNCATE everything with triggers off, and insert the remembered rows."""
    with owner() as server, server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")
        server.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in _tables(server)))
        for table, rows in _reference.items():
            server.cursor().executemany(f'INSERT INTO "{table}" SELECT (%s::"{table}").*', rows)


def _tables(server: psycopg.Connection) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
    return [table for (table,) in server.execute(query)]
