"""What a hit keeps of how it came about, and deriving it again from nothing else."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from organizations.models import Organization
from screening import csl, facts
from screening.engine.score import Listed, Query, Score
from screening.models import ListRelease
from screening.sharing import Sharing
from screening.states import Tier


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


def stored_facts(organization: Organization, shared: Sharing, release: ListRelease) -> dict[str, Any]:
    """Of a hit that shares facts with an entry: the same, of the names of both, with the facts."""
    from screening.engine.matcher import compare  # numpy and scipy take a second to load

    entry = shared.entry
    query = Query(organization.legal_name, "organization", country=organization.country)
    cells = [entry.fields.get(name) for name in csl.PLACES]
    listed = csl.listed(entry.name, entry.pk, entry.type, entry.dates_of_birth, cells)
    (score,) = compare([query], [listed])
    common = [{"kind": ours.kind, "ours": ours.said, "listed": theirs.said} for ours, theirs in shared.facts]
    return stored(query, listed, score, release) | {"shared": common, "tier": tier_of(common)}


def tier_of(shared: list[dict[str, str]]) -> str:
    """By the facts that are the same, compared anew; a pair that is not the same counts for nothing."""
    same = [
        one["kind"]
        for one in shared
        if (value := facts.comparable(one["kind"], one["ours"]))
        and value == facts.comparable(one["kind"], one["listed"])
    ]
    return Tier.ALERT.value if facts.is_alert(same) else Tier.REVIEW.value if same else "clear"


def again(explanation: dict[str, Any]) -> dict[str, Any]:
    """The same, derived anew by the engine that is installed, from the facts that the explanation holds."""
    from screening.engine.matcher import compare  # numpy and scipy take a second to load

    query, listed = explanation["facts"]["query"], explanation["facts"]["listed"]
    born = date.fromisoformat(query["born"]) if query["born"] else None
    (score,) = compare(
        [Query(query["name"], query["kind"], born, query["country"])],
        [Listed(listed["name"], listed["kind"], 0, listed["born"], frozenset(listed["countries"]))],
    )
    derived = json.loads(json.dumps(score.explanation())) | {key: explanation[key] for key in ("facts", "list")}
    if shared := explanation.get("shared"):
        derived |= {"shared": shared, "tier": tier_of(shared)}
    return derived


def differences(explanation: dict[str, Any]) -> list[str]:
    """The names of what comes out otherwise when it is derived again; none when it replays bit for bit."""
    derived = again(explanation)
    return sorted(key for key in explanation.keys() | derived.keys() if explanation.get(key) != derived.get(key))
