"""The two database roles: the owner of the tables, and the role that the portal runs as, which cannot disable a guard.

The running role may read and write rows and use sequences. It owns nothing; it cannot TRUNCATE, create or alter. Not even a
temporary table: its trigger would count as ours, and a guard tells the two apart by that.
"""

from typing import Protocol

from psycopg import sql

STATEMENTS = (
    "GRANT CONNECT ON DATABASE {database} TO {app}",
    "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {app}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


class Cursor(Protocol):
    """What psycopg's cursor and Django's have in common."""

    def execute(self, query: sql.SQL | sql.Composed, params: list[str] | None = None) -> object: ...
    def fetchone(self) -> tuple[object, ...] | None: ...


def prepare(cursor: Cursor, *, app: str, password: str) -> None:
    """Make the running role if it is missing, and let it use what the owner (who is connected) will create."""
    cursor.execute(sql.SQL("SELECT current_database(), current_user"))
    database, owner = cursor.fetchone() or ("", "")
    if owner == app:
        raise ValueError(f"The owner of the tables and the role that the portal runs as are both {app}.")
    cursor.execute(sql.SQL("SELECT 1 FROM pg_roles WHERE rolname = %s"), [app])
    if not cursor.fetchone():
        login = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(app)) + login)
    names = {"database": sql.Identifier(str(database)), "app": sql.Identifier(app)}
    for statement in STATEMENTS:
        cursor.execute(sql.SQL(statement).format(**names))
