"""The relay: leases due outbox messages and rings Celery for each."""

import signal
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as KombuError
from redis.exceptions import RedisError

from core import outbox
from core.tasks import deliver

BATCH = 200
IDLE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Lease due outbox messages and ring a worker for each, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            try:
                rung = self._round()
            except (OperationalError, InterfaceError) as error:
                if options["once"]:
                    raise CommandError(f"The database is away: {error}") from error
                log.warning("relay_database_away", error=str(error))
                connection.close()
                time.sleep(IDLE_SECONDS)
                continue
            if options["once"]:
                return
            if rung < BATCH:
                self._wait()

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _round(self) -> int:
        leased = outbox.lease_due(timezone.now(), BATCH)
        for position, message_id in enumerate(leased):
            try:
                deliver.apply_async([message_id], retry=False)
            except (KombuError, RedisError, OSError) as error:
                log.warning("relay_broker_away", error=str(error))
                outbox.release(leased[position:])
                time.sleep(IDLE_SECONDS)
                return 0
        return len(leased)

    def _wait(self) -> None:
        """Sleep until somebody publishes, at most a second: messages also come due by time."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("LISTEN outbox")
        for _notice in connection.connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
            pass
