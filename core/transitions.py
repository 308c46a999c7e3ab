"""State machines as data: which action moves what from where to where, and under which guards.

Pure: no database. `core.actions.move` applies a table, and a trigger (`core.guards`) refuses any state that the ledger
does not hold. `manage.py docs` draws the tables as Mermaid into docs/states.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

Guard = Callable[[Any, datetime], str]
"""A pure function of the object's own fields and `now`: "" when passable, else the refusal in words for the person."""


@dataclass(frozen=True, slots=True)
class Transition:
    """`action` is the name of the function in the room's actions.py; `role` says in words who may (rules.py decides)."""

    action: str
    sources: Sequence[str]
    target: str
    role: str
    guards: Sequence[Guard] = ()


class Machine:
    """The table of one model's states.

    `subject` is the model's label in the ledger ("buyers.vettingcase"). Raises ValueError for a table that names an
    unknown state, an action twice, or a state that nothing reaches.
    """

    def __init__(
        self, subject: str, states: type[TextChoices], *, initial: str, transitions: Sequence[Transition]
    ) -> None:
        self.subject = subject
        self.states = states
        self.initial = initial
        self.transitions = {transition.action: transition for transition in transitions}
        if len(self.transitions) != len(transitions):
            raise ValueError(f"{subject}: an action stands twice in the table")
        named = {initial} | {state for t in transitions for state in (*t.sources, t.target)}
        if unknown := named - set(states.values):
            raise ValueError(f"{subject}: unknown states {sorted(unknown)}")
        reached = {initial} | {t.target for t in transitions}
        if unreached := set(states.values) - reached:
            raise ValueError(f"{subject}: nothing reaches {sorted(unreached)}")

    def refusal(self, obj: Any, action: str, now: datetime) -> str:
        """Why `action` is not possible on `obj` at `now`; "" when it is. Raises KeyError for an unknown action."""
        from django.utils.translation import gettext

        transition = self.transitions[action]
        if obj.status not in transition.sources:
            return gettext("This is not possible while the status is “%(status)s”.") % {
                "status": self.states(obj.status).label
            }
        return next((refusal for guard in transition.guards if (refusal := guard(obj, now))), "")

    def available(self, obj: Any, now: datetime) -> list[str]:
        """The actions whose source and guards hold; whether this person may is asked of the room's rules."""
        return [action for action in self.transitions if not self.refusal(obj, action, now)]

    def table(self) -> str:
        """State by action, with who may: where each leads, or a dash where it is refused. Guards may refuse besides."""
        states = list(self.states.values)
        lines = [
            "| act | by | " + " | ".join(f"`{state}`" for state in states) + " |",
            "|---" * (len(states) + 2) + "|",
        ]
        for transition in self.transitions.values():
            cells = [f"`{transition.target}`" if state in transition.sources else "–" for state in states]
            lines.append(f"| `{transition.action}` | {transition.role} | " + " | ".join(cells) + " |")
        return "\n".join(lines)

    def mermaid(self) -> str:
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for transition in self.transitions.values():
            label = f"{transition.action} ({transition.role})"
            lines += [f"    {source} --> {transition.target}: {label}" for source in transition.sources]
        return "\n".join(lines)
