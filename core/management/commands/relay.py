"""The relay: leases due outbox messages and rings Celery for each."""

import signal
import time
from pathlib import Path
from typing import Any

import psycopg
import redis
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as KombuError

from core import outbox
from core.tasks import deliver

WINDOW = 200  # bells that may wait in the broker at a time; more would only wait longer, and ring again meanwhile
IDLE_SECONDS, BUSY_SECONDS = 1.0, 0.1

# Listening is done on psycopg's own connection, whose errors Django does not wrap.
DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
BROKER_AWAY = (KombuError, redis.RedisError, OSError)

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Lease due outbox messages and ring a worker for each, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        self.broker = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=3)
        if once:
            self._once()
            return
        self.is_stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.is_stopping:
            self._round()

    def _stop(self, *_: Any) -> None:
        self.is_stopping = True

    def _once(self) -> None:
        try:
            self._ring_due()
        except DATABASE_AWAY as error:
            raise CommandError(f"The database is away: {error}") from error
        except BROKER_AWAY as error:
            raise CommandError(f"The broker is away: {error}") from error

    def _round(self) -> None:
        """Ring what is due, then wait; an absent server is waited for."""
        try:
            more = self._ring_due()
            if settings.RELAY_HEARTBEAT:
                Path(settings.RELAY_HEARTBEAT).touch()
            self._wait(BUSY_SECONDS if more else IDLE_SECONDS)
        except DATABASE_AWAY as error:
            log.warning("relay_database_away", error=str(error))
            connection.close()
            time.sleep(IDLE_SECONDS)
        except BROKER_AWAY as error:
            log.warning("relay_broker_away", error=str(error))
            time.sleep(IDLE_SECONDS)

    def _ring_due(self) -> bool:
        """Ring as many as the broker's queue has room for; True when more may be due."""
        room = WINDOW - int(self.broker.llen(settings.CELERY_TASK_DEFAULT_QUEUE))
        leased = outbox.lease_due(timezone.now(), room) if room > 0 else []
        for position, message_id in enumerate(leased):
            try:
                deliver.apply_async([message_id], retry=False)
            except BROKER_AWAY:
                outbox.release(leased[position:])
                raise
        return len(leased) >= room

    def _wait(self, seconds: float) -> None:
        """Sleep until somebody publishes, at most so long: messages also come due by time."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("LISTEN outbox")
        for _notice in connection.connection.notifies(timeout=seconds, stop_after=1):
            pass
