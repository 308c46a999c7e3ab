"""The measuring command: it prints figures of every kind of page, and leaves nothing behind."""

import io
import re

import pytest
from django.core.management import call_command

from accounts.models import User
from buyers.models import VettingCase

pytestmark = pytest.mark.django_db


def bench(cases: int, rounds: int) -> str:
    out = io.StringIO()
    call_command("bench_queue", cases=cases, rounds=rounds, stdout=out)
    return out.getvalue()


def test_figures_are_printed_and_rolled_back():
    text = bench(60, 3)
    rows = re.findall(r"^(.+?) +(\d+) queries, +[\d.]+ ms median, +[\d.]+ ms p95, \d+ KiB$", text, re.MULTILINE)
    assert {label: int(queries) for label, queries in rows} == dict.fromkeys(
        ["to decide", "officer's move", "nobody's", "mine", "one country", "all", "by name", "from the middle"], 6
    )
    assert "60 cases; 3 rounds" in text
    assert (VettingCase.objects.count(), User.objects.filter(name="Bench").count()) == (0, 0)
