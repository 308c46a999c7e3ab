"""Starts the embedded servers before Django reads its settings; a throw-away folder, without waiting for the disk."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

_exit = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    from aiexports.embedded import DataFolder, running

    os.environ["PORTAL_DEMO"] = "1"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's sync API runs a loop
    if "DATABASE_URL" in os.environ:
        return
    folder = _exit.enter_context(tempfile.TemporaryDirectory(prefix="portal-", ignore_cleanup_errors=True))
    _exit.enter_context(running(DataFolder(Path(folder)), durable=False))


def pytest_unconfigure() -> None:
    _exit.close()
