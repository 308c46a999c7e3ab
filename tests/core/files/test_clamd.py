"""Our client of clamd, against a stand-in that speaks its protocol, and against the real one where it is installed."""

import shutil
import socket
import subprocess

import pytest

from core.files import clamd
from tests.aiexports.processes import eventually
from tests.core.files.samples import SIGNATURE, scanner


@pytest.fixture
def content(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"harmless " * 50_000)
    return path


def test_a_file_without_a_signature_is_clean(content):
    with scanner() as address:
        assert clamd.scan(content, address) == ""


def test_what_is_found_is_named_wherever_it_stands(content):
    content.write_bytes(b"x" * (clamd.PIECE_BYTES - 5) + SIGNATURE + b"x" * 100)
    with scanner() as address:
        assert clamd.scan(content, address) == "Portal.Test.Signature"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: OK or so\0",
        b"OK\0",
        b"\xff\xfe\0",
    ],
)
def test_anything_but_a_clear_answer_is_not_clean(content, answer):
    with scanner(answer) as address, pytest.raises(clamd.CouldNotScan):
        clamd.scan(content, address)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize("address", ["", "127.0.0.1:{}", "unix:///nowhere/clamd.sock", "127.0.0.1:none", "nonsense"])
def test_an_absent_scanner_is_not_clean(content, address):
    with pytest.raises(clamd.CouldNotScan):
        clamd.scan(content, address.format(free_port()))
    assert clamd.answers(address.format(free_port())) is False


def test_a_scanner_that_says_nothing_is_given_up(content, monkeypatch):
    monkeypatch.setattr(clamd, "SCAN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(clamd.CouldNotScan, match=r"[Tt]ime"):
        clamd.scan(content, f"127.0.0.1:{listener.getsockname()[1]}")


def test_the_scanner_is_asked_whether_it_is_there():
    with scanner() as address:
        assert clamd.answers(address) is True
    with scanner(b"BUSY\0") as address:
        assert clamd.answers(address) is False


CONFIGURATION = """
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}
LogFile {folder}/clamd.log
Foreground yes
StreamMaxLength 1M
TemporaryDirectory {folder}
"""


@pytest.fixture
def real_scanner(tmp_path):
    """The real clamd with a signature file of our own: the real ones cannot be fetched everywhere."""
    program = shutil.which("clamd")
    if not program:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    (tmp_path / "own.ndb").write_text(f"Portal.Test.Signature:0:*:{SIGNATURE.hex()}\n")
    (tmp_path / "clamd.conf").write_text(CONFIGURATION.format(folder=tmp_path))
    process = subprocess.Popen([program, "-c", tmp_path / "clamd.conf"], stdout=subprocess.DEVNULL)
    address = f"unix://{tmp_path}/clamd.sock"
    try:
        assert eventually(lambda: clamd.answers(address), seconds=20)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def test_the_real_scanner_says_what_the_stand_in_says(real_scanner, content):
    with scanner() as stand_in:
        for text in (b"harmless", SIGNATURE + b" and more"):
            content.write_bytes(text)
            answers = {clamd.scan(content, address).removesuffix(".UNOFFICIAL") for address in (real_scanner, stand_in)}
            assert len(answers) == 1


def test_the_real_scanner_above_its_limit_is_not_clean(real_scanner, content):
    content.write_bytes(b"x" * 3_000_000)
    with pytest.raises(clamd.CouldNotScan):
        clamd.scan(content, real_scanner)
