"""Whoever can change the list on its way decides who is clear: it comes over https, or from this machine."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from accounts.checks import LOOPBACK


def list_problems() -> list[Error]:
    """Why the list must not be fetched from CSL_URL; empty when it may be, or when there is no address."""
    found = urlsplit(settings.CSL_URL)
    if not settings.CSL_URL or settings.EMBEDDED or found.scheme == "https" or found.hostname in LOOPBACK:
        return []
    problem = f"CSL_URL begins with {found.scheme}:// and not with https://: anybody on the way could change the list."
    return [Error(problem, hint="Name an https address, or none and import the list by hand.", id="screening.E001")]


@register(Tags.security)
def check_list_address(app_configs: Any, **kwargs: Any) -> list[Error]:
    return list_problems()
