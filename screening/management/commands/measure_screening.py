"""How well the engine finds listed parties, and how often it alerts on unlisted ones, on labelled names.

Each file is split by the hash of its query: weights are fitted (`--fit`) on one half and reported on the other.
"""

import csv
import gzip
import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import scoring, selectors
from screening.models import ListName
from screening.names import keys, parse

Row = dict[str, str]
Sample = tuple[dict[str, float], bool]
ROUNDS, STEP, DECAY = 400, 2.0, 1e-3


class Command(BaseCommand):
    help = "Recall and alert rate on the labelled names of a folder (*.csv.gz with query_name, candidate_name, label)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--sample", type=int, default=400, help="names of each file")
        parser.add_argument(
            "--fit", action="store_true", help="fit the weights on the other half first, and store them"
        )

    def handle(self, *args: Any, folder: Path, sample: int, fit: bool, **options: Any) -> None:
        current = selectors.current_release()
        if current is None:
            raise CommandError("Import a list first: manage.py import_csl")
        self.release = current.release
        files = sorted(folder.glob("*.csv.gz"))
        if not files:
            raise CommandError(f"There is no *.csv.gz in {folder}.")
        if fit:
            self._fit([row for file in files for row in _half(file, 0, sample)])
        self.stdout.write(
            f"engine {scoring.engine_version()}, list of {self.release.as_of}, {sample} names a file at most"
        )
        for file in files:
            self._report(file.name.removesuffix(".csv.gz"), list(_half(file, 1, sample)))

    def _report(self, name: str, rows: list[Row]) -> None:
        for label, words in (("1", "found"), ("0", "alerts")):
            chosen = [row for row in rows if row["label"] == label]
            if chosen:
                tiers = [self._best_tier(row) for row in chosen]
                alert, review = tiers.count("alert") / len(tiers), 1 - tiers.count("clear") / len(tiers)
                self.stdout.write(
                    f"{name:<26} {words:<7} n={len(chosen):<5} alert {alert:.3f}  alert or review {review:.3f}"
                )

    def _best_tier(self, row: Row) -> str:
        """The best tier of any candidate (of the right party, for a name that is listed)."""
        tiers = {
            candidate.score.tier
            for candidate in selectors.candidates(row["query_name"], self.release)
            if not _is_the_alias_itself(row, candidate.listed)
            and (row["label"] == "0" or _is_party(row, candidate.listed))
        }
        return next((tier for tier in ("alert", "review") if tier in tiers), "clear")

    def _fit(self, rows: list[Row]) -> None:
        samples = [sample for row in rows for sample in self._samples(row)]
        if len({label for _, label in samples}) < 2:
            raise CommandError("Fitting needs names of both kinds that are like a listed one.")
        names = sorted(samples[0][0])
        intercept, fitted = _logistic(samples, names)
        values = {row["query_name"]: self._margin(row, names, intercept, fitted) for row in rows if row["label"] == "0"}
        margins = sorted(values.values(), reverse=True)
        stored = {
            "version": hashlib.sha256(json.dumps([intercept, fitted]).encode()).hexdigest()[:12],
            "intercept": intercept,
            "features": fitted,
            "alert": _score_at(margins, 0.01),
            "review": _score_at(margins, 0.03),
        }
        scoring.WEIGHTS_PATH.write_text(json.dumps(stored, indent=1) + "\n")
        scoring.weights.cache_clear()

    def _features(self, row: Row) -> Iterator[tuple[ListName, dict[str, float]]]:
        counts = selectors.token_counts(self.release.pk)
        rarity = selectors.Rarity(counts, self.release.row_count)
        query = parse(row["query_name"])
        wanted = selectors.telling_keys(keys(query), counts)
        found = ListName.objects.filter(keys__overlap=wanted, entry__rows__release=self.release)
        for listed in found.select_related("entry"):
            if not _is_the_alias_itself(row, listed):
                other = parse(listed.name)
                yield listed, scoring.features(query, other, scoring.align(query.core, other.core), rarity)

    def _samples(self, row: Row) -> list[Sample]:
        """Of a listed name, the best pair with its party; of an unlisted one, its most alike candidates."""
        found = [(features, _is_party(row, listed)) for listed, features in self._features(row)]
        found.sort(key=lambda sample: -sum(sample[0].values()))
        if row["label"] == "1":
            return [sample for sample in found if sample[1]][:1]
        return [(features, False) for features, _ in found[:3]]

    def _margin(self, row: Row, names: list[str], intercept: float, fitted: dict[str, float]) -> float:
        sums = (sum(fitted[name] * features[name] for name in names) for _, features in self._features(row))
        return intercept + max(sums, default=-50.0)


def _half(file: Path, half: int, sample: int) -> Iterator[Row]:
    """At most `sample` rows of each label of one half, in the order of their hashes, so that a run repeats."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        rows = [(hashlib.sha256(row["query_name"].encode()).digest(), row) for row in csv.DictReader(stream)]
    rows.sort(key=lambda pair: pair[0])
    for label in ("0", "1"):
        yield from [row for digest, row in rows if digest[-1] % 2 == half and row["label"] == label][:sample]


def _is_party(row: Row, listed: ListName) -> bool:
    return parse(row["candidate_name"]).plain in {parse(listed.entry.name).plain, parse(listed.name).plain}


def _is_the_alias_itself(row: Row, listed: ListName) -> bool:
    """The alias file asks for a listed party by one of its own aliases, which must not answer for itself."""
    return row.get("source", "").startswith("CSL") and listed.is_alias and row["query_name"] == listed.name


def _logistic(samples: list[Sample], names: list[str]) -> tuple[float, dict[str, float]]:
    """Plain gradient descent; weights stay at or above zero, so that every feature remains monotone."""
    weights, intercept = dict.fromkeys(names, 0.0), 0.0
    positives = sum(label for _, label in samples)
    share = {True: 0.5 / max(positives, 1), False: 0.5 / max(len(samples) - positives, 1)}
    for _ in range(ROUNDS):
        slope, shift = dict.fromkeys(names, 0.0), 0.0
        for features, label in samples:
            margin = intercept + sum(weights[name] * features[name] for name in names)
            error = (1 / (1 + math.exp(-max(min(margin, 50), -50))) - label) * share[label]
            shift += error
            for name in names:
                slope[name] += error * features[name]
        intercept -= STEP * 4 * shift
        weights = {name: max(0.0, weights[name] - STEP * 4 * (slope[name] + DECAY * weights[name])) for name in names}
    return round(intercept, 4), {name: round(value, 4) for name, value in weights.items()}


def _score_at(margins: list[float], share: float) -> float:
    """The score that this share of unlisted names reaches."""
    margin = margins[min(int(len(margins) * share), len(margins) - 1)]
    return round(100 / (1 + math.exp(-margin)) + 0.005, 2)
