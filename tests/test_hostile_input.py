"""No input makes the portal fail: every field of every form, every address and query string, with what nobody typed.

A failure shows as the exception itself: Django's test client raises what would have been a 500.
"""

import itertools
import re
import zlib
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.test import Client

from tests.access_table import ACCESS
from tests.addresses import ARGUMENTS, address, own_names
from tests.browsers import HOSTILE, quoted, signed_in
from tests.factories.accounts import person

pytestmark = [pytest.mark.django_db, pytest.mark.uncovered]

# One value a field in the daily run, which is enough to meet each of them on every page; all of them in the long one.
TURNS = pytest.mark.parametrize("turns", [1, pytest.param(len(HOSTILE), marks=pytest.mark.long)])
READERS = {
    "organization_invitation": "invited",
    "consortium_invitation": "invited",
    "introduction_accept": "anchor",
    "introduction_decline": "anchor",
}
QUERY = ["q", "after", "country", "sector", "deployment", "language", "price", "consortium", "package", "need", "next"]
VALID = {
    "legal_name": "Kestrel Networks Inc",
    "name": "Kestrel",
    "title": "A title",
    "country": "US",
    "headquarters_country": "US",
    "summary": "What it is.",
    "email": "somebody@example.com",
    "role": "EDITOR",
    "kind": "PRE_SET",
    "text": "Words.",
    "message": "Words.",
    "components": ["A"],
    "seen": "",
    "next_path": "",
    "confirmed": "yes",
}


def reader_of(name: str) -> str:
    side = name.partition("_")[0]
    return READERS.get(name, "buyer" if side in ("buyer", "need", "question", "case") else "anchor")


def post(client: Client, path: str, data: dict[str, object]) -> HttpResponse:
    """In a savepoint that is undone, so that each post meets the same world."""
    with transaction.atomic():
        try:
            return client.post(path, data)
        finally:
            transaction.set_rollback(True)


def valid_data(form: Form | None) -> dict[str, object]:
    """What the form shows, completed with values that pass."""
    data = dict(VALID)
    for field in form or ():
        shown = field.value()
        if shown not in (None, "", []):
            data[field.name] = getattr(shown, "pk", shown)
        elif field.name not in data and hasattr(field.field, "queryset"):
            data[field.name] = next((row.pk for row in field.field.queryset), "")
        elif field.name not in data and getattr(field.field, "choices", None):
            data[field.name] = [value for value, _label in field.field.choices if value][:1]
    return data


@TURNS
@pytest.mark.parametrize("name", [name for name in sorted(ACCESS) if ACCESS[name][1:]])
def test_no_field_of_a_form_makes_its_page_fail(world, name, turns):
    client, path = signed_in(person(reader_of(name))), address(name, world)
    page = client.get(path)
    if page.status_code not in (200, 405):
        pytest.skip("no page for this reader")
    form = (page.context or {}).get("form")
    data = valid_data(form if isinstance(form, Form) or hasattr(form, "fields") else None)
    asked = set(re.findall(r' name="([^"]+)"', page.text)) or set(data)
    for field, what in pairs([*(field for field in data if field in asked), "submission_key"], turns):
        assert post(client, path, data | {field: HOSTILE[what]}).status_code < 500, (field, what)


def pairs(fields: list[str], turns: int) -> Iterator[tuple[str, str]]:
    """Each field with so many of the values, of which each comes in its turn; a time with all."""
    values = itertools.cycle(HOSTILE)
    for field in fields:
        wanted = HOSTILE if field == "seen" else itertools.islice(values, turns)
        yield from ((field, what) for what in wanted)


@TURNS
@pytest.mark.parametrize("name", own_names())
def test_no_query_string_makes_a_page_fail(world, name, turns):
    client, path = signed_in(person(reader_of(name))), address(name, world).partition("?")[0]
    for what in some(name, turns + 2):
        answer = client.get(path, dict.fromkeys(QUERY, HOSTILE[what][:3000]))
        assert answer.status_code < 500, what


def some(name: str, number: int) -> list[str]:
    """The NUL, and so many others that differ from page to page."""
    others = sorted(HOSTILE, key=lambda what: zlib.crc32(f"{name} {what}".encode()))
    return list(dict.fromkeys(["nul", *others[:number]]))


@TURNS
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_no_address_makes_a_page_fail(world, name, turns):
    """Each part of the address in turn; what is no address at all is a 404 too."""
    client, path = signed_in(person(reader_of(name))), address(name, world)
    parts = path.strip("/").split("/")
    for place in range(1, len(parts)):
        for value in (HOSTILE[what] for what in some(name, turns)):
            url = quoted("/" + "/".join([*parts[:place], "HOSTILE", *parts[place + 1 :]]) + "/", value or " ")
            assert client.get(url).status_code in (200, 302, 403, 404, 405), url
            assert post(client, url, {"submission_key": ""}).status_code in (200, 302, 403, 404, 405, 422), url
