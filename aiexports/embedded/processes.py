"""Child processes that never outlive their parent, and that say where their log is."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aiexports.embedded.trouble import Trouble
from aiexports.orphans import die_with_parent, libc

LOG_LIMIT_BYTES = 5_000_000
PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True)
class Account:
    """Another account to run a child as (the launcher is root)."""

    uid: int
    gid: int
    keep_file_access: bool = False  # its files lie below folders that only root may enter

    def become(self) -> None:  # pragma: no cover (between fork and exec, where nothing can be measured)
        if self.keep_file_access:
            _prctl(PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        if self.keep_file_access:
            _keep_only_file_access()


def _prctl(option: int, first: int, second: int = 0) -> None:  # pragma: no cover (as become)
    if libc is None or libc.prctl(option, first, second, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _keep_only_file_access() -> None:  # pragma: no cover (as become)
    """Drop root's capabilities but the one to enter folders, and pass that on to the program that is started."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bit = 1 << CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; then the upper halves
    if libc is None or libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


@dataclass
class Child:
    """A running child process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int = signal.SIGTERM
    patience: float = 10.0  # seconds between asking it to stop and killing it

    @property
    def pid(self) -> int:
        return self.process.pid

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def how_it_ended(self) -> str:
        code = self.process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"

    def stop(self) -> None:
        """Ask, wait, then kill; its whole session in the end, so that nothing of it is left."""
        if not self.has_ended():
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        self.kill()

    def kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        """The most telling line at the end of its log."""
        lines = tail(self.log)
        telling = [
            line for line in lines if any(word in line for word in ("FATAL", "PANIC", "Error", "error", "Can't"))
        ]
        return (telling or lines or ["nothing in its log"])[-1].strip()


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    death_signal: int = signal.SIGKILL,
) -> Child:
    """Start a direct child in a session of its own (Ctrl-C reaches the launcher alone), its output going to `log`."""
    parent = os.getpid()

    def prepare() -> None:  # pragma: no cover (as become)
        if account:
            account.become()
        die_with_parent(parent, death_signal)

    try:
        with _open_log(log) as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=dict(env) if env is not None else None,
                start_new_session=True,
                preexec_fn=prepare,
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise Trouble(f"{name} could not be started ({error}); its program is {command[0]}.") from None
    return Child(name, process, log)


def _open_log(log: Path) -> BinaryIO:
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(log.suffix + ".1"))
    return log.open("ab")


def tail(log: Path, lines: int = 40) -> list[str]:
    """The last lines of a log that say something."""
    try:
        text = log.read_bytes()[-20_000:].decode(errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-lines:]


def wait_until(ready: Callable[[], bool], child: Child, *, seconds: float) -> None:
    """Wait for a child to be ready; Trouble when it ends first or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.has_ended():
            raise Trouble(f"{child.name} stopped while starting: {child.last_words()} — its log: {child.log}")
        if time.monotonic() > deadline:
            raise Trouble(
                f"{child.name} was not ready after {seconds:.0f} s: {child.last_words()} — its log: {child.log}"
            )
        time.sleep(0.02)


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder is this one: what a killed launcher may have left. None without /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if os.readlink(entry) == str(folder):
                found.append(int(entry.parent.name))
    return found


def clear_out(folder: Path, *, gentle: int, seconds: float = 10.0) -> None:
    """End whatever still works in this folder: asked first with the signal `gentle`, killed after `seconds`."""
    for kind in (gentle, signal.SIGKILL):
        deadline = time.monotonic() + seconds
        for pid in working_in(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, kind)
        while working_in(folder):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return
    raise Trouble(f"Processes {working_in(folder)} of an earlier run will not end; end them and start again.")
