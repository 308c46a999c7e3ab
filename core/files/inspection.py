"""A thorough look at an upload's inside: run as a program of its own by `sandbox.py`, under limits of memory and time.

    python inspection.py KIND PATH CLEANED

prints the code of a `core.states.FileRefusal`, or "" when nothing is wrong; pictures are written anew to CLEANED. It knows
neither Django nor the database, so that a file which breaks a parser breaks nothing else.
"""

import re
import resource
import stat
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
WRITTEN_BYTES = 200 << 20

PIXELS = 40_000_000
ENTRIES = 5_000
UNPACKED_BYTES = 500 << 20
RATIO = 100
RATIO_FROM_BYTES = 1 << 20  # a small part of one repeated letter harms nobody
NESTING = 2


class Refused(Exception):
    """Carries the code of the refusal."""


def inspect(kind: str, path: Path, cleaned: Path) -> str:
    """The refusal's code or ""; pictures are decoded and written to `cleaned`, without anything that rode along."""
    try:
        if kind == "pdf":
            inspect_pdf(path)
        elif kind in MAIN_PARTS:
            with path.open("rb") as stream:
                inspect_office(stream, kind)
        elif kind in PICTURES:
            rewrite_picture(path, cleaned, PICTURES[kind])
    except Refused as refusal:
        return str(refusal)
    return ""


# --- PDF -------------------------------------------------------------------------------------------------------------

TAIL_BYTES = 1024  # how far from the end readers look for the end mark
QUIET_ACTIONS = {"/GoTo", "/URI", "/Named", "/Thread", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView"}
SCRIPTS = {"/JS", "/JavaScript", "/XFA"}
ATTACHMENTS = {"/EmbeddedFiles", "/EF", "/RichMediaContent", "/AF"}


def inspect_pdf(path: Path) -> None:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - TAIL_BYTES))
        if b"%%EOF" not in stream.read():
            raise Refused("HIDDEN")
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            for dictionary in _dictionaries(pdf):
                _inspect_dictionary(dictionary)
    except pikepdf.PasswordError:
        raise Refused("LOCKED") from None
    except (pikepdf.PdfError, RuntimeError, ValueError, OverflowError):
        raise Refused("DAMAGED") from None


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file: of each indirect object (those that nothing points to included) and inside them."""
    waiting: list[pikepdf.Object] = [pdf.trailer, *pdf.objects]
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            waiting += [item for item in found if _is_inside(item)]
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found
            waiting += [item for _key, item in found.items() if _is_inside(item)]


def _is_inside(found: object) -> bool:
    return isinstance(found, pikepdf.Array | pikepdf.Dictionary) and not found.is_indirect


def _inspect_dictionary(dictionary: pikepdf.Object) -> None:
    keys = set(dictionary.keys())
    if keys & SCRIPTS:
        raise Refused("SCRIPT")
    if keys & ATTACHMENTS:
        raise Refused("ATTACHED")
    opened = dictionary.get("/OpenAction")
    for action in (dictionary, opened):
        if isinstance(action, pikepdf.Dictionary) and _is_loud(action, forced=action is opened):
            raise Refused("SCRIPT")


def _is_loud(action: pikepdf.Object, *, forced: bool) -> bool:
    """Whether an action does more than lead the reader to a place. A dictionary's /S also names other things."""
    kind = action.get("/S")
    if not isinstance(kind, pikepdf.Name):
        return forced
    return str(kind) in LOUD_ACTIONS or (forced and str(kind) not in QUIET_ACTIONS)


LOUD_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/GoToE",
    "/GoToR",
    "/ImportData",
    "/SubmitForm",
    "/Rendition",
    "/RichMediaExecute",
}

# --- Word, Excel, PowerPoint -------------------------------------------------------------------------------------------

BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
    *(EOFError, NotImplementedError, ValueError, OverflowError, OSError, RuntimeError),
)
MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
CODE_PART = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|\.(exe|dll|scr|js|jse|vbs|wsf|bat|cmd|ps1|hta|lnk|jar)$"
)
CODE_TYPE = re.compile(r"macroenabled|vbaproject", re.IGNORECASE)


