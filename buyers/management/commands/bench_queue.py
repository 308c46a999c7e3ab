"""How long the vetting queue's page takes with many cases. Everything is rolled back.

The cases are made, counted by ANALYZE and read in one transaction, on a connection of the tables' owner: only the owner may
ANALYZE, and nobody else would see rows that are not committed. Without their numbers the planner takes the tables for empty.
"""

import os
import platform
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import site
from django.core.management.base import BaseCommand
from django.db import connection, connections, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from buyers.bench import build
from buyers.models import VettingCase
from buyers.selectors.queue import queue

QUERIES = {
    "to decide": "",
    "officer's move": "move=OFFICER",
    "nobody's": "officer=nobody",
    "mine": "officer=mine",
    "one country": "country=PL",
    "all": "status=ALL",
    "by name": "name=17",
}


def _after(due_at: datetime, pk: int) -> str:
    return urlencode({"status": "ALL", "after": f"{due_at.isoformat()}~{pk}"})


@contextmanager
def as_owner() -> Iterator[None]:
    """Let the code that this command measures run on the owner's connection."""
    running = connections["default"]
    connections["default"] = connections["owner"]
    try:
        yield
    finally:
        connections["default"] = running


def _count() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'; ANALYZE")


class Command(BaseCommand):
    help = "Build a queue of N cases in a transaction, time its page, print the figures and the machine, roll back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=10_000)
        parser.add_argument("--rounds", type=int, default=60)

    def handle(self, *args: Any, cases: int, rounds: int, **options: Any) -> None:
        self.stdout.write(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        self.stdout.write(f"load before: {os.getloadavg()[0]:.1f}; {cases} cases; {rounds} rounds a page; rolled back")
        with as_owner(), transaction.atomic():
            officer = build(cases, timezone.now())
            _count()
            middle = queue(officer).values_list("due_at", "pk")[cases // 2]
            for label, query in {**QUERIES, "from the middle": _after(*middle)}.items():
                self._measure(label, query, officer, rounds)
            transaction.set_rollback(True)

    def _measure(self, label: str, query: str, officer: User, rounds: int) -> None:
        """Print the page's figures, after two rounds that do not count. CPU time is the one that a busy machine leaves."""
        times: list[float] = []
        cpu: list[float] = []
        queries = 0
        for number in range(rounds + 2):
            with CaptureQueriesContext(connection) as captured:
                began, busy = time.perf_counter(), time.process_time()
                response = self._page(query, officer)
                took, worked = (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000
            if number >= 2:
                times.append(took)
                cpu.append(worked)
            queries = len(captured)
        times.sort()
        median, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        size = len(response.content) // 1024
        used = sorted(cpu)[len(cpu) // 2]
        figures = f"{median:6.1f} ms median, {p95:6.1f} ms p95, {used:5.1f} ms of CPU in Python"
        self.stdout.write(f"{label:16} {queries} queries, {figures}, {size} KiB")

    def _page(self, query: str, officer: User) -> Any:
        """What the door answers: without middleware, whose two queries (session, person) are the same for every page."""
        request: Any = RequestFactory().get(f"{reverse('admin:buyers_vettingcase_changelist')}?{query}")
        request.session, request.user, request.now = {}, officer, timezone.now()
        request.LANGUAGE_CODE = "en-us"
        return site.get_model_admin(VettingCase).changelist_view(request)
