"""Browsers of signed-in people, and what an unkind one sends."""

import time
from urllib.parse import quote

from django.test import Client

from accounts.models import User

HOSTILE = {
    "nul": "a\x00b",
    "megabyte": "x" * 1_000_000,
    "unknown choice": "NO_SUCH_CHOICE",
    "negative": "-1",
    "forty digits": "9" * 40,
    "not a number": "NaN",
    "markup": "<script>alert(1)</script>'\"",
    "bidi": "\u202egnp.exe\u202c",
    "lone surrogate": "%ED%A0%80",
    "day that is none": "2026-99-99T99:99:99+00:00",
    "empty": "",
}


def signed_in(user: User) -> Client:
    """With a second step given in this session, which the workbench asks for."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    return client


def quoted(path: str, value: str) -> str:
    return path.replace("HOSTILE", quote(value[:2000], safe=""))
