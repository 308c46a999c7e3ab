"""The data folder of an embedded run: databases, mail, uploads, logs and the sockets."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aiexports.embedded.errors import EmbeddedError

LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes


class DataFolder:
    """Where one embedded run keeps everything. Raises EmbeddedError when the folder cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
        except OSError as error:
            raise EmbeddedError(f"Cannot write {self.path} ({error.strerror}): choose another with PORTAL_DATA.") from None
        owner = self.path.stat().st_uid
        if owner != os.geteuid():
            raise EmbeddedError(
                f"{self.path} belongs to user {owner}, not to you ({os.geteuid()}): "
                "run as that user, or choose another folder with PORTAL_DATA."
            )
        if not os.access(self.path, os.W_OK):
            raise EmbeddedError(f"Cannot write {self.path}: mend its permissions, or choose another with PORTAL_DATA.")

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def sockets(self) -> Path:
        """The folder of the sockets, mode 0700; under the temporary folder when the data folder's path is too long."""
        folder = self.path / "run"
        if len(str(folder / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET_PATH:
            digest = hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f"aiexports-{os.geteuid()}-{digest}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{folder} belongs to somebody else: remove it, or set TMPDIR.")
        folder.chmod(0o700)
        return folder

    @contextlib.contextmanager
    def lock(self, name: str, *, shared: bool = False, wait: bool = False) -> Iterator[bool]:
        """Hold `<name>.lock`; yields whether it was to be had. The kernel lets go when the process ends."""
        with (self.path / f"{name}.lock").open("w") as handle:
            mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            try:
                fcntl.flock(handle, mode if wait else mode | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
