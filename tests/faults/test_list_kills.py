"""A process that imports a list and screens everybody is killed at every so many statements: the list in force is whole,
nobody is clear whom it names, and a restart comes to the same end."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from aiexports.embedded.folder import PROJECT
from tests.aiexports.processes import own_environment
from tests.database import as_owner

pytestmark = pytest.mark.long
BASE, RUN = "test_kill_base", "test_kill_run"
STEPS = 12


class Trials:
    """Databases that are copies of one, and the process that works on them."""

    def __init__(self, folder) -> None:
        self.folder = folder
        with (folder / "child.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.list_child"],
                cwd=PROJECT,
                env=own_environment(
                    DJANGO_SETTINGS_MODULE="tests.settings", PORTAL_EMBEDDED="1", PORTAL_DATA=str(folder), **addresses()
                ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def do(self, act: str, *, kill_at: int = 0, database: str = RUN, guard: str = "") -> dict:
        self.process.stdin.write(json.dumps([database, act, str(self.folder), kill_at, guard]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, (self.folder / "child.log").read_text()[-3000:]
        return json.loads(line)

    def report(self) -> dict:
        return self.do("report")["value"]

    def fresh(self) -> None:
        copy(BASE, RUN)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


def addresses() -> dict[str, str]:
    """Of the servers that this run of the tests has."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}


def copy(template: str, name: str) -> None:
    drop(name)
    with as_owner("postgres", autocommit=True) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop(name: str) -> None:
    with as_owner("postgres", autocommit=True) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def trials(django_db_setup, tmp_path_factory):
    connections.close_all()
    copy(settings.DATABASES["default"]["NAME"], BASE)
    child = Trials(tmp_path_factory.mktemp("kills"))
    prepared = child.do("prepare", database=BASE)
    assert "statements" in prepared, prepared
    yield child
    child.close()
    drop(BASE)
    drop(RUN)


@pytest.fixture(scope="module")
def calm(trials) -> dict:
    """What comes of it when nobody is killed."""
    trials.fresh()
    before = trials.report()
    statements = {act: trials.do(act)["statements"] for act in ("import_next", "screen")}
    after = trials.report()
    assert (before["release"], before["overdue"], after["release"], after["overdue"]) == (
        *("2022-05-06", []),
        *("2026-11-24", []),
    )
    assert before["states"] != after["states"]
    assert (before["wrong"], after["wrong"], before["whole"], after["whole"]) == ([], [], True, True)
    return {"statements": statements, "before": before, "after": after}


def points(count: int, number: int) -> list[int]:
    """So many statements of all, the first and the last among them."""
    return sorted({1 + (count - 1) * step // (number - 1) for step in range(number)})


def test_a_killed_import_leaves_a_whole_list_and_can_be_done_again(trials, calm):
    for kill_at in points(calm["statements"]["import_next"], 60):
        trials.fresh()
        assert trials.do("import_next", kill_at=kill_at) == {"killed": 9}
        assert trials.report() == calm["before"]
        assert "statements" in trials.do("import_and_screen")
        assert trials.report() == calm["after"]


def test_a_killed_screening_clears_nobody_wrongly_and_is_gone_on_with(trials, calm):
    for kill_at in points(calm["statements"]["screen"], 80):
        trials.fresh()
        trials.do("import_next")
        assert trials.do("screen", kill_at=kill_at) == {"killed": 9}
        between = trials.report()
        assert (between["release"], between["whole"], between["wrong"]) == ("2026-11-24", True, [])
        assert all(between["states"][name][0] != "CLEAR" for name in between["overdue"])
        assert "statements" in trials.do("screen")
        assert trials.report() == calm["after"]


# --- the positive controls ----------------------------------------------------------------------------------------------


def test_without_a_transaction_a_kill_leaves_half_a_list(trials, calm):
    found, count = [], calm["statements"]["import_next"]
    for kill_at in range(count - 16, count + 1):
        trials.fresh()
        assert trials.do("import_next", kill_at=kill_at, guard="acts") == {"killed": 9}
        found.append(trials.report()["whole"])
    assert False in found


def test_work_that_is_called_done_too_early_leaves_somebody_out_until_it_is_caught_up_with(trials, calm):
    left = []
    for kill_at in points(calm["statements"]["screen"], STEPS):
        trials.fresh()
        trials.do("import_next")
        trials.do("screen", kill_at=kill_at, guard="messages")
        trials.do("screen")
        if out := trials.report()["overdue"]:
            left.append(out)
            trials.do("catch_up")
            assert trials.report() == calm["after"]
    assert left != []
