import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.translation import gettext as _

from core.actions import begin
from core.actors import System
from core.errors import UnableTo
from core.models import StoredFile
from core.states import FileStatus


def path_of(stored: StoredFile) -> Path:
    return Path(settings.MEDIA_ROOT) / stored.pk.hex[:2] / stored.pk.hex


def accept_upload(upload: Any, *, by: Any, now: datetime) -> StoredFile:
    """Store an upload in quarantine. Raises UnableTo when it is too large."""
    if upload.size > settings.FILE_UPLOAD_MAX_BYTES:
        raise UnableTo(_("The file is larger than 25 MB. Make it smaller, or split it."))
    content = upload.read()
    stored = StoredFile(
        name=Path(upload.name).name[:255],
        content_type="application/octet-stream",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    path_of(stored).parent.mkdir(parents=True, exist_ok=True)
    path_of(stored).write_bytes(content)
    return begin(stored, by=System("files"), now=now, action="accept_upload")


def download(stored: StoredFile) -> HttpResponseBase:
    """The file as an attachment. Raises Http404 until it is clean."""
    if stored.status != FileStatus.CLEAN:
        raise Http404
    return FileResponse(path_of(stored).open("rb"), as_attachment=True, filename=stored.name)
