"""Common ways to screen names, measured beside the engine: rapidfuzz's token_sort_ratio and PostgreSQL's pg_trgm."""

import random
import time
from collections.abc import Callable, Sequence

import numpy as np
from django.db import connections, transaction
from rapidfuzz import fuzz, process, utils

from screening.engine.score import Listed
from screening.training.labelled import REPORTED, SEED, Data, Labelled
from screening.training.measures import Rate

MEASURED = ("perturbed names found", "removed aliases found", "original script found", "near misses alerting")
BEST = 50  # listed names that a peer answers for one name
Answers = list[list[tuple[int, float]]]  # of each name, (number of the listed name, score), the best first
Peer = Callable[[Sequence[str]], Answers]


def rapidfuzz_peer(listed: Sequence[Listed]) -> Peer:
    names = [utils.default_process(name.name) for name in listed]

    def answer(texts: Sequence[str]) -> Answers:
        found: Answers = []
        for text in texts:
            query = [utils.default_process(text)]
            scores = process.cdist(query, names, scorer=fuzz.token_sort_ratio, dtype=np.float32)[0]
            best = np.argsort(-scores, kind="stable")[:BEST]
            found.append([(int(number), float(scores[number])) for number in best])
        return found

    return answer


def trigram_answers(listed: Sequence[Listed], texts: Sequence[str]) -> tuple[Answers, float]:
    """Answers and seconds, from a GIN index on a table that is rolled back. The role must be able to add an extension."""
    found: Answers = []
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("CREATE TEMP TABLE peer (number integer, name text) ON COMMIT DROP")
        with cursor.copy("COPY peer FROM STDIN") as copy:
            for number, name in enumerate(listed):
                copy.write_row((number, name.name))
        cursor.execute("CREATE INDEX ON peer USING gin (name gin_trgm_ops)")
        cursor.execute("ANALYZE peer")
        begun = time.perf_counter()
        for text in texts:
            cursor.execute(
                "SELECT number, similarity(name, %s) FROM peer WHERE name %% %s ORDER BY 2 DESC, 1 LIMIT %s",
                [text, text, BEST],
            )
            found.append(cursor.fetchall())
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True, using="owner")
    return found, seconds


def sample(data: Data, size: int) -> dict[tuple[str, str], list[Labelled]]:
    """Of the reported part, at most `size` names of each set and kind."""
    chance = random.Random(SEED)  # noqa: S311 - a sample that has to repeat
    sets = {
        "perturbed names found": data.perturbed,
        "removed aliases found": data.aliases,
        "original script found": data.scripts,
        "near misses alerting": data.near_misses,
        "unlisted names alerting": [*data.people, *data.companies],
    }
    found = {}
    for what, labelled in sets.items():
        for kind in ("person", "organization"):
            chosen = [one for one in labelled if one.part == REPORTED and one.query.kind == kind]
            found[what, kind] = chance.sample(chosen, min(size, len(chosen)))
    return found


def peer_rates(
    listed: Sequence[Listed],
    sampled: dict[tuple[str, str], list[Labelled]],
    answers: dict[tuple[str, str], Answers],
    alerts: dict[str, float],
) -> list[Rate]:
    """With the line set so that just the share `alerts[kind]` of the same unlisted names alerts."""
    found = []
    for kind, share in alerts.items():
        unlisted = [rows[0][1] if rows else 0.0 for rows in answers["unlisted names alerting", kind]]
        line = float(np.quantile(unlisted, 1 - share))
        for what in MEASURED:
            labelled = sampled[what, kind]
            count = sum(
                _alerts(one, rows, listed, line) for one, rows in zip(labelled, answers[what, kind], strict=True)
            )
            found.append(Rate(what, kind, count, len(labelled)))
    return found


def _alerts(one: Labelled, rows: list[tuple[int, float]], listed: Sequence[Listed], line: float) -> bool:
    """Above the line, on the right party if it is of one, and by another name than the very alias that is asked for."""
    is_alias = bool(one.truth) and not one.note
    return any(
        score > line
        and (not one.truth or listed[number].entry in one.truth)
        and not (is_alias and listed[number].name == one.query.name)
        for number, score in rows
    )
