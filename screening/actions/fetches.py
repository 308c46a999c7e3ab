"""What comes of asking for the list over the network, and telling officers when the list is out of date."""

from datetime import datetime
from typing import Any

from accounts.selectors import people_with_role
from accounts.states import Role
from core import notifications
from core.actions import action
from core.actors import Actor
from screening import letters, rules, selectors
from screening.actions.lists import confirm_release, import_list
from screening.fetching import Fetched
from screening.models import CurrentRelease, ListFetch
from screening.states import FetchOutcome


@action(rules.is_screening_job)
def take_fetched(fetched: Fetched, *, by: Any, now: datetime, address: str, held: int | None) -> ListFetch:
    """Import the file that came, or confirm the list in force when the server has no other than release `held`, about
    which it was asked; another one that came meanwhile is not confirmed by that. Raises as `import_list`."""
    before = CurrentRelease.objects.select_for_update().first()
    if fetched.path is not None:
        release = import_list(by=by, now=now, path=fetched.path, as_of=now.date(), may_be_first=False)
    elif before is not None and before.release_id == held:
        release = confirm_release(by=by, now=now)
    else:
        problem = "Another list came into force while the server was asked about the one before it."
        return record_failed_fetch(by=by, now=now, address=address, problem=problem)
    is_new = before is None or before.release_id != release.pk
    return ListFetch.objects.create(
        asked_at=now,
        address=address,
        outcome=FetchOutcome.IMPORTED if is_new else FetchOutcome.UNCHANGED,
        etag=fetched.validators.etag,
        last_modified=fetched.validators.last_modified,
        release=release,
    )


@action(rules.is_screening_job)
def record_failed_fetch(*, by: Actor, now: datetime, address: str, problem: str) -> ListFetch:
    """The list did not come whole, or is none; the one in force stays, and ages."""
    return ListFetch.objects.create(asked_at=now, address=address, outcome=FetchOutcome.FAILED, problem=problem)


@action(rules.is_screening_job)
def record_stopped_fetch(*, by: Actor, now: datetime, address: str, problem: str, kept: str) -> ListFetch:
    """The list came, and an officer has to look at it; they are told once for each such file, which is kept as `kept`."""
    _tell(lambda _user: letters.list_stopped(problem, kept), key=f"list-stopped:{kept}", now=now)
    return ListFetch.objects.create(asked_at=now, address=address, outcome=FetchOutcome.STOPPED, problem=problem)


@action(rules.is_screening_job)
def tell_of_stale_list(*, by: Actor, now: datetime) -> int:
    """Tell officers and managers that the list is out of date, once from one confirmation to the next; returns how many
    were told."""
    current, problem = selectors.current_release(), selectors.freshness(now).problem
    if not problem:
        return 0
    since = current.confirmed_at.isoformat() if current else "never"
    return _tell(lambda _user: letters.list_stale(problem), key=f"list-stale:{since}", now=now)


def _tell(build: Any, *, key: str, now: datetime) -> int:
    people = {person.pk: person for role in (Role.OFFICER, Role.MANAGER) for person in people_with_role(role)}
    return notifications.notify(people.values(), build, key=key, now=now)
