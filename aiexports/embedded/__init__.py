"""The embedded run: real servers from wheels, started on first need, for a newcomer's machine and for tests.

Nothing here imports Django's settings: it is what gives them their addresses.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiexports.embedded.errors import EmbeddedError
from aiexports.embedded.folder import DataFolder
from aiexports.embedded.postgres import APP, OWNER, Postgres
from aiexports.embedded.valkey import Valkey, answers

ROOT = Path(__file__).resolve().parent.parent.parent
NEED_NO_SERVERS = {"help", "version", "--help", "--version", "makemessages", "compilemessages", "collectstatic", "startapp"}
WAIT_SECONDS = 60.0


@dataclass
class Servers:
    """The two servers of a data folder; `owned` when this process started them."""

    postgres: Postgres
    valkey: Valkey
    owned: bool


current: Servers | None = None
"""What this process uses; `manage.py up` watches it."""


@contextlib.contextmanager
def servers_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Give a manage.py command its servers: outside ones that are named, those that run, or its own for its duration.

    Ends the process with one clear line when that is not possible.
    """
    command = argv[1] if len(argv) > 1 else "help"
    if "DATABASE_URL" in os.environ or "PORTAL_EMBEDDED" in os.environ:
        yield
        return
    if command in NEED_NO_SERVERS or "--help" in argv:
        _name_servers(DataFolder(data_path()))
        yield
        return
    try:
        with running(DataFolder(data_path()), alone=command == "up"):
            yield
    except EmbeddedError as error:
        sys.exit(f"{error}")


def data_path() -> Path:
    return Path(os.environ.get("PORTAL_DATA", ROOT / ".data"))


@contextlib.contextmanager
def running(folder: DataFolder, *, alone: bool = False, durable: bool = True) -> Iterator[Servers]:
    """Servers on `folder` for the duration. With `alone`, raises EmbeddedError when another process started them.

    Whoever started them stops them, once every other user has let go.
    """
    global current
    with folder.lock("servers") as owned:
        if alone and not owned:
            raise EmbeddedError(f"The portal is already running in {folder.path}: stop it first, or set PORTAL_DATA.")
        servers = Servers(Postgres(folder, durable=durable), Valkey(folder), owned)
        current = servers
        try:
            _start(servers) if owned else _wait_for(servers)
            with folder.lock("users", shared=True, wait=True):
                _name_servers(folder)
                yield servers
            if owned:
                with folder.lock("users", wait=True):
                    pass  # a command that joined us has ended
        finally:
            current = None
            if owned:
                servers.valkey.stop()
                servers.postgres.stop()


def _start(servers: Servers) -> None:
    servers.postgres.start()
    servers.valkey.start()


def _wait_for(servers: Servers) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if answers(servers.valkey.socket):  # it starts last
            return
        time.sleep(0.05)
    raise EmbeddedError(f"Another process holds {servers.postgres.folder.path}, but its servers do not answer: stop it.")


def _name_servers(folder: DataFolder) -> None:
    postgres, valkey = Postgres(folder), Valkey(folder)
    os.environ |= {
        "PORTAL_EMBEDDED": "1",
        "PORTAL_DATA": str(folder.path),
        "DATABASE_URL": postgres.url(APP),
        "DATABASE_OWNER_URL": postgres.url(OWNER),
        "REDIS_URL": valkey.url,
    }
