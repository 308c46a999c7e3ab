"""The request as our views see it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import User


class PortalRequest(HttpRequest):
    """`now` is set by `core.middleware.RequestClock`: one time for everything that this request does.

    To the type checker `user` is a person. On a public page it may be nobody: ask `is_authenticated` there; rules and
    selectors answer for nobody, and an action refuses them.
    """

    now: datetime
    user: "User"
