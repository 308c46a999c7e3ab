"""What Prometheus can ask of a process."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("portal_requests_total", "Requests answered", ["method", "view", "status"])
REQUEST_SECONDS = Histogram("portal_request_seconds", "Seconds to answer a request", ["view"])
DELIVERIES = Counter("portal_outbox_deliveries_total", "Outbox messages handled", ["topic", "outcome"])
