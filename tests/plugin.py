"""Embedded servers for the test run, up before pytest-django loads the settings (`-p tests.plugin` in pyproject.toml).

Each run has a throw-away data folder of its own, so runs in parallel do not meet; the servers end with this process,
however it ends. With `DATABASE_URL` and `REDIS_URL` set the tests use those servers (in a database named `test_…`).
With `-n` each worker has servers of its own, and the process that hands out the tests has none.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from aiexports.embedded.folder import DataFolder
from aiexports.embedded.servers import Servers, embedded_environment
from aiexports.embedded.trouble import Trouble

PREFIX = "portal-test-"
SERVER_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_EMBEDDED")
_running: list[Servers] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper, so that it comes before pytest-django's own hook of this name, which reads the settings."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        for name in SERVER_VARIABLES:  # inherited from the process that hands out
            os.environ.pop(name, None)
    elif early_config.known_args_namespace.numprocesses:
        if named := [name for name in SERVER_VARIABLES if name in os.environ]:
            raise pytest.UsageError(f"Run the tests in one process (-n 0) or without {' and '.join(named)}.")
        return (yield)
    _start_servers()
    return (yield)


def _start_servers() -> None:
    _remove_leftovers()
    folder = DataFolder(Path(tempfile.mkdtemp(prefix=PREFIX)).resolve())
    environment = embedded_environment(folder)
    try:
        folder.prepare()
        (folder.path / "static").mkdir()  # WhiteNoise warns when there is none
        folder.lock("pytest")
        _running.append(Servers(folder, durable=False))
        _running[0].start()
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from None
    # Also with outside servers: the tests show the demonstration, and keep their files in their own folder.
    os.environ.update({"PORTAL_EMBEDDED": "1", "PORTAL_DEMO": "1", "PORTAL_DATA": str(folder.path), **environment})
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's sync API runs a loop


def pytest_collection_finish() -> None:
    """Looking for garbage among what stays to the end took a twelfth of the time: it is done between modules alone."""
    gc.collect()
    gc.freeze()
    gc.disable()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    if nextitem is None or nextitem.path != item.path:
        gc.collect()


def pytest_unconfigure() -> None:
    while _running:
        servers = _running.pop()
        servers.stop()
        servers.folder.unlock()
        shutil.rmtree(servers.folder.path, ignore_errors=True)


def _remove_leftovers() -> None:
    """The folders of killed runs: ours, and no longer locked."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another run removes it too
            if path.stat().st_uid == os.geteuid() and (path / "lock").exists():
                folder = DataFolder(path)
                if folder.lock("removal"):
                    shutil.rmtree(path, ignore_errors=True)
                    folder.unlock()
