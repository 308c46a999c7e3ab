"""The whole embedded run, for real: first start, refusal of a second one, kill, recovery, end of a child, Ctrl-C."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis

from aiexports.embedded import postgres, valkey
from aiexports.embedded.folder import PROJECT, DataFolder
from tests.aiexports.processes import command_of, descendants, eventually, is_alive, own_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no orphan is left is Linux's doing")
START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """`manage.py up` in a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.folder, self.port = DataFolder(data), free_port()
        self.process: subprocess.Popen[str] | None = None
        self.output = data.with_suffix(".out")
        self.family: set[int] = set()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = own_environment(PORTAL_DATA=str(self.folder.path), PORT=str(self.port))
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120)

    def start(self) -> float:
        """Seconds from the command to the first good answer of /healthz."""
        began = time.monotonic()
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=PROJECT,
                env=own_environment(PORTAL_DATA=str(self.folder.path), PORT=str(self.port)),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        assert eventually(lambda: self.process.poll() is not None or self.health() == 200, START_SECONDS), self.said()
        assert self.process.poll() is None, self.said()
        seconds = time.monotonic() - began
        assert eventually(lambda: "The portal is ready" in self.said()), self.said()
        assert eventually(self.worker_has_children, START_SECONDS), self.said()
        self.family = descendants(self.process.pid)
        return seconds

    def worker_has_children(self) -> bool:
        """Two pool processes and beat, forked by Celery itself: the ones that are easily left behind."""
        return sum("celery" in command_of(pid) for pid in descendants(self.process.pid)) == 4

    def health(self) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/healthz", headers={"Host": "localhost"})
                return connection.getresponse().status
            except OSError:
                return 0

    def said(self) -> str:
        return self.output.read_text()

    def child(self, words: str) -> int:
        """The direct child whose command line has these words."""
        return next(pid for pid in sorted(self.family) if words in command_of(pid))

    def leaves_nothing(self, seconds: float = 15) -> bool:
        return eventually(lambda: not [pid for pid in self.family if is_alive(pid)], seconds)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    started = Run(tmp_path_factory.mktemp("run") / "data")
    yield started
    started.kill()
    assert started.leaves_nothing()


def test_the_first_start_serves_and_says_where(run):
    run.start()
    said = run.said()
    assert f"http://localhost:{run.port}/\n" in said
    assert "/demo/" not in said  # it was started without the demonstration
    for name in ("web", "worker", "relay", "postgres", "valkey"):
        assert (run.folder.logs / f"{name}.log").exists()


def test_no_process_of_the_portal_has_the_owners_address(run):
    for words in ("gunicorn", "celery", "relay"):
        environment = Path(f"/proc/{run.child(words)}/environ").read_bytes().split(b"\0")
        assert not [entry for entry in environment if b"portal_owner" in entry]


def test_a_second_start_in_the_folder_is_refused(run):
    refused = run.manage("up")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert re.fullmatch(
        rf".*/data is in use by `manage.py up` \(process {run.process.pid}\): http://localhost:{run.port}/\. Stop .*\n",
        refused.stderr,
    )


def test_a_command_beside_the_run_uses_its_servers(run):
    answered = run.manage("migrate", "--check")
    assert (answered.returncode, answered.stderr) == (0, "")
    assert run.health() == 200


def test_after_a_kill_nothing_is_left_and_the_next_start_has_lost_nothing(run):
    with psycopg.connect(postgres.address(run.folder, postgres.OWNER)) as connection:
        connection.execute("CREATE TABLE public.kept AS SELECT 7 AS n")
    with redis.Redis.from_url(valkey.address(run.folder)) as client:
        client.set("kept", "yes")
    time.sleep(1.5)  # the append-only file goes to disk each second

    run.kill()
    assert run.leaves_nothing(), [command_of(pid) for pid in run.family if is_alive(pid)]

    seconds = run.start()
    print(f"\nwarm start to the first page after a kill: {seconds:.1f} s")
    assert seconds < 20  # 4 s on an idle machine
    with psycopg.connect(postgres.address(run.folder, postgres.OWNER)) as connection:
        assert connection.execute("SELECT n FROM public.kept").fetchone() == (7,)
    with redis.Redis.from_url(valkey.address(run.folder)) as client:
        assert client.get("kept") == b"yes"


def test_the_end_of_a_child_stops_the_rest_and_names_it(run):
    os.kill(run.child("relay"), signal.SIGKILL)
    assert run.process.wait(60) == 1
    assert "relay ended (killed by SIGKILL)" in run.said()
    assert f"its log: {run.folder.logs}/relay.log" in run.said()
    assert run.leaves_nothing()


def test_ctrl_c_stops_everything_in_order(run):
    run.start()
    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(60) == 0
    assert run.said().splitlines()[-1] == "Stopping."
    assert run.leaves_nothing(seconds=1)
    assert json.loads((run.folder.path / "lock").read_text()) == {}
    assert not (
        postgres.Postgres(run.folder).cluster / "postmaster.pid"
    ).exists()  # PostgreSQL was shut down, not killed
    print(f"\nstopped after {time.monotonic() - began:.1f} s")


def test_a_taken_port_is_told_in_one_line(run):
    with socket.socket() as other:
        other.bind(("127.0.0.1", run.port))
        other.listen()
        refused = run.manage("up")
    assert refused.returncode == 1
    assert (
        refused.stderr
        == f"Port {run.port} cannot be used ([Errno 98] Address already in use); choose another one, like PORT=8001.\n"
    )
