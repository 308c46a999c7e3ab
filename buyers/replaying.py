"""A decision derived again from its record: what was kept is true, and leads to the same findings, whatever list is in
force by now. What differs is named."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from buyers.evidence import canonical, digest, rule_hash
from buyers.models import ChecklistFinding, DecisionRecord
from core.ledger import entries_for
from core.models import DatedRule, LedgerEntry
from organizations.ownership import Chart, Stake, bounds_of
from screening import replay
from screening.engine.score import Query
from screening.engine.version import engine_version
from screening.facts import Fact
from screening.models import Adjudication, Hit, ListEntry, ListRelease, OwnershipConclusion
from screening.parties import ScreenedName
from screening.sharing import found_fingerprints
from screening.states import OwnershipOutcome

Evidence = dict[str, Any]


def record(pk: int) -> DecisionRecord | None:
    return DecisionRecord.objects.select_related("case").filter(pk=pk).first()


def differences(kept: DecisionRecord) -> list[str]:
    """What is not as it was, a sentence each; none when everything comes out the same."""
    entry = _entry(kept)
    found = list(_seals(kept, entry))
    try:
        evidence: Evidence = json.loads(kept.content)["evidence"]
    except (ValueError, KeyError) as error:
        return [*found, f"The content cannot be read: {error}."]
    if canonical(json.loads(kept.content)) != kept.content:
        found.append("The content is not in its canonical form.")
    try:
        found += _rows(evidence, entry)
        found += _derived(evidence)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        found.append(f"The evidence is not of this form: {type(error).__name__} ({error}).")
    return found


def _entry(kept: DecisionRecord) -> LedgerEntry | None:
    """The ledger's entry of the act, which holds the hash."""
    acts = entries_for(kept.case).filter(action=kept.act, recorded_at=kept.decided_at)
    sealed = [entry for entry in acts if "record" in json.loads(entry.detail)]
    exact = [entry for entry in sealed if json.loads(entry.detail)["record"] == kept.sha256]
    return next(iter(exact or sealed), None)


def _seals(kept: DecisionRecord, entry: LedgerEntry | None) -> Iterator[str]:
    said = json.loads(entry.detail)["record"] if entry else None
    actual = digest(kept.content)
    if actual != kept.sha256:
        yield f"The content has the SHA-256 {actual}, its record says {kept.sha256}."
    if said is None:
        yield "The ledger holds no hash of this decision."
    elif said != actual:
        yield f"The content has the SHA-256 {actual}, the ledger says {said}."


# --- what was kept is what the tables hold ------------------------------------------------------------------------------


def _rows(evidence: Evidence, entry: LedgerEntry | None) -> Iterator[str]:
    yield from _list(evidence)
    yield from _hits(evidence, entry)
    yield from _adjudications(evidence)
    yield from _rules(evidence)
    yield from _checklist(evidence)
    yield from _conclusion(evidence)


def _list(evidence: Evidence) -> Iterator[str]:
    if not (kept := evidence["screening"]["list"]):
        return
    release = ListRelease.objects.filter(pk=kept["release"]).first()
    now = release and {
        "release": release.pk,
        "as_of": release.as_of.isoformat(),
        "sha256": release.sha256,
        "rows": release.row_count,
    }
    if now != kept:
        yield f"The list of {kept['as_of']} (release {kept['release']}) is not the one that was used."


def _hits(evidence: Evidence, entry: LedgerEntry | None) -> Iterator[str]:
    rows = Hit.objects.in_bulk([kept["hit"] for kept in evidence["hits"]])
    listed = ListEntry.objects.in_bulk([kept["entry"] for kept in evidence["hits"]])
    states = _states(list(rows), entry)
    for kept in evidence["hits"]:
        row, named = rows.get(kept["hit"]), f"Hit {kept['hit']}"
        if row is None:
            yield f"{named} is missing."
            continue
        fields = ("tier", "fingerprint", "party_role", "party_name", "listed_name", "engine_version", "explanation")
        other = [name for name in fields if getattr(row, name) != kept[name]]
        if other:
            yield f"{named}: {', '.join(other)} differ from what was decided on."
        if states.get(kept["hit"]) != kept["status"]:
            yield f"{named} was {states.get(kept['hit'])} by the ledger, the record says {kept['status']}."
        source = listed.get(kept["entry"])
        if source is None or digest(canonical(source.fields)) != kept["entry_sha256"]:
            yield f"{named}: the list's entry {kept['entry']} says something else than it did."


def _states(hits: list[int], entry: LedgerEntry | None) -> dict[int, str]:
    """The state of each hit by the ledger, just before the decision."""
    subjects = [str(pk) for pk in hits]
    acts = LedgerEntry.objects.filter(subject_type=Hit._meta.label_lower, subject_id__in=subjects).exclude(to_state="")
    before = acts.filter(pk__lt=entry.pk) if entry else acts
    return {int(pk): state for pk, state in before.order_by("pk").values_list("subject_id", "to_state")}


def _adjudications(evidence: Evidence) -> Iterator[str]:
    rows = Adjudication.objects.in_bulk([kept["adjudication"] for kept in evidence["adjudications"]])
    for kept in evidence["adjudications"]:
        row = rows.get(kept["adjudication"])
        now = row and {
            "adjudication": row.pk,
            "decision": row.decision,
            "hits": row.hits,
            "fingerprints": row.fingerprints,
            "reason": row.reason,
            "by": row.decided_by_id,
            "at": row.decided_at.isoformat(),
        }
        if now != kept:
            yield f"Adjudication {kept['adjudication']} is not as it was."


