"""The additive model: each feature's step function in thousandths of log-odds, fitted elsewhere, applied with numpy."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from screening.engine import version
from screening.engine.book import Floats, Ints
from screening.engine.features import FEATURES

SIGNS = np.array(list(FEATURES.values()), dtype=np.float64)


@dataclass(frozen=True)
class Curve:
    """Points by value: `points[i]` between `cuts[i - 1]` (excluded) and `cuts[i]` (included), never falling."""

    cuts: Floats
    points: Ints

    def at(self, values: Floats) -> Ints:
        return self.points[np.searchsorted(self.cuts, values, "left")]


@dataclass(frozen=True)
class Model:
    """Of names of one kind. A score from `review`, from `alert` on (points, in thousandths of log-odds) has that tier."""

    base: int
    curves: tuple[Curve, ...]
    review: int
    alert: int

    def contributions(self, features: Floats) -> Ints:
        """A row a pair, a column a feature, in the order of FEATURES; whole numbers, so that sums are exact."""
        columns = [curve.at(features[:, i] * SIGNS[i]) for i, curve in enumerate(self.curves)]
        return np.stack(columns, axis=1) if columns else np.zeros((len(features), 0), dtype=np.int64)


@cache
def models() -> dict[str, Model]:
    """ "person" and "organization". Raises KeyError for a weights file that lacks a feature."""
    stored = json.loads(version.WEIGHTS.read_text())
    return {kind: _model(stored[kind]) for kind in ("person", "organization")}


def _model(stored: dict[str, Any]) -> Model:
    curves = [stored["features"][name] for name in FEATURES]
    return Model(
        base=stored["base"],
        curves=tuple(
            Curve(np.array(c["cuts"], dtype=np.float64), np.array(c["points"], dtype=np.int64)) for c in curves
        ),
        review=stored["review"],
        alert=stored["alert"],
    )
