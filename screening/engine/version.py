"""Which engine this is. Without numpy, which takes its time to load: whoever asks is often not about to score anything."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from screening.engine.rarity import TABLE

WEIGHTS = Path(__file__).parent.parent / "data" / "weights.json"
BESIDE_NAMES = Path(__file__).parent.parent / "facts.py"


@cache
def engine_version() -> str:
    """A hash of all that a finding depends on: weights, word table, the engine's own source and that of the facts beside
    names, and the two libraries."""
    digest = hashlib.sha256()
    for path in (WEIGHTS, TABLE, BESIDE_NAMES, *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    for library in ("anyascii", "rapidfuzz"):
        digest.update(version(library).encode())
    return digest.hexdigest()[:12]
