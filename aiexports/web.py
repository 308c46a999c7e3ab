"""Gunicorn's configuration (`gunicorn --config python:aiexports.web aiexports.wsgi:application`)."""

import os
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from aiexports import env
from aiexports.orphans import die_with_parent

bind = env.text("WEB_BIND", f"127.0.0.1:{env.number('PORT', 8000)}")
workers = env.number("WEB_WORKERS", 2)
worker_class = "gthread"
threads = env.number("WEB_THREADS", 4)
preload_app = True
timeout = 30
graceful_timeout = 8
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (heartbeats, as Gunicorn's manual says)
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """A worker ends with its master, also when that is killed."""
    die_with_parent(server.pid)


def child_exit(server: Any, worker: Any) -> None:
    """Gauges of a worker that is gone are forgotten; its counters still count."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
