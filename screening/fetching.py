"""Getting a file over HTTP, only when there is another one than before: the one place where the portal asks outside."""

import hashlib
import http.client
import ssl
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

CONNECT_SECONDS, WHOLE_SECONDS = 20.0, 240.0
MOST_BYTES, CHUNK = 400_000_000, 1 << 16
REDIRECTS = 3
TYPES = {"text/csv", "application/csv", "text/plain", "application/octet-stream", "binary/octet-stream"}
PACKED = {"application/gzip", "application/x-gzip"}


class FetchFailed(Exception):
    """The file did not come whole; the text says why."""


@dataclass(frozen=True)
class Validators:
    """What the server called the file the last time: it is asked whether it has another."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Fetched:
    """A file that came, at `path`; None when the server has no other than before."""

    path: Path | None
    validators: Validators


def fetch(address: str, known: Validators, folder: Path, *, seconds: float = WHOLE_SECONDS) -> Fetched:
    """Ask for the file, which must come whole within `seconds`. Raises FetchFailed; nothing is left in the folder then.

    It follows a redirect to the same server only: a list from anywhere else is not the government's.
    """
    until, here = time.monotonic() + seconds, address
    try:
        for _hop in range(REDIRECTS + 1):
            with closing(_connection(here, until)) as connection, closing(_asked(connection, here, known)) as answer:
                if answer.status not in (301, 302, 303, 307, 308):
                    return _taken(answer, known, folder, until)
                here = _redirected(here, answer.getheader("Location", ""))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchFailed(f"{type(error).__name__}: {error}") from error
    raise FetchFailed(f"More than {REDIRECTS} redirects.")


def keep(path: Path) -> Path:
    """Name a fetched file by its content, so that the next one does not take its place; returns the new path."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return path.replace(path.with_name(f"list-{digest[:16]}{''.join(path.suffixes)}"))


def _connection(address: str, until: float) -> http.client.HTTPConnection:
    parts, seconds = urlsplit(address), min(CONNECT_SECONDS, _left(until))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchFailed("The address is no http or https address.")
    if parts.scheme == "http":
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=context)


def _asked(connection: http.client.HTTPConnection, address: str, known: Validators) -> http.client.HTTPResponse:
    parts = urlsplit(address)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept": "text/csv", "Accept-Encoding": "identity", "User-Agent": "ai-exports-portal"}
    connection.request("GET", target, headers=headers | known.headers())
    return connection.getresponse()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise FetchFailed("It took too long.")
    return left


def _redirected(here: str, there: str) -> str:
    """The next address. Raises FetchFailed where it is another server's, or leaves https."""
    found = urljoin(here, there)
    if urlsplit(here)[:2] != urlsplit(found)[:2]:
        raise FetchFailed(f"The server sends us elsewhere, to {urlsplit(found).netloc or 'nowhere'}; we do not follow.")
    return found


def _taken(answer: http.client.HTTPResponse, known: Validators, folder: Path, until: float) -> Fetched:
    if answer.status == 304 and known.headers():
        return Fetched(None, known)
    if answer.status != 200:
        raise FetchFailed(f"The server answered {answer.status} {answer.reason}.")
    kind = answer.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in TYPES | PACKED:
        raise FetchFailed(f"The server sent {kind or 'a file of no type'} instead of a CSV file.")
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise FetchFailed("The server sent the file in an encoding that we did not ask for.")
    path = folder / ("fetched.csv.gz" if kind in PACKED else "fetched.csv")
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        _write(answer, part, until)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Fetched(path, Validators(_kept(answer, "ETag", 200), _kept(answer, "Last-Modified", 60)))


def _kept(answer: http.client.HTTPResponse, header: str, longest: int) -> str:
    """What the server calls the file; at more length than is stored nothing, so that the next time the file comes again."""
    value = answer.getheader(header, "")
    return value if len(value) <= longest else ""


def _write(answer: http.client.HTTPResponse, part: Path, until: float) -> None:
    announced, size = answer.getheader("Content-Length"), 0
    with part.open("wb") as stream:
        while block := answer.read1(CHUNK):
            _left(until)
            size += len(block)
            if size > MOST_BYTES:
                raise FetchFailed(f"The file is larger than {MOST_BYTES} bytes.")
            stream.write(block)
    if announced is not None and size != int(announced):
        raise FetchFailed(f"{size} bytes came instead of {announced}.")
    if announced is None and not answer.chunked:
        raise FetchFailed("The server did not say how long the file is, so that nobody can tell whether it came whole.")
