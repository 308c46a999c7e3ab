"""No process outlives its parent: what the kernel does for us when a parent is killed."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, death_signal: int = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when `parent` ends; end at once if it already has. Linux only.

    The kernel watches the parent's *thread* that forked, so fork from the main one. A fork and a change of user both
    reset the wish.
    """
    if libc is None:
        return
    libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
