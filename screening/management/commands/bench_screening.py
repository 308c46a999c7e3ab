import os
import platform
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from screening import selectors
from screening.engine.matcher import Matcher
from screening.engine.score import Query
from screening.engine.version import engine_version
from screening.training import peers, speed
from screening.training.labelled import REPORTED, Data, NoData
from screening.training.measures import Rate, rates, screen_of

ONE_BY_ONE, OF_RAPIDFUZZ, OF_TRIGRAMS = 500, 100, 50


class Command(BaseCommand):
    help = (
        "Screen many parties against the list in force and tell time and memory; with a folder of labelled names, also "
        "recall and alert rates on the reported part, beside rapidfuzz and pg_trgm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parties", type=int, default=100_000)
        parser.add_argument(
            "--data", type=Path, metavar="DIR", help="holds csl_consolidated_*.csv.gz and names/*.csv.gz"
        )
        parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
        parser.add_argument("--sample", type=int, default=300, help="names of each set that the peers are asked for")

    def handle(self, *args: Any, parties: int, data: Path | None, jobs: int, sample: int, **options: Any) -> None:
        if parties < 1 or jobs < 1 or sample < 1:
            raise CommandError("Parties, jobs and sample are numbers of 1 or more.")
        try:
            some = _unlisted(data) if data else []
        except NoData as error:
            raise CommandError(str(error)) from error
        self._machine()
        matcher = self._matcher()
        queries = speed.parties(parties, matcher.listed, some, peers.SEED)
        per_name = self._speed(matcher, queries, jobs)
        self._single(matcher, queries)
        self._peers_speed(matcher, queries, per_name)
        if data:
            self._rates(Data(data), sample)
        else:
            self.stdout.write("No recall and alert rates: name a folder of labelled names with --data DIR.")

    def _machine(self) -> None:
        model = next((line for line in _read("/proc/cpuinfo") if line.startswith("model name")), "").partition(": ")[2]
        memory = next((line for line in _read("/proc/meminfo") if line.startswith("MemTotal")), "0 0").split()[1]
        self.stdout.write(
            f"{model or platform.processor()}, {os.cpu_count()} cores, {int(memory) // 1024**2} GiB, load "
            f"{os.getloadavg()[0]:.1f}; Python {platform.python_version()}; engine {engine_version()}"
        )

    def _matcher(self) -> Matcher:
        current = selectors.current_release()
        if current is None:
            raise CommandError("There is no list to screen against. Import one: manage.py import_csl FILE")
        with speed.measured() as spent:
            matcher = selectors.matcher_of(current.release_id)
        self.stdout.write(
            f"list of {current.release.as_of}: {current.release.row_count} entries, {len(matcher.listed)} names, "
            f"read and indexed in {spent.wall:.1f} s"
        )
        return matcher

    def _speed(self, matcher: Matcher, queries: list[Query], jobs: int) -> float:
        before = os.getloadavg()[0]
        hits, spent = speed.screen_all(matcher, queries, jobs)
        self.stdout.write(
            f"{len(queries)} parties, {jobs} processes: {spent.wall:.1f} s wall, {spent.processor:.1f} CPU-s, "
            f"{spent.memory:.0f} MiB at most (index included), {hits} hits; load {before:.1f} before, "
            f"{os.getloadavg()[0]:.1f} after"
        )
        return spent.processor / len(queries)

    def _single(self, matcher: Matcher, queries: list[Query]) -> None:
        took = speed.one_by_one(matcher, queries[:: max(1, len(queries) // ONE_BY_ONE)][:ONE_BY_ONE])
        self.stdout.write(f"one name in the worker: {_at(took, 0.5):.1f} ms median, {_at(took, 0.95):.1f} ms p95")
        current = selectors.current_release()
        assert current is not None  # noqa: S101 - asked for above
        took = []
        for query in queries[:: max(1, len(queries) // 200)][:200]:
            begun = time.perf_counter()
            selectors.search(query.name, current.release)
            took.append(1000 * (time.perf_counter() - begun))
        took.sort()
        self.stdout.write(f"one name through PostgreSQL: {_at(took, 0.5):.1f} ms median, {_at(took, 0.95):.1f} ms p95")

    def _peers_speed(self, matcher: Matcher, queries: list[Query], per_name: float) -> None:
        texts = [query.name for query in queries[:: max(1, len(queries) // OF_RAPIDFUZZ)]][:OF_RAPIDFUZZ]
        begun = time.process_time()
        peers.rapidfuzz_peer(matcher.listed)(texts)
        self._compared("rapidfuzz token_sort_ratio", (time.process_time() - begun) / len(texts), per_name)
        try:
            _, seconds = peers.trigram_answers(matcher.listed, texts[:OF_TRIGRAMS])
        except DatabaseError as error:
            self.stdout.write(f"pg_trgm: not to be had here ({str(error).splitlines()[0]})")
        else:
            self._compared("pg_trgm, top 50 by GIN", seconds / len(texts[:OF_TRIGRAMS]), per_name)

    def _compared(self, peer: str, seconds: float, ours: float) -> None:
        self.stdout.write(f"{peer}: {1000 * seconds:.1f} ms a name, {seconds / ours:.0f} times ours")

    def _rates(self, data: Data, sample: int) -> None:
        full, without = Matcher(data.listed()), Matcher(data.listed(without_aliases=True))
        self.stdout.write("\nreported part, alerts, with 95 % intervals")
        ours = rates(data, REPORTED, screen_of(full), screen_of(without))
        for rate in ours:
            self._tell("engine", rate)
        alerts = {rate.kind: rate.share for rate in ours if rate.what == "unlisted names alerting"}
        sampled = peers.sample(data, sample)
        rapid = peers.rapidfuzz_peer(full.listed)
        names = {key: [one.query.name for one in labelled] for key, labelled in sampled.items()}
        self._peer("rapidfuzz", sampled, {key: rapid(texts) for key, texts in names.items()}, alerts, full)
        try:
            trigrams = {key: peers.trigram_answers(full.listed, texts)[0] for key, texts in names.items()}
        except DatabaseError:
            return
        self._peer("pg_trgm", sampled, trigrams, alerts, full)

    def _peer(self, name: str, sampled: Any, answers: Any, alerts: dict[str, float], full: Matcher) -> None:
        for rate in peers.peer_rates(full.listed, sampled, answers, alerts):
            self._tell(name, rate)

    def _tell(self, who: str, rate: Rate) -> None:
        low, high = rate.interval()
        self.stdout.write(
            f"{who:<10} {rate.what:<24} {rate.kind:<13} {rate.share:.4f}  ({low:.4f}–{high:.4f}, n={rate.size})"
        )


def _unlisted(folder: Path) -> list[Query]:
    data = Data(folder)
    return [one.query for one in (*data.people, *data.companies)]


def _at(values: list[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)] if values else 0.0


def _read(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
