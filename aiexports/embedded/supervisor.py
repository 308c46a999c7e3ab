"""The embedded run: servers, web, worker and relay as direct children of one process.

They start in order, each when the one before is ready, and stop in the reverse order. When one ends, all end. When
this process is killed, the kernel ends them.
"""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from types import FrameType

from aiexports.embedded import processes
from aiexports.embedded.folder import PROJECT, DataFolder
from aiexports.embedded.processes import Child
from aiexports.embedded.servers import Servers, describe
from aiexports.embedded.trouble import Trouble
from aiexports.orphans import die_with_parent

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WEB_SECONDS = 60


class StopAsked(BaseException):
    """A stop signal came; not an Exception, so that nothing on the way swallows it."""


@dataclass
class Supervisor:
    """Runs the portal in a data folder until a stop signal or the end of a child."""

    folder: DataFolder
    port: int
    say: Callable[[str], object]
    prepare: Callable[[Callable[[str], object]], object]  # the database and static files, once the servers run
    demo: bool = True
    children: list[Child] = field(default_factory=list)
    stop_signals: int = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    def run(self) -> int:
        """The exit status: 0 after a stop signal, 1 after the end of a child."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_signal)
        self._take_folder()
        try:
            self._start()
            return self._watch()
        except StopAsked:
            self.say("Stopping.")
            return 0
        finally:
            self._stop()
            self.folder.unlock()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first one stops in order; another one while that goes on ends everything at once."""
        self.stop_signals += 1
        if self.stop_signals == 1:
            raise StopAsked
        for child in self.children:
            child.kill()

    def _take_folder(self) -> None:
        self.folder.prepare()
        if not self.folder.lock("manage.py up"):
            where = self.folder.holder().get("address", "its address is not known yet")
            raise Trouble(
                f"{self.folder.path} is in use by {describe(self.folder)}: {where}. Stop that one first, or run "
                "another portal beside it with PORTAL_DATA=/another/folder PORT=8001."
            )
        check_port(self.port)
        self.folder.announce(address=self.address)

    def _start(self) -> None:
        began = time.monotonic()
        servers = Servers(self.folder)
        self.children = servers.children
        servers.start()
        self.prepare(self.say)
        self.folder.announce(ready=True)
        web = self._spawn("web", "-m", "gunicorn", "--config=python:aiexports.web", "aiexports.wsgi:application")
        processes.wait_until(self._web_answers, web, seconds=WEB_SECONDS)
        self._spawn("worker", "-m", "celery", *self._worker_arguments())
        self._spawn("relay", "manage.py", "relay")
        self.say(f"The portal is ready ({time.monotonic() - began:.1f} s): {self.address}")
        if self.demo:
            self.say(f"  demo people: {self.address}demo/")
        self.say(f"  logs: {self.folder.logs}   stop: Ctrl-C")

    def _worker_arguments(self) -> list[str]:
        schedule = self.folder.path / "run" / "beat"
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return ["--app", "aiexports", "worker", "--beat", "--schedule", str(schedule), "--concurrency", "2", *quiet]

    def _spawn(self, name: str, *arguments: str) -> Child:
        environment = os.environ | {
            "PORTAL_PROCESS": name,
            "PORTAL_DATA": str(self.folder.path),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        environment.pop("DATABASE_OWNER_URL", None)  # none of them may be the owner
        child = processes.spawn(
            name, [sys.executable, *arguments], log=self.folder.logs / f"{name}.log", cwd=PROJECT, env=environment
        )
        self.children.append(child)
        return child

    def _web_answers(self) -> bool:
        with (
            closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection,
            suppress(OSError, http.client.HTTPException),
        ):
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status < 500
        return False

    def _watch(self) -> int:
        while True:
            for child in self.children:
                if child.has_ended():
                    self.say(f"{child.name} ended ({child.how_it_ended()}): {child.last_words()}")
                    self.say(f"  its log: {child.log}   everything else is being stopped")
                    return 1
            time.sleep(0.2)

    def _stop(self) -> None:
        while self.children:
            self.children[-1].stop()
            self.children.pop()


def check_port(port: int) -> None:
    """Trouble when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Trouble(f"Port {port} cannot be used ({error}); choose another one, like PORT=8001.") from None


def stop_with_parent() -> None:
    """Stop when the process that started us ends (`make run`): a killed make leaves nothing running."""
    die_with_parent(os.getppid(), signal.SIGTERM)
