"""Fit the additive model: boosted stumps that may only rise, turned into one step function a feature.

A stump asks one feature, so their sum is additive by construction; every feature is signed so that more of it speaks for a
match, and no stump may say otherwise.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from screening import csl
from screening.engine import tables, version
from screening.engine.alignment import align
from screening.engine.book import Floats, Ints, book
from screening.engine.families import FAMILIES, GENERIC
from screening.engine.features import FEATURES, measure
from screening.engine.matcher import CHUNK, Matcher
from screening.engine.model import SIGNS, models
from screening.engine.names import parse
from screening.engine.rarity import rarity
from screening.engine.score import Query
from screening.training.labelled import CHOSEN_ON, SEED, Data, Labelled, part_of

WHOLE = list(FEATURES).index("whole_likeness")
# Families of words, and the short form in which companies write them.
SHORT = {
    "technology": "tech",
    "international": "intl",
    "trading": "trdg",
    "manufacturing": "mfg",
    "university": "univ",
    "institute": "inst",
    "development": "dev",
    "shipping": "shpg",
    "management": "mgmt",
    "engineering": "engrg",
    "services": "svcs",
    "telecommunications": "telecom",
    "industry": "ind",
    "airlines": "air",
}
SLIP_FROM = 5  # letters of a word that a slip leaves known
NO_VOWELS = str.maketrans("", "", "aeiou")
ROUNDS, STEP, BINS, LEAVES_OF = 600, 0.1, 128, 10
# Shares of unlisted names that may alert: below the goals (.0100 and .0125), for people by more, as the word table counted
# their own words. Of names that review or alert likewise.
ALERTS = {"person": 0.0078, "organization": 0.0122}
REVIEWS = {"person": 0.025, "organization": 0.03}
WEIGHTS_OF = {
    "person": {
        "aliases": 1.0,
        "perturbed": 3.0,
        "near": 4.0,
        "listed": 0.2,
        "bare": 0.2,
        "called": 1.5,
        "shortened": 0.0,
        "as_companies": 0.0,
        "unlisted": 0.5,
    },
    "organization": {
        "aliases": 2.0,
        "perturbed": 9.0,
        "near": 2.6,
        "listed": 0.2,
        "bare": 0.1,
        "called": 0.0,
        "shortened": 1.0,
        "as_companies": 0.5,
        "unlisted": 0.5,
    },
}
HARDEST = 2  # candidates of an unlisted name that are trained on


@dataclass(frozen=True)
class Measured:
    """Pairs of a set of names with listed names: number of the name, of the listed name, features, and whether right."""

    q: Ints
    b: Ints
    features: Floats
    is_right: np.ndarray
    is_exact: np.ndarray


def measured(matcher: Matcher, labelled: Sequence[Labelled]) -> Measured:
    names = book([parse(one.query.name) for one in labelled], rarity(), [one.query.kind for one in labelled])
    q, b, _ = matcher.join.candidates(names)
    parts = [np.zeros((0, len(FEATURES)))]
    for first in range(0, len(q), CHUNK):
        some = slice(first, first + CHUNK)
        found = align(names, q[some], matcher.book, b[some])
        parts.append(measure(names, q[some], matcher.book, b[some], found))
    entries = matcher.entries[b].tolist()
    right = np.array([entry in labelled[i].truth for i, entry in zip(q.tolist(), entries, strict=True)], dtype=bool)
    return Measured(q, b, np.concatenate(parts), right, names.exact[q] == matcher.book.exact[b])


def train(data: Data) -> dict[str, Any]:
    """Weights for people and for organizations, stored and returned. Uses nothing of the reported part."""
    full, without = Matcher(data.listed()), Matcher(data.listed(without_aliases=True))
    stored = {}
    for kind in ("person", "organization"):
        unlisted = data.people if kind == "person" else data.companies
        sets = {
            "aliases": measured(without, _chosen(data.aliases, kind)),
            "perturbed": measured(full, _chosen(data.perturbed, kind)),
            "near": measured(full, _chosen(data.near_misses, kind)),
            "unlisted": measured(full, _chosen(unlisted, kind)),
            "listed": _without_itself(full, own_aliases(data, kind)),
            "bare": measured(full, unvoweled(data, kind)),
            "called": measured(full, called_so(data, kind)),
            "as_companies": measured(full, as_companies(data, kind)),
            "shortened": _without_itself(full, shortened(data, kind)),
        }
        stored[kind] = _fit(kind, sets, len(_chosen(unlisted, kind)))
    version.WEIGHTS.write_text(json.dumps(stored, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    models.cache_clear()
    return stored


def _chosen(labelled: Sequence[Labelled], kind: str) -> list[Labelled]:
    return [one for one in labelled if one.part == CHOSEN_ON and one.query.kind == kind]


def own_aliases(data: Data, kind: str) -> list[Labelled]:
    """Up to two of each listed party's own aliases, to be found by its other names: positives without a generator."""
    chance = random.Random(SEED)  # noqa: S311 - a sample that has to repeat
    found = []
    for number, row in enumerate(data.rows):
        is_kind = (row.type == "Individual") == (kind == "person") and row.type not in {"Vessel", "Aircraft"}
        if is_kind and row.aliases and part_of(f"csl22:{row.fields.get('_id', '')}") == CHOSEN_ON:
            for alias in chance.sample(row.aliases, min(2, len(row.aliases))):
                found.append(Labelled(Query(alias, kind), frozenset([number]), CHOSEN_ON))
    return found


