"""The request as our views see it."""

from datetime import datetime

from django.http import HttpRequest


class PortalRequest(HttpRequest):
    """`now` is set by `core.middleware.RequestClock`: one time for everything that this request does."""

    now: datetime
