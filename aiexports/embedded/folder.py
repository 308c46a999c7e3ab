"""The data folder: what lies where, whose it is, and who is using it."""

import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from aiexports.embedded.trouble import Trouble

PROJECT = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 100  # the kernel's is 107 bytes
ROOM_NEEDED = 300_000_000
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
SOCKET_NAME_ROOM = len("/postgres/.s.PGSQL.5432")


@dataclass
class DataFolder:
    """Everything that an embedded run keeps; `PORTAL_DATA`, or `.data` in the project."""

    path: Path
    _lock: IO[str] | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls) -> "DataFolder":
        return cls(Path(os.environ.get("PORTAL_DATA") or PROJECT / ".data").resolve())

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def sockets(self) -> Path:
        """In the data folder, or in a short folder under /tmp when that address would be too long or too odd."""
        inside = self.path / "run"
        if len(os.fsencode(inside)) + SOCKET_NAME_ROOM <= SOCKET_PATH_LIMIT and PLAIN_PATH.fullmatch(str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        return Path("/tmp") / f"portal-{os.geteuid()}-{digest}"  # noqa: S108 (made and checked to be ours)

    def prepare(self) -> None:
        """Make the folders; Trouble when this is not our folder or the disk is full."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._check_owner()
            for folder in (self.logs, self.path / "run"):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise Trouble(
                f"The data folder {self.path} cannot be written ({error.strerror}); "
                "make it writable, or choose another one with PORTAL_DATA=/some/folder."
            ) from None
        self._make_sockets_folder()
        free = shutil.disk_usage(self.path).free
        if free < ROOM_NEEDED:
            raise Trouble(
                f"Only {free // 1_000_000} MB are free for the data folder {self.path}; the portal needs "
                f"{ROOM_NEEDED // 1_000_000} MB: free some, or choose another folder with PORTAL_DATA=/some/folder."
            )

    def _check_owner(self) -> None:
        owner, us = self.path.stat().st_uid, os.geteuid()
        if owner != us:
            raise Trouble(
                f"The data folder {self.path} belongs to {_account(owner)} and you are {_account(us)}; run this as "
                f"{_account(owner)}, or choose another folder with PORTAL_DATA=/some/folder."
            )

    def _make_sockets_folder(self) -> None:
        """A folder of ours that others may pass through but not list (the servers' own folders in it are closed)."""
        folder = self.sockets
        folder.mkdir(exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise Trouble(f"{folder} should be a folder of yours for sockets and is not; remove it.")
        folder.chmod(0o711)

    # --- who is using it ---

    def lock(self, doing: str) -> bool:
        """Take the folder for ourselves, as long as this process lives; False when another process has it."""
        handle = (self.path / "lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._lock = handle
        self._make_sockets_folder()  # who had the data folder before us may have taken it away
        self._write_lock({"pid": os.getpid(), "doing": doing})
        return True

    def announce(self, **facts: object) -> None:
        """Tell others who look at the lock: `ready=True`, the address."""
        self._write_lock(self.holder() | facts)

    def unlock(self) -> None:
        """Let go of the folder, without leaving anything outside of it."""
        if self._lock:
            if not self.sockets.is_relative_to(self.path):
                shutil.rmtree(self.sockets, ignore_errors=True)
            self._write_lock({})
            self._lock.close()
            self._lock = None

    def holder(self) -> dict[str, object]:
        """What the process that has the folder says about itself."""
        try:
            facts = json.loads((self.path / "lock").read_text())
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    def _write_lock(self, facts: dict[str, object]) -> None:
        if self._lock:
            self._lock.seek(0)
            self._lock.truncate()
            json.dump(facts, self._lock)
            self._lock.flush()

    @contextmanager
    def guest(self) -> Iterator[bool]:
        """Stay with the servers of another process: while inside, `wait_for_guests` of that process waits for us."""
        with (self.path / "guests").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def wait_for_guests(self) -> None:
        with (self.path / "guests").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self.announce(ready=False)


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def entered_by_anyone(path: Path) -> bool:
    """Whether any account may walk down to this path."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
