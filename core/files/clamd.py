"""A client of ClamAV's daemon: one file at a time over INSTREAM (see clamd(8))."""

import socket
import struct
from pathlib import Path

PIECE_BYTES = 1 << 16
CONNECT_SECONDS, SCAN_SECONDS = 3.0, 60.0


class CouldNotScan(Exception):
    """No clear answer of the scanner's. Never to be taken for "clean"."""


def scan(content: Path, address: str) -> str:
    """The name of what was found; "" when the scanner calls the file clean. Raises CouldNotScan."""
    answer = _ask(address, b"zINSTREAM\0", content)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise CouldNotScan(answer or "no answer")


def answers(address: str) -> bool:
    """Whether a scanner is there and ready."""
    try:
        return _ask(address, b"zPING\0") == "PONG"
    except CouldNotScan:
        return False


def _ask(address: str, command: bytes, content: Path | None = None) -> str:
    if not address:
        raise CouldNotScan("CLAMD_ADDRESS is not set")
    try:
        with _connect(address) as connection, connection.makefile("rb") as reader:
            connection.sendall(command)
            if content:
                _send(connection, content)
            return reader.read(4096).rstrip(b"\0").decode()
    except (OSError, ValueError) as error:
        raise CouldNotScan(f"{type(error).__name__}: {error}") from error


def _connect(address: str) -> socket.socket:
    if address.startswith("unix://"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SCAN_SECONDS)
        try:
            connection.connect(address.removeprefix("unix://"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    connection = socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS)
    connection.settimeout(SCAN_SECONDS)
    return connection


def _send(connection: socket.socket, content: Path) -> None:
    with content.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            connection.sendall(struct.pack("!I", len(piece)) + piece)
    connection.sendall(struct.pack("!I", 0))
