"""What every request carries."""

import time
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_structlog.middlewares import RequestMiddleware

from core import metrics
from core.http import PortalRequest

Respond = Callable[[HttpRequest], HttpResponse]


class RequestClock:
    """Sets `request.now`: one time for everything that the request does."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cast("PortalRequest", request).now = timezone.now()
        return self.respond(request)


def _view_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "unresolved"


class RequestLog(RequestMiddleware):
    """Gives each request an id that its logs, ledger entries and outbox messages carry; one line when it is answered.

    The line names the view, never the address: that holds names in searches and the secrets of mailed links.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {_view_of(request)}"


class Metrics:
    """Counts and times requests by url name, never by path: a path would make a label of each record."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.respond(request)
        view = _view_of(request)
        metrics.REQUESTS.labels(request.method, view, response.status_code).inc()
        metrics.REQUEST_SECONDS.labels(view).observe(time.perf_counter() - started)
        return response
