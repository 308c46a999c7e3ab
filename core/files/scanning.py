"""What the worker does with a file in quarantine: look inside, ask the virus scanner, release or refuse it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from core import letters, notifications, selectors
from core.actions import move
from core.actors import System
from core.files import clamd, kinds, sandbox, store
from core.models import StoredFile
from core.states import FileRefusal, FileStatus

SCANNER = System("scanner")
log = structlog.get_logger(__name__)


def scan(file_id: Any, *, now: datetime) -> None:
    """Release or refuse a file; it stays in quarantine when the scanner gives no clear answer (the sweep asks again)."""
    stored = StoredFile.objects.select_related("uploaded_by").get(pk=file_id)
    if stored.status != FileStatus.QUARANTINED:
        return
    refusal, cleaned = sandbox.inspect(_kind(stored), store.path_of(stored))
    if refusal:
        refuse(stored, refusal, now=now)
        return
    try:
        _ask_scanner(stored, cleaned, now=now)
    finally:
        if cleaned:
            cleaned.unlink(missing_ok=True)


def _ask_scanner(stored: StoredFile, cleaned: Path | None, *, now: datetime) -> None:
    try:
        found = clamd.scan(store.path_of(stored), settings.CLAMD_ADDRESS)
    except clamd.CouldNotScan as error:
        log.warning("file_not_scanned", file=str(stored.pk), error=str(error))
        return
    if found:
        refuse(stored, FileRefusal.VIRUS, now=now, detail={"signature": found[:200]})
    else:
        release(stored, cleaned, now=now)


def _kind(stored: StoredFile) -> str:
    return next(kind.extension for kind in kinds.KINDS.values() if kind.content_type == stored.content_type)


def release(stored: StoredFile, cleaned: Path | None, *, now: datetime) -> None:
    changes = store.replace_content(stored, cleaned) if cleaned else {}
    detail = {"sha256": changes.get("sha256", stored.sha256)}
    move(stored, "release_file", by=SCANNER, now=now, changes=changes, detail=detail)


@transaction.atomic
def refuse(stored: StoredFile, refusal: str, *, now: datetime, detail: dict[str, str] | None = None) -> None:
    """Refuse it and tell the person who uploaded it why and what to do."""
    detail = {"refusal": str(refusal), **(detail or {})}
    move(stored, "refuse_file", by=SCANNER, now=now, changes={"refusal": str(refusal)}, detail=detail)
    build = letters.file_refused(stored)
    notifications.notify([stored.uploaded_by], build, key=f"file_refused:{stored.pk}", now=now)


def ask_for_waiting(slot: str, *, now: datetime) -> int:
    """Ask for the scan of everything in quarantine, while a scanner is there; returns how many."""
    if not clamd.answers(settings.CLAMD_ADDRESS):
        return 0
    waiting = selectors.waiting_files()[:1000]
    for stored in waiting:
        store.ask_for_scan(stored, occasion=slot, now=now)
    return len(waiting)
