"""What a hit keeps of how it came about, and deriving it again from nothing else."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from screening.engine.score import Listed, Query, Score
from screening.models import ListRelease


def stored(query: Query, listed: Listed, score: Score, release: ListRelease) -> dict[str, Any]:
    """The explanation of a hit as JSON: the score, the facts of both sides, and the list it was found on."""
    facts = {
        "query": asdict(query) | {"born": query.born.isoformat() if query.born else None},
        "listed": {
            "name": listed.name,
            "kind": listed.kind,
            "born": listed.born,
            "countries": sorted(listed.countries),
        },
    }
    found_on = {"as_of": release.as_of.isoformat(), "sha256": release.sha256}
    return json.loads(json.dumps(score.explanation() | {"facts": facts, "list": found_on}))


def again(explanation: dict[str, Any]) -> dict[str, Any]:
    """The same, derived anew by the engine that is installed, from the facts that the explanation holds."""
    from screening.engine.matcher import compare  # numpy and scipy take a second to load

    query, listed = explanation["facts"]["query"], explanation["facts"]["listed"]
    born = date.fromisoformat(query["born"]) if query["born"] else None
    (score,) = compare(
        [Query(query["name"], query["kind"], born, query["country"])],
        [Listed(listed["name"], listed["kind"], 0, listed["born"], frozenset(listed["countries"]))],
    )
    return json.loads(json.dumps(score.explanation())) | {key: explanation[key] for key in ("facts", "list")}


def differences(explanation: dict[str, Any]) -> list[str]:
    """The names of what comes out otherwise when it is derived again; none when it replays bit for bit."""
    derived = again(explanation)
    return sorted(key for key in explanation.keys() | derived.keys() if explanation.get(key) != derived.get(key))
