"""A decision on a case with all that it stands on, sealed: the text in a record, its hash in the ledger."""

from datetime import datetime
from typing import Any

from buyers.evidence import canonical, digest, gather
from buyers.models import DecisionRecord, VettingCase
from core.actions import lock, move
from core.actors import Actor

FORMAT = 1
TERMS = ("opinion", "refusal_reason", "suspension_reason", "trusted_until", "scope_countries", "scope_components")


def decide(
    case: VettingCase,
    act: str,
    *,
    by: Actor,
    now: datetime,
    changes: dict[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
) -> VettingCase:
    """As `core.actions.move`, inside of an act on the case; keeps the evidence of this moment with it. Locks buyer,
    organization and case, in this order."""
    lock(lock(case.buyer).organization)
    lock(case)
    before, evidence = case.status, gather(case, now)
    terms = {name: (changes or {}).get(name, getattr(case, name)) for name in TERMS}
    content = {
        "format": FORMAT,
        "case": case.pk,
        "act": act,
        "at": now.isoformat(),
        "by": by.ledger_name,
        "from": before,
        "terms": {name: value.isoformat() if isinstance(value, datetime) else value for name, value in terms.items()},
        "evidence": evidence,
    }
    text = canonical(content)
    sealed = digest(text)
    move(case, act, by=by, now=now, changes=changes, detail=(detail or {}) | {"record": sealed})
    DecisionRecord.objects.create(case=case, act=act, decided_at=now, content=text, sha256=sealed)
    return case
