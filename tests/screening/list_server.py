"""A list's server on this machine, which answers as a web server does to who asks whether there is another file.

It keeps to RFC 9110: a strong ETag of the bytes, `If-None-Match` before `If-Modified-Since`, 304 without a body.
"""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class ListServer:
    """`trouble` is how the next answers go wrong, `named` what the file is called instead of its own tag and day; `asked`
    are the headers of every request."""

    body: bytes
    modified: datetime = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    content_type: str = "text/csv; charset=utf-8"
    trouble: str = ""
    elsewhere: str = ""
    named: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    def is_known(self, headers: dict[str, str]) -> bool:
        if named := headers.get("If-None-Match"):
            return self.etag in [tag.strip() for tag in named.split(",")]
        since = headers.get("If-Modified-Since")
        return bool(since) and self.modified <= parsedate_to_datetime(since)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    of: ListServer

    def do_GET(self) -> None:
        self.of.asked.append(dict(self.headers))
        self.close_connection = True
        known = self.of.is_known(dict(self.headers))
        answer = getattr(self, f"answer_{self.of.trouble}" if self.of.trouble else "answer_304" if known else "answer")
        answer()

    def head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def named(self) -> dict[str, str]:
        return self.of.named or {"ETag": self.of.etag, "Last_Modified": format_datetime(self.of.modified, usegmt=True)}

    def answer(self, **more: str) -> None:
        length = {"Content_Length": str(len(self.of.body)), "Content_Type": self.of.content_type}
        self.head(200, **self.named() | length | more)
        self.wfile.write(self.of.body)

    def answer_304(self) -> None:
        self.head(304, **self.named())

    def answer_500(self) -> None:
        self.head(500, Content_Length="0")

    def answer_404(self) -> None:
        self.head(404, Content_Length="0")

    def answer_html(self) -> None:
        self.head(200, Content_Type="text/html", Content_Length="15")
        self.wfile.write(b"<html>503</html"[:15])

    def answer_encoded(self) -> None:
        self.answer(Content_Encoding="gzip")

    def answer_truncated(self) -> None:
        self.head(200, Content_Type="text/csv", Content_Length=str(len(self.of.body)))
        self.wfile.write(self.of.body[:-1000])

    def answer_chunked(self) -> None:
        self.head(200, Content_Type="text/csv", Transfer_Encoding="chunked")
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.of.body), self.of.body))

    def answer_broken_chunk(self) -> None:
        self.head(200, Content_Type="text/csv", Transfer_Encoding="chunked")
        self.wfile.write(b"%x\r\n%s" % (len(self.of.body), self.of.body[:-1000]))

    def answer_unending(self) -> None:
        """Neither length nor chunks: whoever hears it cannot tell whether it came whole."""
        self.head(200, Content_Type="text/csv")
        self.wfile.write(self.of.body[:1000])

    def answer_slow(self) -> None:
        self.head(200, Content_Type="text/csv", Content_Length=str(len(self.of.body)))
        for byte in self.of.body[:100]:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def answer_silent(self) -> None:
        time.sleep(2)

    def answer_elsewhere(self) -> None:
        self.head(302, Location=self.of.elsewhere, Content_Length="0")

    def answer_moved(self) -> None:
        """To another path of this server, once."""
        if self.path == "/moved.csv":
            self.answer()
        else:
            self.head(307, Location="/moved.csv", Content_Length="0")

    def answer_circle(self) -> None:
        self.head(302, Location="/list.csv", Content_Length="0")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def serving(body: bytes) -> Iterator[ListServer]:
    listed = ListServer(body)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"of": listed}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked went away
    listed.address = f"http://127.0.0.1:{server.server_port}/list.csv"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield listed
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
