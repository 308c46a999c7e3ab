"""Every way lists, runs and hits change."""

from screening.actions.adjudication import (
    confirm_hit,
    countersign_dismissal,
    dismiss_hit,
    escalate_hit,
    reopen_hit,
    return_dismissal,
)
from screening.actions.carrying import carry_over
from screening.actions.fetches import record_failed_fetch, record_stopped_fetch, take_fetched, tell_of_stale_list
from screening.actions.lists import confirm_release, import_list, rekey_names
from screening.actions.ownership import conclude_ownership
from screening.actions.runs import record_failure, screen_organization
from screening.actions.search import search_list

__all__ = [
    "carry_over",
    "conclude_ownership",
    "confirm_hit",
    "confirm_release",
    "countersign_dismissal",
    "dismiss_hit",
    "escalate_hit",
    "import_list",
    "record_failed_fetch",
    "record_failure",
    "record_stopped_fetch",
    "rekey_names",
    "reopen_hit",
    "return_dismissal",
    "screen_organization",
    "search_list",
    "take_fetched",
    "tell_of_stale_list",
]
