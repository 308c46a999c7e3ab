"""Browsers of signed-in people, and what an unkind one sends."""

import uuid
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.assurance import vouch_for_demo
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
    """A browser of that person, in a session with a second step, which federal people need."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    vouch_for_demo(request, user)
    request.session.save()
    return client


def page(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def key() -> dict[str, str]:
    """What a form's `{% submission_key %}` sends: a new one each time that it is shown."""
    return {"submission_key": str(uuid.uuid4())}


def said(response: HttpResponse) -> list[str]:
    """The messages on the page that came of it."""
    return [str(message) for message in response.context["messages"]]


def quoted(path: str, value: str) -> str:
    return path.replace("HOSTILE", quote(value[:2000], safe=""))
