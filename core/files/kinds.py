"""What may be uploaded, and the cheap look at it that a request can afford.

Pure: a name and the content's stream in, a `FileRefusal` (or "") out. The thorough look is `inspection.py`, which only the
worker runs, under limits.
"""

import codecs
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from core.states import FileRefusal

NAME_LENGTH = 255
_OFFICE = "application/vnd.openxmlformats-officedocument."


def _starts_with(*signatures: bytes) -> Callable[[BinaryIO], bool]:
    def check(stream: BinaryIO) -> bool:
        return stream.read(16).startswith(signatures)

    return check


def _is_text(stream: BinaryIO) -> bool:
    """UTF-8 without NUL, read in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := stream.read(1 << 16):
            if b"\0" in piece:
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class Kind:
    """One entry of the allow-list; the extension decides which, and the content has to agree."""

    extension: str
    content_type: str
    looks_right: Callable[[BinaryIO], bool]


# A ZIP that starts with anything but an entry is somebody else's file with an archive glued behind it.
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "application/pdf", _starts_with(b"%PDF-")),
        Kind("docx", f"{_OFFICE}wordprocessingml.document", _starts_with(b"PK\x03\x04")),
        Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", _starts_with(b"PK\x03\x04")),
        Kind("pptx", f"{_OFFICE}presentationml.presentation", _starts_with(b"PK\x03\x04")),
        Kind("png", "image/png", _starts_with(b"\x89PNG\r\n\x1a\n")),
        Kind("jpg", "image/jpeg", _starts_with(b"\xff\xd8\xff")),
        Kind("csv", "text/csv; charset=utf-8", _is_text),
        Kind("txt", "text/plain; charset=utf-8", _is_text),
    )
}
ALIASES = {"jpeg": "jpg"}


def kind_of(name: str) -> Kind | None:
    """By the last extension alone; None when it is not on the list."""
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    return KINDS.get(ALIASES.get(extension, extension))


def clean_name(name: str) -> str:
    """The bare name without characters that do not show, such as the one that makes `exe.pdf` of `fdp.exe`.

    A long one is cut before its extension.
    """
    shown = "".join(letter for letter in name.replace("\\", "/") if unicodedata.category(letter)[0] != "C")
    bare = PurePosixPath(shown).name.strip() or "file"
    path = PurePosixPath(bare)
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix[:NAME_LENGTH]


def refusal_of(name: str, stream: BinaryIO, *, size: int, limit: int) -> str:
    """Why an upload is refused at the door; "" when it may come into quarantine. Leaves the stream at its start."""
    kind = kind_of(name)
    if kind is None:
        return FileRefusal.TYPE
    if size == 0:
        return FileRefusal.EMPTY
    if size > limit:
        return FileRefusal.SIZE
    stream.seek(0)
    looks_right = kind.looks_right(stream)
    stream.seek(0)
    return "" if looks_right else FileRefusal.CONTENT
