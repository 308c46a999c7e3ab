"""How fast many parties are screened, by how many processes, in how much memory."""

import gc
import os
import random
import resource
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from multiprocessing import get_context
from pathlib import Path

from screening.engine.matcher import Matcher
from screening.engine.names import parse
from screening.engine.score import Listed, Query

PART = 10_000  # names a piece of work; more share more words
_matcher: Matcher | None = None  # inherited by forked children


@dataclass
class Spent:
    """Seconds of wall and processor, and the most memory held at a time by all processes together, in MiB."""

    wall: float = 0.0
    processor: float = 0.0
    memory: float = 0.0


def parties(size: int, listed: Sequence[Listed], some: Sequence[Query], seed: int) -> list[Query]:
    """Queries of distinct names: the given ones, then names with their last word from another one."""
    chance = random.Random(seed)  # noqa: S311 - a sample that has to repeat
    found = {query.name: query for query in some[:size]}
    base = list(some) or [Query(name.name, name.kind) for name in listed]
    while len(found) < size:
        one, other = chance.choice(base), chance.choice(base)
        name = " ".join([*one.name.split()[:-1], other.name.split()[-1]])
        found.setdefault(name, Query(name, one.kind))
    return list(found.values())


def screen_all(matcher: Matcher, queries: Sequence[Query], jobs: int) -> tuple[int, Spent]:
    """Hits of all queries, from raw strings, and what it took."""
    global _matcher
    _matcher = matcher
    parse.cache_clear()
    gc.collect()
    gc.freeze()  # so that a child's collector does not copy the parent's pages
    parts = list(batched(queries, PART))
    if jobs == 1:
        with measured() as spent:
            return sum(map(_count, parts)), spent
    with get_context("fork").Pool(jobs) as pool, measured() as spent:
        hits = sum(pool.imap_unordered(_count, parts))
        pool.close()
        pool.join()
    return hits, spent


def _count(queries: Sequence[Query]) -> int:
    assert _matcher is not None  # noqa: S101 - inherited by the fork
    return len(_matcher.screen(queries))


@contextmanager
def measured() -> Iterator[Spent]:
    spent, done = Spent(), threading.Event()
    begun, used = time.perf_counter(), _processor()
    watch = threading.Thread(target=_watch, args=(spent, done), daemon=True)
    watch.start()
    try:
        yield spent
    finally:
        spent.wall = time.perf_counter() - begun
        spent.processor = _processor() - used
        done.set()
        watch.join()


def _processor() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


def _watch(spent: Spent, done: threading.Event) -> None:
    while not done.wait(0.1):
        spent.memory = max(spent.memory, _memory())


def _memory() -> float:
    """Proportional set size of this process and its children, in MiB; pages that are shared count once."""
    own = os.getpid()
    children = [pid for task in Path(f"/proc/{own}/task").iterdir() for pid in (task / "children").read_text().split()]
    return sum(_proportional(pid) for pid in [str(own), *children]) / 1024


def _proportional(pid: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def one_by_one(screen: Matcher, queries: Sequence[Query]) -> list[float]:
    """Milliseconds of each query by itself, sorted."""
    parse.cache_clear()
    took = []
    for query in queries:
        begun = time.perf_counter()
        screen.screen([query])
        took.append(1000 * (time.perf_counter() - begun))
    return sorted(took)
