"""What officers are told of the lists."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.notifications import Letter


def list_stale(problem: str) -> Letter:
    return Letter(
        kind="screening.list_stale",
        subject=_("The screening list is out of date"),
        body=_(
            "%(problem)s\n\nUntil a list is in force again, nobody can become trusted, and packages and trusted buyers "
            "are not shown. Import today's list, or confirm that the one in force is still the newest."
        )
        % {"problem": problem},
        path=reverse("admin:screening_listrelease_changelist"),
        reason=_("You get this because officers and managers answer for the screening list."),
    )


def list_stopped(problem: str, path: str) -> Letter:
    return Letter(
        kind="screening.list_stopped",
        subject=_("A new screening list needs your look"),
        body=_(
            "The list that was fetched is not in force. %(problem)s\n\nThe file is kept on the server as %(path)s. When "
            "you have checked it against its sources, an administrator can import it in your name; until then the list "
            "in force stays."
        )
        % {"problem": problem, "path": path},
        path=reverse("admin:screening_listfetch_changelist"),
        reason=_("You get this because officers and managers answer for the screening list."),
    )