def inspect_office(stream: BinaryIO, kind: str, depth: int = 0) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _inspect_directory(archive, entries, kind)
            for entry in entries:
                _inspect_part(archive, entry, depth)
    except BROKEN_ARCHIVE:
        raise Refused("DAMAGED") from None


def _inspect_directory(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], kind: str) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
        raise Refused("TOO_MUCH")
    if any(entry.file_size > RATIO_FROM_BYTES and entry.file_size > RATIO * entry.compress_size for entry in entries):
        raise Refused("TOO_MUCH")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("LOCKED")
    if len({name.lower() for name in names}) != len(names) or any(_is_slippery(entry) for entry in entries):
        raise Refused("PATHS")
    if any(CODE_PART.search(name.lower()) for name in names):
        raise Refused("MACROS")
    if not {"[Content_Types].xml", MAIN_PARTS[kind]} <= set(names):
        raise Refused("CONTENT")
    if archive.comment or min(entry.header_offset for entry in entries) != 0:
        raise Refused("HIDDEN")


def _is_slippery(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    parts = name.split("/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or name.startswith("/") or ".." in parts or any(letter in name for letter in "\\:\0")


def _inspect_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
    """Unpack it, so that a directory which lies about sizes is found out; then look inside where code can hide."""
    name = entry.filename.lower()
    if name.endswith(".rels") or name == "[content_types].xml":
        _inspect_relations(archive.read(entry))
        return
    with archive.open(entry) as part:
        while part.read(1 << 20):
            pass
    if "/embeddings/" not in name or entry.is_dir():
        return
    kind = name.rpartition(".")[2]
    if kind not in MAIN_PARTS or depth == NESTING:
        raise Refused("MACROS")
    with archive.open(entry) as part:
        inspect_office(part, kind, depth + 1)  # type: ignore[arg-type]  # a seekable stream of bytes


def _inspect_relations(content: bytes) -> None:
    """Links may lead outside; templates, frames and objects may not: they load as soon as the file is opened."""
    text = content.decode()
    if "<!" in text.replace("<!--", ""):
        raise Refused("DAMAGED")  # a document type: no office program writes one
    for element in ElementTree.fromstring(text).iter():  # noqa: S314 (without a document type nothing expands)
        if CODE_TYPE.search(element.get("ContentType", "") + element.get("Type", "")):
            raise Refused("MACROS")
        leads_outside = element.get("TargetMode", "").strip().lower() == "external"
        if leads_outside and not element.get("Type", "").endswith("/hyperlink"):
            raise Refused("OUTSIDE")


# --- pictures ------------------------------------------------------------------------------------------------------------

PICTURES = {"png": "PNG", "jpg": "JPEG"}


def rewrite_picture(path: Path, cleaned: Path, form: str) -> None:
    """Decode and encode anew: comments, places where it was taken, and whatever was glued behind it stay here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our limit is below the one that Pillow warns of
        try:
            with Image.open(path, formats=[form]) as picture:
                if picture.width * picture.height > PIXELS:
                    raise Refused("PIXELS")
                upright = ImageOps.exif_transpose(picture)
                _plain(upright, form).save(cleaned, form, quality=90, optimize=False)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, zlib.error, Image.DecompressionBombError):
            raise Refused("DAMAGED") from None


def _plain(picture: Image.Image, form: str) -> Image.Image:
    """Only pixels: a new picture in a mode that every viewer knows, without the old one's fields."""
    has_alpha = form == "PNG" and (picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info)
    mode = "RGBA" if has_alpha else {"1": "L", "L": "L", "I;16": "I;16"}.get(picture.mode, "RGB")
    plain = picture.convert(mode)
    plain.info.clear()
    return plain


def main(kind: str, path: str, cleaned: str) -> None:  # pragma: no cover (limits this very process: see sandbox.py)
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    try:
        sys.stdout.write(inspect(kind, Path(path), Path(cleaned)))
    except (MemoryError, RecursionError):
        sys.stdout.write("TOO_MUCH")


if __name__ == "__main__":  # pragma: no cover
    main(*sys.argv[1:])