def unvoweled(data: Data, kind: str) -> list[Labelled]:
    """Listed names as a script without short vowels keeps them."""
    found = []
    for number, row in _some_rows(data, kind):
        words = [token.said[0] + token.said[1:].translate(NO_VOWELS) for token in parse(row.name).tokens]
        found.append(Labelled(Query(" ".join(words), kind), frozenset([number]), CHOSEN_ON))
    return found


def called_so(data: Data, kind: str) -> list[Labelled]:
    """Listed people with two surnames by what they go by: the first given name and the first surname."""
    found = []
    for number, row in _some_rows(data, kind):
        name = parse(row.name)
        words = [token.said for token in name.tokens]
        if kind == "person" and 1 < name.surname < len(words) and words[0] not in tables.PARTICLES:
            found.append(Labelled(Query(f"{words[name.surname]} {words[0]}", kind), frozenset([number]), CHOSEN_ON))
    return found


def shortened(data: Data, kind: str) -> list[Labelled]:
    """Listed organizations by what they are called in short: abbreviated words, or the one word that tells alone."""
    found = []
    for number, row in _some_rows(data, kind):
        tokens = [token for token in parse(row.name).tokens if token.kind == "core"]
        words = [SHORT.get(FAMILIES.get(token.text, ""), token.said) for token in tokens]
        is_short = words != [token.said for token in tokens]
        telling = [token.said for token in tokens if token.text not in GENERIC]
        tells_alone = len(telling) == 1 < len(tokens)
        for said in ([words] if is_short else []) + ([telling] if tells_alone else []):
            if kind == "organization":
                found.append(Labelled(Query(" ".join(said), kind), frozenset([number]), CHOSEN_ON))
    return found


