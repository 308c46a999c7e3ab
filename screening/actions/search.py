"""Officers look up the list. Nothing of what they typed is kept."""

from datetime import datetime
from typing import Any

from core.actions import action, record
from core.errors import UnableTo
from screening import casework, rules, selectors
from screening.casework import Asked, Result
from screening.models import ListRelease


@action(rules.can_search_list)
def search_list(*, by: Any, now: datetime, asked: Asked) -> tuple[ListRelease, list[Result]]:
    """The list in force, and who of it is like the name or bears the number. The ledger keeps who looked, when, in which
    list, and how many were found. Raises UnableTo without a list."""
    current = selectors.current_release()
    if current is None:
        raise UnableTo(selectors.staleness(None, now))
    results = casework.search(asked, current.release)
    tiers = [result.explanation["tier"] for result in results if result.explanation]
    detail = {tier: tiers.count(tier) for tier in ("alert", "review")}
    by_fact = sum(bool(result.shared) for result in results)
    record(current.release, "search_list", by=by, now=now, detail=detail | {"by_fact": by_fact})
    return current.release, results
