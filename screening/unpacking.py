"""Opening a list's file, packed or not, without trusting how large it becomes."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

MOST_BYTES = 400_000_000  # the whole list of 2022 has 30 million


class Bounded(io.RawIOBase):
    """The bytes of a stream. Raises OSError where they are more than `most`."""

    def __init__(self, stream: gzip.GzipFile | io.BufferedReader, most: int) -> None:
        self.stream, self.most, self.size = stream, most, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self.stream.read(len(buffer))
        self.size += len(block)
        if self.size > self.most:
            raise OSError(f"it is larger than {self.most} bytes when it is unpacked")
        buffer[: len(block)] = block
        return len(block)


@contextmanager
def opened(path: Path, most: int = MOST_BYTES) -> Iterator[TextIO]:
    """The file's text. Reading it raises OSError past `most` bytes, where a few packed ones would fill the memory."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        yield io.TextIOWrapper(io.BufferedReader(Bounded(stream, most)), encoding="utf-8", newline="")
