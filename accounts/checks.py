"""The demonstration lets anybody in as anybody: it exists on the maker's own machine only."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}


def demo_problems() -> list[Error]:
    """Why PORTAL_DEMO must be off here; empty when it is off, or this is an embedded run on loopback."""
    if not settings.DEMO:
        return []
    problems = []
    if not settings.EMBEDDED:
        problems.append(
            Error(
                "PORTAL_DEMO is on outside of the embedded run: /demo/ would let anybody in as a federal officer.",
                hint="Unset PORTAL_DEMO.",
                id="accounts.E001",
            )
        )
    hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname or ""}
    if strangers := sorted(hosts - LOOPBACK - {"testserver"}):
        problems.append(
            Error(
                f"PORTAL_DEMO is on, and the portal answers to {', '.join(strangers)}, which is not this machine.",
                hint="Set PORTAL_DEMO=0, or keep ALLOWED_HOSTS and SITE_URL to localhost.",
                id="accounts.E002",
            )
        )
    return problems


@register(Tags.security)
def check_demo(app_configs: Any, **kwargs: Any) -> list[Error]:
    return demo_problems()
