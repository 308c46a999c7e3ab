"""Which Chromium the browser tests drive, and how it is started."""

import os
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
QUIET = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",  # a container's /dev/shm is small
]
HOW_TO_GET_ONE = (
    "no Chromium was found: run `make test`, which fetches one, or name one with CHROMIUM=/path/of/chromium"
)


def find() -> Path | None:
    """`CHROMIUM`, else the one that `.ci/browser` unpacked, else Debian's."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        return Path(found) if found else None
    candidates = [PROJECT / ".browser" / "chromium", Path("/usr/bin/chromium")]
    return next((path for path in candidates if os.access(path, os.X_OK)), None)


def arguments(program: Path) -> list[str]:
    """Chromium's sandbox cannot work as root, nor in the build that npm carries; the tests visit only our own pages."""
    unboxed = os.geteuid() == 0 or PROJECT in program.parents
    return [*QUIET, *(["--no-sandbox"] if unboxed else [])]


def must_be_found() -> bool:
    """In continuous integration a missing browser is a failure; on somebody's machine its tests are skipped."""
    return os.environ.get("CI") == "true"