def _rules(evidence: Evidence) -> Iterator[str]:
    rows = {(rule.code, rule.version): rule for rule in DatedRule.objects.all()}
    for kept in evidence["rules"]:
        rule = rows.get((kept["code"], kept["version"]))
        if rule is None or rule_hash(rule) != kept["sha256"]:
            yield f"The rule {kept['code']} v{kept['version']} is not as it was."


def _checklist(evidence: Evidence) -> Iterator[str]:
    rows = ChecklistFinding.objects.in_bulk([kept["finding"] for kept in evidence["checklist"]])
    for kept in evidence["checklist"]:
        row = rows.get(kept["finding"])
        if row is None or (row.item, row.finding, row.note, row.found_by_id) != (
            kept["item"],
            kept["answer"],
            kept["note"],
            kept["by"],
        ):
            yield f"The finding on {kept['item']} is not as it was."


def _conclusion(evidence: Evidence) -> Iterator[str]:
    if not (kept := evidence["ownership"]):
        return
    row = OwnershipConclusion.objects.filter(pk=kept["conclusion"]).first()
    fields = ("ownership_version", "outcome", "reason", "rules", "listed", "evidence")
    if row is None or any(getattr(row, name) != kept[name] for name in fields):
        yield f"The conclusion {kept['conclusion']} on the owners is not as it was."


# --- and it leads to the same -------------------------------------------------------------------------------------------


def _derived(evidence: Evidence) -> Iterator[str]:
    yield from _owned_again(evidence)
    run = evidence["screening"]["run"]
    if run and run["engine"] != engine_version():
        yield f"Engine {run['engine']} screened it and {engine_version()} is installed: install the one that it was."
        return
    for kept in evidence["hits"]:
        if kept["engine_version"] != engine_version():
            continue  # found by an earlier engine, and again by this one, which screening below tells
        if other := replay.differences(kept["explanation"]):
            yield f"Hit {kept['hit']} comes out otherwise: {', '.join(other)}."
    yield from _screened_again(evidence)


def _screened_again(evidence: Evidence) -> Iterator[str]:
    """The names of that day against the list of that day: the same hits, no more and no less."""
    run, profile = evidence["screening"]["run"], evidence["profile"]
    if not run or not run["release"] or run["profile_version"] != profile["profile_version"]:
        return  # it could not be screened, or what was screened is not what is kept
    release = ListRelease.objects.get(pk=run["release"])
    names = [ScreenedName(kept["role"], _query(kept)) for kept in evidence["names"]]
    found = found_fingerprints(names, [Fact(kind, value, value) for kind, value in evidence["facts"]], release)
    kept = {hit["fingerprint"] for hit in evidence["hits"]}
    if found - kept:
        yield f"Screened again, {len(found - kept)} more hits are found than the decision knew."
    if missing := sorted(hit["hit"] for hit in evidence["hits"] if hit["fingerprint"] not in found):
        yield f"Screened again, these hits are not found: {', '.join(map(str, missing))}."


def _query(kept: dict[str, Any]) -> Query:
    born = date.fromisoformat(kept["born"]) if kept["born"] else None
    return Query(kept["name"], kept["kind"], born, kept["country"])


def _owned_again(evidence: Evidence) -> Iterator[str]:
    """The bounds of what listed owners hold, by each rule, and what follows of them."""
    conclusion, owners = evidence["ownership"], evidence["owners"]
    if not conclusion or conclusion["ownership_version"] != evidence["profile"]["ownership_version"]:
        return
    if conclusion["evidence"].get("stakes") != owners["stakes"]:
        return  # a date changed them since it was concluded
    said = conclusion["evidence"].get("rules", [])
    found = [_bounds(owners, kept) for kept in said]
    if found != said:
        yield "What listed owners hold comes out otherwise."
    elif said and _outcome(owners, conclusion, found) != conclusion["outcome"]:
        yield f"The rules on ownership come out as {_outcome(owners, conclusion, found)}, not {conclusion['outcome']}."


def _rule(kept: dict[str, Any]) -> DatedRule:
    return DatedRule.objects.get(code=kept["code"], version=kept["version"])


def _bounds(owners: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    rule = _rule(kept)
    stakes = tuple(Stake(a, b, None if share is None else Decimal(share)) for a, b, share in owners["stakes"])
    settled = {node: None if share is None else Decimal(share) for node, share in owners["settled"].items()}
    chart = Chart(stakes, frozenset(owners["closed"]), settled)
    blocked = {node for node, codes in owners["listed"].items() if set(codes) & set(rule.value["lists"])}
    share = bounds_of(chart, owners["node"], blocked=blocked, threshold=Decimal(rule.value["percent"]))
    return {**kept, "lower": str(share.lower), "upper": str(share.upper)}


def _outcome(owners: dict[str, Any], conclusion: dict[str, Any], found: list[dict[str, Any]]) -> str:
    lines = [(Decimal(row["lower"]), Decimal(row["upper"]), Decimal(_rule(row).value["percent"])) for row in found]
    if any(lower >= percent for lower, _upper, percent in lines):
        return OwnershipOutcome.BLOCKED.value
    unconsidered = set(conclusion["evidence"]["listed"]) - set(owners["considered"])
    if unconsidered or any(upper >= percent for _lower, upper, percent in lines):
        return OwnershipOutcome.CANNOT_TELL.value
    return OwnershipOutcome.CLEAR.value
