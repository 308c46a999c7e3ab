"""Who acts: a person, or one of the portal's own jobs."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Whoever can be named in the ledger: `accounts.models.User`, or `System`. An anonymous visitor is no actor."""

    @property
    def is_active(self) -> bool: ...

    @property
    def ledger_name(self) -> str: ...


@dataclass(frozen=True)
class System:
    """A job acting by itself, such as `System("screening")`; rules grant it what they name."""

    name: str
    is_active: bool = True

    @property
    def ledger_name(self) -> str:
        return f"system:{self.name}"
