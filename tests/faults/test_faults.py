"""Servers and workers fall while needs are posted: each acknowledged need has exactly what a calm run gives it.

Each fault comes with its positive control: the same fault loses tasks that were sent to Celery without the outbox.
"""

import os
import signal
import sys
import time

import pytest

from tests.aiexports.processes import eventually
from tests.faults.stage import Stage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc")
NUMBERS = [pytest.param(30), pytest.param(1000, marks=pytest.mark.long)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    opened = Stage(tmp_path_factory.mktemp("stage") / "data")
    opened.open()
    yield opened
    opened.close()


@pytest.fixture(params=NUMBERS)
def number(request, stage):
    """How many needs; a calm run came before."""
    stage.calm(request.param)
    return request.param


def test_a_calm_run_gives_each_need_two_matches_told_to_both_sides(stage, number):
    calm = stage.calm(number)
    assert {name: len(rows) for name, rows in calm.items()} == {
        "runs": number,
        "matches": 2 * number,
        "notifications": 4 * number,
        "mails": 4 * number,
    }
    assert {times for _need, times in calm["runs"]} == {1}
    assert {tuple(mail[-2:]) for mail in calm["mails"]} == {("SENT", 1)}
    assert stage.client("stray_mails") == 0


def test_a_worker_killed_in_the_middle_of_its_work_loses_and_doubles_nothing(stage, number):
    name = f"Killed{number}"
    with stage.standing_still("matching_match"):
        assert stage.client("post", name, number) == number
        assert eventually(stage.someone_waits, 20)
        stage.kill("worker")
    stage.start_worker()
    assert stage.outcome(name, number) == stage.calm(number)


def test_control_a_killed_worker_loses_what_it_had(stage):
    with stage.standing_still("core_jobrun"):
        taken = stage.client("send", "ControlKilled", 30)
        assert eventually(stage.someone_waits, 20)
        stage.kill("worker")
    stage.start_worker()
    assert taken == 30
    assert stage.lost("ControlKilled", taken) > 0


def test_a_killed_relay_only_delays(stage, number):
    name = f"Relay{number}"
    posting = stage.post_meanwhile(name, number)
    assert eventually(lambda: stage.posted(name) >= number // 3, 60)
    stage.kill("relay")
    assert posting.get() == number
    assert eventually(lambda: stage.broker_holds() == 0, 60)
    time.sleep(0.5)
    held = stage.client("waiting")
    time.sleep(1)
    assert stage.client("waiting") == held > 0  # the control: nobody else would have rung
    stage.start_relay()
    assert stage.outcome(name, number) == stage.calm(number)


def test_a_wiped_broker_loses_and_doubles_nothing(stage, number):
    name = f"Wiped{number}"
    with stage.paused("worker"):
        assert stage.client("post", name, number) == number
        assert eventually(lambda: stage.broker_holds() >= 30, 20)
        assert stage.wipe_broker() >= 30
    assert stage.outcome(name, number) == stage.calm(number)


def test_control_a_wiped_broker_loses_every_task(stage):
    with stage.paused("worker"):
        taken = stage.client("send", "ControlWiped", 30)
        stage.wipe_broker()
    assert taken == 30
    assert stage.lost("ControlWiped", taken) > 20


def test_without_a_broker_acts_are_taken_and_done_when_it_is_back(stage, number):
    name, seconds = f"Away{number}", 3 if number == 30 else 30
    stage.kill("valkey")
    began = time.monotonic()
    assert stage.client("post", name, number) == number
    assert stage.client("send", f"Control{name}", 1) == 0  # the control: Celery takes nothing
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    assert stage.client("waiting") > 0
    stage.start_valkey()
    assert stage.outcome(name, number) == stage.calm(number)


def restart_postgres(stage):
    """An immediate stop: sessions are cut wherever they are, and the next start recovers from the log."""
    os.kill(stage.children["postgres"].pid, signal.SIGQUIT)
    stage.children["postgres"].process.wait(20)
    stage.start_postgres()


def test_a_database_that_restarts_loses_and_doubles_nothing(stage, number):
    name = f"Restart{number}"
    posting = stage.post_meanwhile(name, number)
    for share in (4, 2):
        assert eventually(lambda share=share: stage.posted(name) >= number // share, 60)
        restart_postgres(stage)
    assert posting.get() == number
    assert stage.outcome(name, number) == stage.calm(number)


def test_control_a_database_that_restarts_loses_the_tasks_that_meet_it(stage):
    with stage.standing_still("core_jobrun"):
        taken = stage.client("send", "ControlRestart", 30)
        assert eventually(stage.someone_waits, 20)
        os.kill(stage.children["postgres"].pid, signal.SIGQUIT)
        stage.children["postgres"].process.wait(20)
    stage.start_postgres()
    assert stage.lost("ControlRestart", taken) > 0


def test_after_all_of_it_no_mail_is_stray_and_the_ledger_is_true(stage):
    assert stage.client("stray_mails") == 0
    assert stage.client("findings") == 0
