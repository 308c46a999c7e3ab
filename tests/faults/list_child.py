"""A process that imports lists and screens, and is killed while it does: told what to do by lines of JSON.

    python -m tests.faults.list_child

Each line is done by a child of its own, forked from this one, which ends itself with SIGKILL right before the statement to
the database that it was told; the answer says whether it came to its end, and how many statements it made.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NAMES = ["Joseph Kony", "Meridian Compute Inc", "Lakeside Data Oy", "Ali Kony", "Umeme Grid", "Northwind Analytics"]
DISMISSED = "Ali Kony"


class Countdown:
    """Counts statements, and ends the process before number `at`; `commits` first, as if each had been one by itself."""

    def __init__(self, at: int, *, commits: bool) -> None:
        self.at, self.count, self.commits = at, 0, commits

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.at:
            if self.commits:
                context["connection"].connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def prepare(_folder: str) -> None:
    """A list in force, and organizations screened against it: an open hit, one that was dismissed, and nothing."""
    from core import outbox
    from screening import actions
    from tests.factories import buyers, organizations
    from tests.factories import screening as make
    from tests.factories.accounts import person

    make.imported(make.EXTRACT, now=NOW)
    officer, second = buyers.officer(NOW), buyers.second_officer(NOW)
    for number, name in enumerate(NAMES):
        one = organizations.organization(name, now=NOW, by=person(f"founder{number}"))
        organizations.settled(one, by=officer, now=NOW)
        outbox.drain(NOW)
        for hit in one.hits.all() if name == DISMISSED else ():
            actions.dismiss_hit(hit, by=officer, now=NOW, reason="A bakery.")
            if hit.tier == "alert":
                actions.countersign_dismissal(hit, by=second, now=NOW)
        outbox.drain(NOW)


def import_next(folder: str) -> None:
    """Another list: one of our names comes, a listed party goes, another says something else."""
    from accounts.models import User
    from screening import actions
    from tests.factories import screening as make

    head, *rows = make.rows_of_extract()
    rows = [row for row in rows if row[5] != "KONY, Joseph"]
    rows = [["1963" if cell == "1992; 1994; 1995; 1993" else cell for cell in row] for row in rows]
    source = "Entity List (EL) - Bureau of Industry and Security"
    rows.append(make.row(source=source, name="Meridian Compute Inc"))
    path = make.written(Path(folder) / f"next-{os.getpid()}.csv", [head, *rows])
    by = User.objects.get_by_natural_key("officer@example.com")
    actions.import_list(by=by, now=LATER, path=path, as_of=LATER.date(), accept_shrink=True)


def screen(_folder: str) -> None:
    """What the worker does until nothing is left."""
    from core import outbox

    outbox.drain(LATER + timedelta(hours=1))


def import_and_screen(folder: str) -> None:
    import_next(folder)
    screen(folder)


def catch_up(folder: str) -> None:
    from core.models import OutboxMessage
    from screening import tasks

    tasks.catch_up(OutboxMessage(payload={"slot": "catch-up"}), now=LATER)
    screen(folder)


def report(_folder: str) -> dict[str, Any]:
    """Whether each list is whole; who is not screened against the one in force; what is said of each; who is clear though
    the list in force, read anew, gives a hit that nobody dismissed."""
    from organizations.models import Organization
    from screening import selectors, upkeep
    from screening.models import CurrentRelease, ListRelease

    current = CurrentRelease.objects.get()
    told: dict[str, Any] = {"release": current.release.as_of.isoformat(), "states": {}, "wrong": []}
    told["whole"] = all(each.entries.count() == sum(each.counts.values()) for each in ListRelease.objects.all())
    told["overdue"] = sorted(one.legal_name for one in upkeep.overdue(current))
    for one in Organization.objects.order_by("pk"):
        state = selectors.screening_state(one, LATER)
        told["states"][one.legal_name] = [state.kind, sorted(one.hits.values_list("status", flat=True))]
        if state.kind == "CLEAR" and not _is_right(one, current):
            told["wrong"].append(one.legal_name)
    return told


def _is_right(one: Any, current: Any) -> bool:
    from screening import selectors, upkeep
    from screening.parties import screened_names

    names = list(screened_names(one))
    found = selectors.screen([screened.query for screened in names], current.release)
    keys = upkeep.content_keys(candidate.entry_id for candidate in found)
    dismissed = set(one.hits.filter(status="NOT_A_MATCH").values_list("fingerprint", flat=True))
    return {names[each.query].fingerprint(keys[each.entry_id]) for each in found} <= dismissed


def _done_first(message_id: int, subscriber: Any, now: datetime) -> bool:
    from core.models import OutboxMessage

    message = OutboxMessage.objects.get(pk=message_id)
    OutboxMessage.objects.filter(pk=message_id).update(done_at=now)
    subscriber.handle(message, now=now)
    return True


ACTS: dict[str, Callable[[str], Any]] = {
    act.__name__: act for act in (prepare, import_next, screen, import_and_screen, catch_up, report)
}


def perform(database: str, act: str, folder: str, kill_at: int, guard: str) -> dict[str, Any]:
    from django.db import connection, connections

    from core import outbox

    for each in connections.all():
        each.settings_dict["NAME"] = database
    if guard == "messages":  # for a positive control: work is called done before it is
        outbox._deliver_inside = _done_first  # type: ignore[assignment]
    countdown = Countdown(kill_at, commits=guard == "acts")
    with connection.execute_wrapper(countdown):
        value = ACTS[act](folder)
    connections.close_all()
    return {"statements": countdown.count, "value": value}


def in_a_child(arguments: list[Any]) -> dict[str, Any]:
    """The answer of the act, or that the child was killed."""
    back, to = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(back)
        try:
            answer = json.dumps(perform(*arguments))
        except Exception as error:
            answer = json.dumps({"failed": f"{type(error).__name__}: {error}"})
        with os.fdopen(to, "w") as stream:
            stream.write(answer)
        os._exit(0)
    os.close(to)
    with os.fdopen(back) as stream:
        answer = stream.read()
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status)}
    return json.loads(answer)


def main() -> None:
    django.setup()
    from screening import tasks
    from screening.engine import matcher  # noqa: F401  (once, and not in each child)

    tasks.PART = 2  # several parts, of which some may be done
    for line in sys.stdin:
        print(json.dumps(in_a_child(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
