"""How alike two names are, and why. Pure: facts in, explained score out.

The score is a logistic regression over named features, so that it is the sum of contributions that a person can read.
Country is evidence for the reader and never a filter or a feature; birth dates promote or demote.
"""

import itertools
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from screening.names import Name, Token, parse

_YEAR = re.compile(r"\b\d{4}\b")
WEIGHTS_PATH = Path(__file__).parent / "data" / "weights.json"

Rarity = Callable[[str], float]
"""How telling a token is: from near 0 (on every list row) to 1 (on none)."""


@dataclass(frozen=True)
class Pair:
    """Two aligned tokens: which, how alike (0 to 1), and by what reason."""

    query: str
    listed: str
    similarity: float
    reason: str


@dataclass(frozen=True)
class Score:
    """`value` is 0 to 100; `contributions` (log-odds) add up to its logit; `tier` is alert, review or clear."""

    value: float
    tier: str
    contributions: dict[str, float]
    pairs: tuple[Pair, ...]
    unmatched_query: tuple[str, ...]
    unmatched_listed: tuple[str, ...]
    exact: bool

    def explanation(self) -> dict[str, Any]:
        return asdict(self)


@cache
def weights() -> dict[str, Any]:
    """`version`, `intercept`, `features` (by name), `alert` and `review` (scores from which a tier begins)."""
    return json.loads(WEIGHTS_PATH.read_text())


def engine_version() -> str:
    return str(weights()["version"])


def compare(query: Name, listed: Name, rarity: Rarity, *, born: date | None = None, listed_born: str = "") -> Score:
    """Score a name against a listed one. An exact name always alerts, whatever the rest says."""
    pairs = align(query.core, listed.core)
    exact = bool(query.tokens) and sorted(t.text for t in query.tokens) == sorted(t.text for t in listed.tokens)
    values = features(query, listed, pairs, rarity)
    contributions = {name: weights()["features"][name] * value for name, value in values.items()}
    contributions["intercept"] = weights()["intercept"]
    contributions["birth_date"] = birth_evidence(born, listed_born)
    value = 100 / (1 + math.exp(-sum(contributions.values())))
    return Score(
        value=round(value, 2),
        tier=_tier(value, exact=exact, contradicted=contributions["birth_date"] < 0),
        contributions={name: round(points, 6) for name, points in contributions.items()},
        pairs=tuple(pairs),
        unmatched_query=_left(query.core, [pair.query for pair in pairs]),
        unmatched_listed=_left(listed.core, [pair.listed for pair in pairs]),
        exact=exact,
    )


def _tier(value: float, *, exact: bool, contradicted: bool) -> str:
    if exact or value >= weights()["alert"]:
        return "review" if contradicted and not exact else "alert"
    return "review" if value >= weights()["review"] else "clear"


def features(query: Name, listed: Name, pairs: Sequence[Pair], rarity: Rarity) -> dict[str, float]:
    """Named and monotone: more likeness never lowers the score. All lie between 0 and 1."""
    found = {pair.query: pair.similarity for pair in pairs}
    held = {pair.listed: pair.similarity for pair in pairs}
    telling = max((rarity(p.query) * p.similarity for p in pairs), default=0.0)
    return {
        "query_covered": _covered(query.core, found, rarity),
        "listed_covered": _covered(listed.core, held, rarity),
        "weakest_pair": min((pair.similarity for pair in pairs), default=0.0),
        "two_or_more_pairs": float(len([pair for pair in pairs if pair.reason != "initial"]) >= 2),
        "telling_pair": telling,
        "whole_likeness": token_sort_ratio(_text(query), _text(listed)) / 100,
        "all_of_query": float(not _left(query.core, list(found))),
        "all_of_listed": float(not _left(listed.core, list(held))),
    }


def _text(name: Name) -> str:
    return " ".join(token.text for token in name.core)


def _covered(tokens: Sequence[Token], found: dict[str, float], rarity: Rarity) -> float:
    total = sum(rarity(token.text) for token in tokens)
    matched = sum(rarity(word) * found.get(word, 0.0) for token in tokens for word in [token.text])
    merged = sum(
        (rarity(a.text) + rarity(b.text)) * found.get(a.text + b.text, 0.0) for a, b in itertools.pairwise(tokens)
    )
    return min(1.0, (matched + merged) / total) if total else 0.0


def _left(tokens: Sequence[Token], used: Sequence[str]) -> tuple[str, ...]:
    joined = {(a.text, b.text) for a, b in itertools.pairwise(tokens) if a.text + b.text in used}
    inside = {word for pair in joined for word in pair}
    return tuple(token.text for token in tokens if token.text not in used and token.text not in inside)


def align(query: Sequence[Token], listed: Sequence[Token]) -> list[Pair]:
    """Greedy one-to-one alignment, best pair first; two neighbors may match one word that runs them together."""
    candidates = [
        (pair, left, right)
        for left, left_token in _units(query)
        for right, right_token in _units(listed)
        if len(left) + len(right) < 4 and (pair := likeness(left_token, right_token))
    ]
    candidates.sort(key=lambda c: (-c[0].similarity, len(c[1]) + len(c[2]), c[0].query, c[0].listed))
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for pair, left, right in candidates:
        if not used_left & left and not used_right & right:
            used_left |= left
            used_right |= right
            pairs.append(pair)
    return pairs


def _units(tokens: Sequence[Token]) -> list[tuple[frozenset[int], Token]]:
    single = [(frozenset([i]), token) for i, token in enumerate(tokens)]
    double = [
        (frozenset([i, i + 1]), parse(a.text + b.text).tokens[0]) for i, (a, b) in enumerate(itertools.pairwise(tokens))
    ]
    return single + double


def likeness(query: Token, listed: Token) -> Pair | None:
    """How alike two tokens are and why; None below what is worth telling."""
    a, b = query.text, listed.text
    if a == b:
        return Pair(a, b, 1.0 if len(a) > 1 else 0.6, "exact")
    if "initial" in (query.kind, listed.kind):
        return Pair(a, b, 0.5, "initial") if a[0] == b[0] else None
    if a.isdigit() or b.isdigit():
        return None
    closeness = JaroWinkler.similarity(a, b)
    distance = DamerauLevenshtein.distance(a, b)
    if query.skeleton == listed.skeleton and len(query.skeleton) > 1:
        return Pair(a, b, round(max(0.85, closeness), 4), "sound")
    longest = max(len(a), len(b))
    if distance <= (1 if longest < 8 else 2) and longest > 3:
        return Pair(a, b, round(1 - distance / longest, 4), "edit")
    if min(len(a), len(b)) > 3 and (a.startswith(b) or b.startswith(a)):
        return Pair(a, b, 0.75, "prefix")
    return Pair(a, b, round(closeness - 0.15, 4), "similar") if closeness > 0.88 and longest > 4 else None


def birth_evidence(born: date | None, listed: str) -> float:
    """Log-odds from birth dates: all listed years ("1955 to 1960" is every year between) more than
    two away speak against, an equal date speaks for."""
    spans = [sorted(int(year) for year in found) for part in listed.split(";") if (found := _YEAR.findall(part))]
    if born is None or not spans:
        return 0.0
    if born.isoformat() in listed:
        return 2.0
    return 0.0 if any(span[0] - 2 <= born.year <= span[-1] + 2 for span in spans) else -3.0
