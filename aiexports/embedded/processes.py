"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20.0


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when its parent is gone. Linux only; elsewhere a clean stop must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    death_signal: int = signal.SIGKILL,
    before: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session (so that Ctrl-C reaches the supervisor alone), its output appended to `log`."""
    parent = os.getpid()

    def prepare() -> None:
        if before:
            before()
        die_with_parent(death_signal)
        if before is None and os.getppid() != parent:  # it died before we asked; inside a namespace pids cannot tell
            os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=prepare,
        )


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, seconds: float = STOP_SECONDS) -> None:
    """Signal a child, wait, and kill its whole session if it does not go."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
