"""The data folder: what stops a start with one clear line, and who has the folder."""

import fcntl
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from aiexports.embedded import folder as folder_module
from aiexports.embedded.folder import DataFolder
from aiexports.embedded.trouble import Trouble

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    found = DataFolder(tmp_path / "data")
    found.prepare()
    return found


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "x" / ".." / "data"))
    assert DataFolder.from_environment().path == tmp_path / "data"
    monkeypatch.setenv("PORTAL_DATA", "")
    assert DataFolder.from_environment().path == folder_module.PROJECT / ".data"


def test_preparing_makes_the_folders_and_may_be_repeated(folder):
    folder.prepare()
    assert {path.name for path in folder.path.iterdir()} == {"logs", "run"}


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        Trouble, match=r"^The data folder .*/file/data cannot be written \(Not a directory\); .*PORTAL_DATA"
    ):
        DataFolder(tmp_path / "file" / "data").prepare()


@needs_root
def test_a_folder_of_another_account_is_refused(tmp_path):
    os.chown(tmp_path, 12345, 12345)
    with pytest.raises(
        Trouble, match="belongs to user 12345 and you are root; run this as user 12345, or choose another"
    ):
        DataFolder(tmp_path).prepare()


@pytest.mark.skipif(os.geteuid() == 0, reason="root's folder is no other's for root")
def test_a_folder_of_root_is_refused():
    with pytest.raises(Trouble, match="belongs to root and you are"):
        DataFolder(folder_module.PROJECT.parents[-1]).prepare()


def test_a_full_disk_is_told_before_anything_starts(monkeypatch, tmp_path):
    monkeypatch.setattr(folder_module, "ROOM_NEEDED", 10**18)
    with pytest.raises(Trouble, match=r"^Only \d+ MB are free .*: free some, or choose another folder"):
        DataFolder(tmp_path).prepare()


@pytest.mark.parametrize(
    ("name", "inside"), [("data", True), ("x" * 90, False), ("a folder", False), ("data%20", False), ("données", False)]
)
def test_sockets_lie_inside_unless_their_address_would_be_too_long_or_odd(name, inside):
    folder = DataFolder(Path("/srv", name))
    assert (folder.sockets == folder.path / "run") is inside
    assert len(os.fsencode(folder.sockets / "postgres" / ".s.PGSQL.5432")) <= 100


def test_two_folders_never_share_a_socket_folder():
    assert DataFolder(Path("/srv/a b")).sockets != DataFolder(Path("/srv/a c")).sockets


def test_a_socket_folder_that_somebody_laid_there_is_refused(tmp_path):
    folder = DataFolder(tmp_path / ("x" * 90))
    folder.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(Trouble, match="should be a folder of yours for sockets and is not; remove it"):
            folder.prepare()
    finally:
        folder.sockets.unlink()


def test_one_process_has_the_folder_and_says_what_it_does(folder):
    assert folder.lock("manage.py up")
    folder.announce(address="http://localhost:8000/")
    other = DataFolder(folder.path)
    assert not other.lock("manage.py shell")
    assert other.holder() == {"pid": os.getpid(), "doing": "manage.py up", "address": "http://localhost:8000/"}
    folder.unlock()
    assert other.lock("manage.py shell")
    other.unlock()
    assert other.holder() == {}


def test_nothing_outside_of_the_folder_outlives_its_lock(tmp_path):
    folder, waiting = (DataFolder(tmp_path / ("x" * 90)) for _ in range(2))
    folder.prepare()
    assert folder.lock("manage.py migrate")
    waiting.prepare()
    assert folder.sockets.is_dir()
    folder.unlock()
    assert not folder.sockets.exists()
    assert waiting.lock("manage.py up")
    assert waiting.sockets.is_dir()
    waiting.unlock()


def test_the_lock_of_a_killed_process_is_free(folder):
    script = """
        import os, signal, sys
        from pathlib import Path
        from aiexports.embedded.folder import DataFolder
        assert DataFolder(Path(sys.argv[1])).lock("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(folder.path)], cwd=folder_module.PROJECT)
    assert done.returncode == -9
    assert folder.holder()["doing"] == "killed"
    assert folder.lock("the next one")
    folder.unlock()


def test_an_unreadable_lock_says_nothing(folder):
    (folder.path / "lock").write_text('{"pid"')
    assert folder.holder() == {}
    (folder.path / "lock").write_text("[]")
    assert folder.holder() == {}


def test_guests_are_waited_for_and_come_no_more_afterwards(folder):
    folder.lock("manage.py migrate")
    folder.announce(ready=True)
    with DataFolder(folder.path).guest() as welcome:
        assert welcome
        with (folder.path / "guests").open("a") as probe, pytest.raises(BlockingIOError):
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    folder.wait_for_guests()
    assert folder.holder()["ready"] is False
    with (folder.path / "guests").open("a") as leaving:
        fcntl.flock(leaving, fcntl.LOCK_EX)
        with DataFolder(folder.path).guest() as welcome:
            assert not welcome
    folder.unlock()
