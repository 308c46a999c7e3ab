"""Everything that a decision on a case stands on, as plain data that can be kept and derived again."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from buyers import selectors
from buyers.models import AdverseReport, Buyer, VettingCase
from buyers.selectors.facts import standing_findings
from core import dated
from core.models import DatedRule
from organizations.selectors import Owners, documents_of, node_of_party, owners_of
from organizations.states import FindingKind
from screening.models import OwnershipConclusion
from screening.parties import screened_names
from screening.selectors import ScreeningState, listed_nodes, listed_owner_hits, screening_state
from screening.sharing import facts_of


def canonical(data: Any) -> str:
    """The one way to write it, of which the hash is taken."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def gather(case: VettingCase, now: datetime) -> dict[str, Any]:
    """Of this moment. The profile and its screening have to stay as they are meanwhile: lock the organization first."""
    state = screening_state(case.buyer.organization, now)
    return {
        "profile": _profile(case.buyer),
        "screening": _screening(state),
        "names": _names(case),
        "facts": [[fact.kind, fact.value] for fact in facts_of(case.buyer.organization)],
        "hits": [_hit(hit) for hit in state.hits],
        "adjudications": _adjudications(case),
        "ownership": _conclusion(state.conclusion),
        "owners": _owners(case, now.date()),
        "rules": _rules(now.date()),
        "checklist": _checklist(case, now),
        "questions": _questions(case),
        "documents": _documents(case),
        "reports": _reports(case),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _profile(buyer: Buyer) -> dict[str, Any]:
    organization = buyer.organization
    fields = ("legal_name", "country", "headquarters_country", "address", "website", "profile_version")
    return {
        **{name: getattr(organization, name) for name in fields},
        "organization": organization.pk,
        "ownership_version": organization.ownership_version,
        "kind": buyer.kind,
        "activity": buyer.activity,
        "intended_end_use": buyer.intended_end_use,
        "identifiers": sorted(map(list, organization.identifiers.values_list("kind", "value"))),
        "needs": list(map(list, buyer.needs.order_by("pk").values_list("pk", "title", "destination", "components"))),
        "stamp": selectors.profile_stamp(buyer),
    }


def _screening(state: ScreeningState) -> dict[str, Any]:
    release, run = state.release, state.run
    return {
        "kind": state.kind,
        "reason": state.reason,
        "list": release
        and {
            "release": release.pk,
            "as_of": release.as_of.isoformat(),
            "sha256": release.sha256,
            "rows": release.row_count,
        },
        "run": run
        and {
            "run": run.pk,
            "release": run.release_id,
            "engine": run.engine_version,
            "profile_version": run.profile_version,
            "screened_at": _moment(run.screened_at),
            "outcome": run.outcome,
            "reason": run.reason,
        },
    }


def _names(case: VettingCase) -> list[dict[str, Any]]:
    """Every name that was held against the list, with what is known beside it."""
    return [
        {
            "role": screened.role,
            "name": screened.query.name,
            "kind": screened.query.kind,
            "born": screened.query.born.isoformat() if screened.query.born else None,
            "country": screened.query.country,
        }
        for screened in screened_names(case.buyer.organization)
    ]


def _hit(hit: Any) -> dict[str, Any]:
    fields = ("status", "tier", "fingerprint", "party_role", "party_name", "listed_name", "engine_version")
    return {
        **{name: str(getattr(hit, name)) for name in fields},
        "hit": hit.pk,
        "explanation": hit.explanation,
        "entry": hit.entry_id,
        "entry_key": hit.entry.content_key,
        "entry_sha256": digest(canonical(hit.entry.fields)),
    }


def _adjudications(case: VettingCase) -> list[dict[str, Any]]:
    acts = case.buyer.organization.adjudications.order_by("pk")
    return [
        {
            "adjudication": act.pk,
            "decision": act.decision,
            "hits": act.hits,
            "fingerprints": act.fingerprints,
            "reason": act.reason,
            "by": act.decided_by_id,
            "at": _moment(act.decided_at),
        }
        for act in acts
    ]


def _conclusion(conclusion: OwnershipConclusion | None) -> dict[str, Any] | None:
    if conclusion is None:
        return None
    fields = ("ownership_version", "outcome", "reason", "rules", "listed", "evidence")
    return {
        **{name: getattr(conclusion, name) for name in fields},
        "conclusion": conclusion.pk,
        "concluded_at": _moment(conclusion.concluded_at),
    }


def _owners(case: VettingCase, day: date) -> dict[str, Any]:
    """Who owns and controls it on that day, as the rules on ownership count it."""
    organization = case.buyer.organization
    owners = owners_of(organization, day)
    listed = listed_nodes(owners, listed_owner_hits(organization))
    chart = owners.chart
    return {
        "node": owners.node,
        "names": {str(node): owners.name(node) for node in {*owners.parties, *owners.organizations}},
        "stakes": [[s.owner, s.owned, None if s.share is None else str(s.share)] for s in chart.stakes],
        "closed": sorted(map(str, chart.closed)),
        "settled": {str(node): None if share is None else str(share) for node, share in chart.settled.items()},
        "controls": [[node_of_party(row.holder), row.kind] for row in owners.controls],
        "listed": {str(node): sorted(codes) for node, codes in listed.items()},
        "considered": _considered(owners),
    }


def _considered(owners: Owners) -> list[str]:
    rows = (row for row in owners.findings if row.kind == FindingKind.LISTED_CONSIDERED and row.party)
    return sorted(node_of_party(row.party) for row in rows if row.party)


def _rules(day: date) -> list[dict[str, Any]]:
    """Every dated rule of that day, by version; its content as a hash."""
    rules = dated.rules_at(day).order_by("code")
    return [{"code": r.code, "version": r.version, "certainty": r.certainty, "sha256": rule_hash(r)} for r in rules]


def rule_hash(rule: DatedRule) -> str:
    until = rule.effective_to.isoformat() if rule.effective_to else None
    return digest(canonical([rule.code, rule.version, rule.value, rule.effective_from.isoformat(), until]))


def _checklist(case: VettingCase, now: datetime) -> list[dict[str, Any]]:
    rows = sorted(standing_findings(case, now).values(), key=lambda row: row.pk)
    return [
        {
            "finding": row.pk,
            "item": row.item,
            "answer": row.finding,
            "note": row.note,
            "by": row.found_by_id,
            "at": _moment(row.found_at),
        }
        for row in rows
    ]


def _questions(case: VettingCase) -> list[dict[str, Any]]:
    return [
        {
            "question": row.pk,
            "text": row.text,
            "asked_at": _moment(row.asked_at),
            "answer": row.answer,
            "answered_at": _moment(row.answered_at),
        }
        for row in case.questions.order_by("pk")
    ]


def _documents(case: VettingCase) -> list[dict[str, Any]]:
    documents = documents_of(case.buyer.organization).order_by("pk")
    return [{"document": row.pk, "kind": row.kind, "sha256": row.file.sha256} for row in documents]


def _reports(case: VettingCase) -> list[dict[str, Any]]:
    """What posts reported against the buyer, on whatever case."""
    return [
        {"report": row.pk, "kind": row.kind, "text": row.text, "status": row.status, "settlement": row.settlement}
        for row in AdverseReport.objects.filter(case__buyer=case.buyer_id).order_by("pk")
    ]