def as_companies(data: Data, kind: str) -> list[Labelled]:
    """Companies that bear a listed person's name, with a slip: given names first, the longest word short of a letter."""
    found = []
    for number, row in _some_rows(data, "person") if kind == "organization" else ():
        name = parse(row.name)
        words = [token.said for token in (*name.tokens[name.surname :], *name.tokens[: name.surname])]
        longest = max(words, key=len, default="")
        if len(longest) >= SLIP_FROM:
            words[words.index(longest)] = longest[: len(longest) // 2] + longest[len(longest) // 2 + 1 :]
            found.append(Labelled(Query(" ".join(words), kind), frozenset([number]), CHOSEN_ON))
    return found


def _some_rows(data: Data, kind: str) -> Iterator[tuple[int, csl.Row]]:
    wanted = "Individual" if kind == "person" else "Entity"
    for number, row in enumerate(data.rows):
        digest = part_of(f"made:{row.key}")
        if row.type == wanted and part_of(f"csl22:{row.fields.get('_id', '')}") == CHOSEN_ON and digest:
            yield number, row


def _without_itself(matcher: Matcher, labelled: list[Labelled]) -> Measured:
    """As `measured`, but no alias is found by the very name that it is."""
    all_ = measured(matcher, labelled)
    other = ~(all_.is_exact & all_.is_right)
    return Measured(all_.q[other], all_.b[other], all_.features[other], all_.is_right[other], all_.is_exact[other])


def _fit(kind: str, sets: dict[str, Measured], unlisted: int) -> dict[str, Any]:
    """Twice: which pair of a name is its best is told by the fit before, at first by coverage."""
    points = {name: found.features[:, 2] + found.features[:, WHOLE] for name, found in sets.items()}
    for _ in range(2):
        features, labels, weights = _samples(sets, points, WEIGHTS_OF[kind])
        stumps = HistGradientBoostingClassifier(
            max_leaf_nodes=2,
            max_iter=ROUNDS,
            learning_rate=STEP,
            max_bins=BINS,
            min_samples_leaf=LEAVES_OF,
            monotonic_cst=[1] * len(FEATURES),
            early_stopping=False,
            random_state=SEED,
        ).fit(features * SIGNS, labels, weights)
        base, curves = _curves(stumps)
        points = {name: _points(base, curves, found.features) for name, found in sets.items()}
    alert, review = _lines(sets["unlisted"], points["unlisted"], unlisted, kind)
    return {
        "base": base - alert,
        "alert": 0,
        "review": review - alert,
        "features": dict(zip(FEATURES, curves, strict=True)),
    }


def _samples(
    sets: dict[str, Measured], points: dict[str, Floats], weight: dict[str, float]
) -> tuple[Floats, Ints, Floats]:
    features, labels, weights = [], [], []
    for name, found in sets.items():
        is_positive = name not in {"near", "unlisted"}
        rows = np.flatnonzero(found.is_right) if is_positive else np.arange(len(found.q))
        rows = rows[np.lexsort((-points[name][rows], found.q[rows]))]
        rank = np.arange(len(rows)) - np.searchsorted(found.q[rows], found.q[rows], "left")
        rows = rows[rank < (HARDEST if name == "unlisted" else 1)]
        features.append(found.features[rows])
        labels.append(np.full(len(rows), int(is_positive)))
        weights.append(np.full(len(rows), weight[name]))
    return np.concatenate(features), np.concatenate(labels), np.concatenate(weights)


def _curves(stumps: HistGradientBoostingClassifier) -> tuple[int, list[dict[str, list[float]]]]:
    """Base and one step function a feature, in thousandths of log-odds; the lowest step of each is in the base."""
    steps: list[dict[float, float]] = [{} for _ in FEATURES]
    base = float(np.ravel(stumps._baseline_prediction)[0])
    for (tree,) in stumps._predictors:
        root = tree.nodes[0]
        if root["is_leaf"]:
            base += float(root["value"])
            continue
        low, high = (float(tree.nodes[root[side]]["value"]) for side in ("left", "right"))
        base += low
        cut = round(float(root["num_threshold"]), 6)
        steps[root["feature_idx"]][cut] = steps[root["feature_idx"]].get(cut, 0.0) + high - low
    curves: list[dict[str, list[float]]] = []
    for of_feature in steps:
        cuts = sorted(of_feature)
        sums = itertools.accumulate((of_feature[cut] for cut in cuts), initial=0.0)
        curves.append({"cuts": cuts, "points": [round(1000 * value) for value in sums]})
    return round(1000 * base) + _penalties(curves), curves


def _penalties(curves: list[dict[str, list[float]]]) -> int:
    """Make what speaks against a match negative, and zero where there is none of it; returns what the base gains."""
    gained = 0
    for curve, sign in zip(curves, SIGNS, strict=True):
        if sign < 0:
            most = int(curve["points"][-1])
            curve["points"] = [points - most for points in curve["points"]]
            gained += most
    return gained


def _points(base: int, curves: list[dict[str, list[float]]], features: Floats) -> Floats:
    total = np.full(len(features), float(base))
    for i, curve in enumerate(curves):
        total += np.array(curve["points"])[np.searchsorted(curve["cuts"], features[:, i] * SIGNS[i], "left")]
    return total


def _lines(found: Measured, points: Floats, names: int, kind: str) -> tuple[int, int]:
    """The scores that just so many unlisted names reach; exact names alert anyhow and count as the first of them."""
    best = np.full(names, -1e9)
    np.maximum.at(best, found.q, np.where(found.is_exact, 1e9, points))
    alert, review = (float(np.quantile(best, 1 - share)) for share in (ALERTS[kind], REVIEWS[kind]))
    return int(alert) + 1, int(review) + 1
