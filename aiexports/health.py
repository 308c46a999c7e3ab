"""Whether the portal lives, is ready, and keeps its promises."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis


def checks() -> dict[str, str]:
    """Each part's state, "ok" or what is wrong; readiness wants all of them ok except the broker.

    The web answers and keeps what it is given while the broker is away, so the broker alone makes it degraded, not
    unready.
    """
    return {"database": _database(), "migrations": _migrations(), "broker": _broker()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"unreachable: {type(error).__name__}"
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"unknown: {type(error).__name__}"
    return f"{len(waiting)} not applied" if waiting else "ok"


def _broker() -> str:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as broker:
            broker.ping()
    except Exception as error:  # the client raises redis', socket's and the pool's own kinds
        return f"unreachable: {type(error).__name__}"
    return "ok"
