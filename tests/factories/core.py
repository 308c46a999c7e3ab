from datetime import datetime

from accounts.models import User
from core.actions import begin
from core.actors import System
from core.models import StoredFile
from tests.factories.accounts import person


def stored_file(*, now: datetime, by: User | None = None, name: str = "extract.pdf") -> StoredFile:
    file = StoredFile(
        name=name, content_type="application/pdf", size_bytes=9, sha256="0" * 64, uploaded_by=by or person("uploader")
    )
    return begin(file, by=System("test"), now=now, action="accept_upload")
