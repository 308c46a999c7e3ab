"""Child processes: they end with their parent, and say why they ended."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from aiexports.embedded import processes
from aiexports.embedded.folder import PROJECT
from aiexports.embedded.trouble import Trouble
from tests.aiexports.processes import eventually, is_alive

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")


@pytest.fixture
def start(tmp_path):
    started = []

    def start(script: str) -> processes.Child:
        command = [sys.executable, "-c", textwrap.dedent(script)]
        started.append(processes.spawn("Tester", command, log=tmp_path / "tester.log", cwd=tmp_path))
        return started[-1]

    yield start
    for child in started:
        child.kill()


PARENT = """
    import subprocess, sys
    from pathlib import Path
    from aiexports.embedded.processes import spawn
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    {start}
    print(child.pid, flush=True)
    input()
"""


@linux_only
@pytest.mark.parametrize(
    ("start", "survives"),
    [
        ("child = spawn('Sleeper', sleep, log=Path('/dev/null'), cwd=Path('/'))", False),
        ("child = subprocess.Popen(sleep, start_new_session=True, stdout=subprocess.DEVNULL)", True),
    ],
    ids=["spawn", "positive control"],
)
def test_a_child_ends_with_a_killed_parent(start, survives):
    script = textwrap.dedent(PARENT.format(start=start))
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    if survives:
        time.sleep(0.5)
        assert is_alive(child)
        os.kill(child, signal.SIGKILL)
    assert eventually(lambda: not is_alive(child))


def test_a_child_that_will_not_stop_is_killed(start, tmp_path):
    child = start(
        """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("ready", flush=True)
        time.sleep(60)
        """
    )
    assert eventually(lambda: processes.tail(child.log) == ["ready"])
    child.patience = 0.2
    child.stop()
    assert child.how_it_ended() == "killed by SIGKILL"


def test_a_child_that_ends_early_is_told_with_its_last_words(start):
    child = start("print('FATAL:  lock file exists'); print('shutting down'); raise SystemExit(3)")
    with pytest.raises(
        Trouble, match=r"^Tester stopped while starting: FATAL:  lock file exists — its log: .*tester\.log$"
    ):
        processes.wait_until(lambda: False, child, seconds=10)
    assert child.how_it_ended() == "exit status 3"


def test_a_child_that_is_late_is_told(start):
    child = start("import time; time.sleep(60)")
    with pytest.raises(Trouble, match=r"^Tester was not ready after 0 s: nothing in its log"):
        processes.wait_until(lambda: False, child, seconds=0.1)


def test_a_program_that_cannot_be_started_is_told(tmp_path):
    with pytest.raises(
        Trouble, match=r"^Ghost could not be started \(.*No such file.*\); its program is /no/such/program"
    ):
        processes.spawn("Ghost", ["/no/such/program"], log=tmp_path / "log", cwd=tmp_path)


def test_a_long_log_makes_room_for_a_new_one(start, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOG_LIMIT_BYTES", 10)
    (tmp_path / "tester.log").write_text("from an earlier run\n")
    start("print('new')").process.wait()
    assert processes.tail(tmp_path / "tester.log") == ["new"]
    assert processes.tail(tmp_path / "tester.log.1") == ["from an earlier run"]


@linux_only
def test_what_works_in_a_folder_is_found_and_ended(start, tmp_path):
    child = start("import time; print('ready', flush=True); time.sleep(60)")
    assert eventually(lambda: processes.tail(child.log) == ["ready"])
    assert processes.working_in(tmp_path) == [child.pid]
    processes.clear_out(tmp_path, gentle=signal.SIGTERM)
    assert child.process.wait() == -signal.SIGTERM
    processes.clear_out(tmp_path, gentle=signal.SIGTERM)  # nothing is there any more


@linux_only
def test_what_ignores_the_gentle_signal_is_killed(start, tmp_path):
    child = start("import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)")
    assert eventually(lambda: processes.tail(child.log) == ["ready"])
    processes.clear_out(tmp_path, gentle=signal.SIGTERM, seconds=0.2)
    assert child.process.wait() == -signal.SIGKILL
