"""What Prometheus can ask of the portal: counters of the web processes, and the state of the queue from the database."""

import os
from collections.abc import Iterable

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from core import outbox, selectors

REQUESTS = Counter("portal_requests_total", "Requests answered", ["method", "view", "status"])
REQUEST_SECONDS = Histogram("portal_request_seconds", "Seconds to answer a request", ["view"])


class QueueCollector:
    """Read when it is asked for; without the database only `portal_database_up` is told."""

    def collect(self) -> Iterable[Metric]:
        try:
            gauges = self._gauges()
        except DatabaseError:
            gauges = {}
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers", value=bool(gauges))
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(name, text, value=value)

    def _gauges(self) -> dict[str, tuple[str, float]]:
        health = outbox.health(timezone.now())
        return {
            "portal_outbox_pending": ("Messages that wait", health.pending),
            "portal_outbox_oldest_seconds": ("Age of the oldest that waits", health.oldest_pending_seconds),
            "portal_outbox_parked": ("Messages that were given up", health.parked),
            "portal_mail_failed": ("Mails that were given up", selectors.failed_mail().count()),
            "portal_files_in_quarantine": ("Files that wait for the scanner", selectors.waiting_files().count()),
        }


def exposition() -> bytes:
    """Prometheus' text format. With PROMETHEUS_MULTIPROC_DIR set, the counters of all web processes are added up."""
    registry = CollectorRegistry()
    registry.register(QueueCollector())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
