"""Runs `inspection.py` as a program of its own: no database, no secrets in its environment, little memory and time."""

import subprocess
import sys
import tempfile
from pathlib import Path

from core.states import FileRefusal

PROGRAM = Path(__file__).with_name("inspection.py")
WALL_SECONDS = 60


def inspect(kind: str, content: Path) -> tuple[str, Path | None]:
    """The refusal ("" for none), and the picture written anew, which the caller has to move or remove.

    A file that makes a parser crash, or run out of memory or time, is refused as one that unpacks to too much.
    """
    with tempfile.NamedTemporaryFile(dir=content.parent, prefix=".cleaned-", delete=False) as cleaned:
        path = Path(cleaned.name)
    try:
        refusal = _run(kind, content, path)
    except BaseException:
        path.unlink()
        raise
    if refusal or not path.stat().st_size:
        path.unlink()
        return refusal, None
    return "", path


def _run(kind: str, content: Path, cleaned: Path) -> str:
    command = [sys.executable, "-I", str(PROGRAM), kind, str(content), str(cleaned)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env={}, cwd="/", timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        return FileRefusal.TOO_MUCH
    if done.returncode == 0:
        return FileRefusal(done.stdout).value if done.stdout else ""
    if done.returncode < 0 or "MemoryError" in done.stderr:
        return FileRefusal.TOO_MUCH
    raise RuntimeError(f"The inspection program failed: {done.stderr[-1000:]}")
