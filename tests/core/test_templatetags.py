"""Names of codes, numbers, times and keys as people and pages read them."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from core import idempotency
from core.templatetags import portal
from packages.models import PackageVersion

MOMENT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (None, "en-us", ""),
        ("", "en-us", ""),
        (0, "en-us", "$0"),
        ("1234567", "en-us", "$1,234,567"),
        (Decimal("999.50"), "en-us", "$1,000"),
        (Decimal("-5"), "en-us", "-$5"),
        (1234567, "pt", "US$\xa01.234.567"),
        (1234567, "fr", "1\u202f234\u202f567\xa0$US"),
    ],
)
def test_dollars_are_whole_and_in_the_readers_language(value, language, expected):
    with translation.override(language):
        assert portal.usd(value) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "Nov. 24, 2026, 12:30 p.m. UTC"),
        ("America/New_York", "Nov. 24, 2026, 7:30 a.m. EST"),
        ("Asia/Dubai", "Nov. 24, 2026, 4:30 p.m. UTC+04"),
    ],
)
def test_a_time_is_the_readers_own_and_names_its_zone(zone, expected):
    with timezone.override(zone):
        assert portal.local_time(MOMENT) == f'<time datetime="2026-11-24T12:30:00+00:00">{expected}</time>'


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("\n  Change Password\n", "en-us", "Change password"),
        ("Two-Factor Authentication", "en-us", "Two-Factor authentication"),
        ("Use a TOTP app", "en-us", "Use a TOTP app"),
        ("Cambiar Clave", "es", "Cambiar Clave"),
        ("", "en-us", ""),
    ],
)
def test_words_of_a_library_are_written_as_a_sentence(words, language, expected):
    with translation.override(language):
        assert portal.sentence_case(words) == expected


def test_no_time_is_no_text():
    assert portal.local_time(None) == ""


def test_codes_become_names_in_alphabetical_order():
    assert portal.country("KE") == "Kenya"
    assert portal.countries_of(["KE", "BR"]) == "Brazil, Kenya"
    with translation.override("fr"):
        assert portal.country("DE") == "Allemagne"


def test_an_array_of_choices_becomes_their_words_and_an_unknown_code_stays():
    assert portal.labels(PackageVersion(sectors=["HEALTH", "GONE"]), "sectors") == ["Healthcare", "GONE"]


@pytest.mark.parametrize(
    ("status", "tone"), [("TRUSTED", "good"), ("DRAFT", "wait"), ("REVOKED", "bad"), ("NEW", "info")]
)
def test_a_status_has_a_tone_and_always_its_word(status, tone):
    subject = SimpleNamespace(status=status, get_status_display=lambda: "In words")
    assert portal.status_tag(subject) == {"tone": tone, "text": "In words"}


def _key(**context: object) -> str:
    html = Template("{% load portal %}{% submission_key %}").render(Context(context))
    return html.removeprefix(f'<input type="hidden" name="{idempotency.FIELD}" value="').removesuffix('">')


def test_each_form_gets_a_key_of_its_own(rf):
    first, second = _key(request=rf.get("/")), _key()
    assert uuid.UUID(first) != uuid.UUID(second)


def test_a_form_shown_again_keeps_its_key_and_a_hostile_one_is_escaped(rf):
    assert _key(request=rf.post("/", {idempotency.FIELD: "kept"})) == "kept"
    assert _key(request=rf.post("/", {idempotency.FIELD: '"><b>'})) == "&quot;&gt;&lt;b&gt;"
