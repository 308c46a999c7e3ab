"""A mail server on loopback, as small as can be, that answers what a test wants it to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

OK = {"EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye"}


@dataclass
class MailServer:
    """`answers` by command ("." is the end of the text); "" resets the connection instead. `taken` holds the texts."""

    answers: dict[str, str]
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    taken: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream, suppress(OSError):
                self._talk(stream)

    def _talk(self, stream: BinaryIO) -> None:
        self._say(stream, self.answers.get("CONNECT", "220 here"))
        while line := stream.readline():
            command = line.split()[0].decode().upper().partition(":")[0]
            answer = (OK | self.answers).get(command, "250 ok")
            if not self._say(stream, answer):
                return
            if command == "DATA" and answer.startswith("354"):
                text = self._text(stream)
                if not self._say(stream, (OK | self.answers)["."]):
                    return
                self.taken.append(text)

    def _say(self, stream: BinaryIO, answer: str) -> bool:
        if answer:
            stream.write(answer.encode() + b"\r\n")
            stream.flush()
        return bool(answer)

    def _text(self, stream: BinaryIO) -> str:
        lines = []
        while (line := stream.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines).decode()


@contextmanager
def mail_server(**answers: str) -> Iterator[MailServer]:
    """Keyword arguments are commands in lower case; `end` is the end of the text."""
    server = MailServer({"." if name == "end" else name.upper(): answer for name, answer in answers.items()})
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join()
