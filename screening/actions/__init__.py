"""Every way lists, runs and hits change."""

from screening.actions.adjudication import (
    confirm_hit,
    countersign_dismissal,
    dismiss_hit,
    escalate_hit,
    reopen_hit,
    return_dismissal,
)
from screening.actions.lists import confirm_release, import_list
from screening.actions.ownership import conclude_ownership
from screening.actions.runs import record_failure, screen_organization

__all__ = [
    "conclude_ownership",
    "confirm_hit",
    "confirm_release",
    "countersign_dismissal",
    "dismiss_hit",
    "escalate_hit",
    "import_list",
    "record_failure",
    "reopen_hit",
    "return_dismissal",
    "screen_organization",
]
