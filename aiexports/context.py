"""What every page knows of the site: whose it is, and where one can go from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAIN = [
    ("catalogue", _("Catalogue")),
    ("notice_list", _("Notices")),
    ("company_list", _("Companies")),
    ("buyer_list", _("Buyers")),
]
SIGNED_IN = [("dashboard", _("Dashboard")), ("match_list", _("Matches"))]
STAFF = [("admin:index", _("Workbench"))]
OWN = [("notification_list", _("Inbox")), ("profile", _("Account"))]
DOORS = [("account_login", _("Sign in")), ("account_signup", _("Sign up"))]


@dataclass(frozen=True)
class NavigationLink:
    """`current` is what aria-current says: "page" on the page itself, "true" on a page below it, else ""."""

    words: str | Promise
    path: str
    current: str


def site(request: HttpRequest) -> dict[str, object]:
    """Under the name `portal`: allauth's pages have a `site` of their own."""
    person = getattr(request, "user", None)  # a request that failed early has none
    is_signed_in = person is not None and person.is_authenticated
    return {
        "portal": {
            "is_official": settings.OFFICIAL_SITE,
            "is_demo": settings.DEMO,
            "main_links": list(_links(request, _main(person) if is_signed_in else MAIN)),
            "own_links": list(_links(request, OWN if is_signed_in else DOORS)),
        }
    }


def _main(person: Any) -> list[tuple[str, Any]]:
    """Federal staff work in the workbench and register nothing themselves."""
    return [*MAIN[:2], *SIGNED_IN[:1], *STAFF] if person.is_staff else [*MAIN, *SIGNED_IN]


def _links(request: HttpRequest, names: list[tuple[str, Any]]) -> Iterator[NavigationLink]:
    for name, words in names:
        path = reverse(name)
        current = "page" if request.path == path else "true" if request.path.startswith(path) else ""
        yield NavigationLink(words, path, current)
