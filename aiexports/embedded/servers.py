"""Both servers together; and `servers_for_command`: a command finds them running or starts them for its duration."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiexports.embedded import postgres, valkey
from aiexports.embedded.folder import DataFolder
from aiexports.embedded.processes import Child
from aiexports.embedded.trouble import Trouble

# Commands that touch no server; they only need addresses for the settings. `up` starts the servers itself.
NEED_NO_SERVERS = {"help", "version", "makemessages", "compilemessages", "collectstatic", "findstatic", "up"}
STARTING_SECONDS = 60


@dataclass
class Servers:
    """The embedded servers that the environment does not replace with outside ones, as children of this process."""

    folder: DataFolder
    durable: bool = True
    children: list[Child] = field(default_factory=list)

    def start(self) -> None:
        try:
            if not _is_outside("DATABASE_URL", postgres.address(self.folder, postgres.APP)):
                self.children.append(postgres.Postgres(self.folder, self.durable).start())
            if not _is_outside("REDIS_URL", valkey.address(self.folder)):
                self.children.append(valkey.Valkey(self.folder, self.durable).start())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop()


def _is_outside(variable: str, own: str) -> bool:
    """Whether the environment names another server than our own."""
    return os.environ.get(variable, own) != own


def embedded_environment(folder: DataFolder) -> dict[str, str]:
    """The variables that the settings read, for the servers that nobody named from outside."""
    found = {}
    if "DATABASE_URL" not in os.environ:
        found["DATABASE_URL"] = postgres.address(folder, postgres.APP)
        found["DATABASE_OWNER_URL"] = postgres.address(folder, postgres.OWNER)
        found["PORTAL_EMBEDDED"] = "1"
    if "REDIS_URL" not in os.environ:
        found["REDIS_URL"] = valkey.address(folder)
    return found


@contextmanager
def servers_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Around a management command: servers running, and their addresses in the environment, unless it needs none."""
    folder = DataFolder.from_environment()
    missing = embedded_environment(folder)
    if not missing or not _needs_servers(argv):
        os.environ.update(missing)
        yield
        return
    with _running_servers(folder, doing=" ".join(["manage.py", *argv[1:2]])):
        os.environ.update(missing)
        yield


def _needs_servers(argv: Sequence[str]) -> bool:
    return len(argv) > 1 and argv[1] not in NEED_NO_SERVERS and not {"-h", "--help", "--version"} & set(argv[1:])


@contextmanager
def _running_servers(folder: DataFolder, doing: str) -> Iterator[None]:
    """The servers of whoever has the folder, or our own."""
    folder.prepare()
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        if folder.lock(doing):
            with _own_servers(folder):
                yield
            return
        with folder.guest() as welcome:
            if welcome and folder.holder().get("ready"):
                yield
                return
        time.sleep(0.05)
    raise Trouble(f"{describe(folder)} is using {folder.path} and its servers do not get ready; see {folder.logs}.")


@contextmanager
def _own_servers(folder: DataFolder) -> Iterator[None]:
    servers = Servers(folder)
    try:
        servers.start()
        folder.announce(ready=True)
        yield
        folder.wait_for_guests()
    finally:
        servers.stop()
        folder.unlock()


def describe(folder: DataFolder) -> str:
    """Who has the folder, in words."""
    holder = folder.holder()
    return f"`{holder.get('doing', 'another process')}` (process {holder.get('pid', 'unknown')})"
