"""Where uploads lie, how they come in, and how they are given out."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from core import outbox
from core.actions import begin
from core.errors import UnableTo
from core.files import kinds
from core.models import StoredFile
from core.states import FileRefusal, FileStatus

# Readable by the group: nginx serves them in a real installation, and may not change them.
FILE_MODE, FOLDER_MODE = 0o640, 0o750
# Whatever a file says, a browser that opens it runs nothing, loads nothing and shares no origin with the portal.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def path_of(stored: StoredFile) -> Path:
    return Path(settings.MEDIA_ROOT) / _relative_path(stored)


def _relative_path(stored: StoredFile) -> str:
    return f"{stored.pk.hex[:2]}/{stored.pk.hex}"


@transaction.atomic
def accept_upload(upload: Any, *, by: Any, now: datetime) -> StoredFile:
    """Store an upload in quarantine and ask for its scan. Raises UnableTo, saying how to fix it.

    Only the type, the size and the first look at the content are judged here; the inside is for the worker.
    """
    name = kinds.clean_name(upload.name)
    limit = settings.FILE_UPLOAD_MAX_BYTES
    if refusal := kinds.refusal_of(name, upload.file, size=upload.size, limit=limit):
        raise UnableTo(FileRefusal(refusal).label)
    kind = kinds.KINDS[kinds.kind_of(name).extension]  # type: ignore[union-attr]  # judged above
    stored = StoredFile(name=name, content_type=kind.content_type, uploaded_by=by)
    stored.size_bytes, stored.sha256 = _write(upload, path_of(stored))
    begin(stored, by=by, now=now, action="accept_upload", detail={"sha256": stored.sha256})
    ask_for_scan(stored, occasion="upload", now=now)
    return stored


def ask_for_scan(stored: StoredFile, *, occasion: str, now: datetime) -> None:
    outbox.publish("core.file_waiting", key=f"{stored.pk}:{occasion}", payload={"file": str(stored.pk)}, now=now)


def _write(upload: Any, path: Path) -> tuple[int, str]:
    """Copy the upload to its place; its size and SHA-256. A cut copy stays behind without a row, and is swept."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, FILE_MODE)) as target:
        for piece in upload.chunks():
            digest.update(piece)
            size += len(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()


def replace_content(stored: StoredFile, cleaned: Path) -> dict[str, object]:
    """Put the picture that was written anew in the upload's place; the fields that change with it."""
    cleaned.chmod(FILE_MODE)
    with cleaned.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    size = cleaned.stat().st_size
    cleaned.replace(path_of(stored))
    return {"size_bytes": size, "sha256": digest}


def download(stored: StoredFile) -> HttpResponseBase:
    """The file as an attachment, for a view whose selector let this person see it. Raises Http404 until it is clean."""
    path = path_of(stored)
    if stored.status != FileStatus.CLEAN or not path.is_file():
        raise Http404
    if settings.FILES_ACCEL_PREFIX:
        response: HttpResponseBase = HttpResponse(
            headers={"X-Accel-Redirect": settings.FILES_ACCEL_PREFIX + _relative_path(stored)}
        )
    else:
        response = FileResponse(path.open("rb"))
    response["Content-Type"] = stored.content_type
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    for header, value in HEADERS.items():
        response[header] = value
    return response


def sweep_leftovers(before: datetime) -> int:
    """Remove files older than `before` that no row names: of a transaction that was rolled back. Returns how many."""
    old = [path for path in _all_files() if path.stat().st_mtime < before.timestamp()]
    named = {path_of(StoredFile(pk=pk)) for pk in _known([path.name for path in old])}
    removed = 0
    for path in old:
        if path not in named:
            path.unlink()
            removed += 1
    return removed


def _all_files() -> Iterator[Path]:
    return (path for path in Path(settings.MEDIA_ROOT).glob("??/*") if path.is_file())


def _known(names: list[str]) -> list[uuid.UUID]:
    candidates = []
    for name in names:
        with suppress(ValueError):
            candidates.append(uuid.UUID(name))
    return list(StoredFile.objects.filter(pk__in=candidates).values_list("pk", flat=True))
