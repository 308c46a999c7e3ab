"""Coming in and being given out."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import translation

from core import files
from core.actions import move
from core.actors import System
from core.errors import UnableTo
from core.files import store
from core.models import LedgerEntry, OutboxMessage, StoredFile
from tests.core.files import samples
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
SCANNER = System("scanner")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def upload(name="extract.pdf", content=None):
    return SimpleUploadedFile(name, samples.pdf() if content is None else content, content_type="text/html")


def accepted(now, *arguments):
    return files.accept_upload(upload(*arguments), by=person("uploader"), now=now)


def test_an_upload_is_stored_in_quarantine_with_its_hash(now, folder):
    stored = accepted(now)
    content = store.path_of(stored).read_bytes()
    assert content.startswith(b"%PDF-")
    assert (stored.status, stored.name, stored.content_type) == ("QUARANTINED", "extract.pdf", "application/pdf")
    assert (stored.size_bytes, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    entry = LedgerEntry.objects.get()
    assert (entry.actor, entry.action, entry.detail) == (
        person("uploader").ledger_name,
        "accept_upload",
        f'{{"sha256": "{stored.sha256}"}}',
    )
    assert OutboxMessage.objects.get(topic="core.file_waiting").payload == {"file": str(stored.pk)}


def test_it_lies_under_a_name_of_ours_readable_by_owner_and_group(now, folder):
    stored = accepted(now, "../../evil.pdf")
    path = store.path_of(stored)
    assert path == folder / stored.pk.hex[:2] / stored.pk.hex
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o640, 0o750)
    assert stored.name == "evil.pdf"


def test_a_large_upload_that_lies_in_a_file_is_copied(now):
    large = TemporaryUploadedFile("list.csv", "text/csv", 200_000, None)
    large.write(b"0123456789" * 20_000)
    large.seek(0)
    stored = files.accept_upload(large, by=person("uploader"), now=now)
    assert (stored.size_bytes, store.path_of(stored).stat().st_size) == (200_000, 200_000)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ", "Files of this type are not accepted."),
        ("a.pdf", b"", "The file is empty."),
        ("a.pdf", b"<html>", "content is not what its name says"),
        ("a.txt", b"x" * 101, "larger than 25 MB. Make it smaller"),
    ],
)
def test_a_refusal_at_the_door_says_how_to_fix_it_and_keeps_nothing(now, settings, folder, name, content, words):
    settings.FILE_UPLOAD_MAX_BYTES = 100
    with pytest.raises(UnableTo, match=words):
        accepted(now, name, content)
    assert (StoredFile.objects.count(), folder.exists()) == (0, False)


def test_until_it_is_clean_it_is_not_there(now):
    stored = accepted(now)
    with pytest.raises(Http404):
        files.download(stored)
    move(stored, "refuse_file", by=SCANNER, now=now, changes={"refusal": "VIRUS"})
    with pytest.raises(Http404):
        files.download(stored)
    assert stored.refusal_text.startswith("The virus scanner found something")


def clean(now, *arguments):
    stored = accepted(now, *arguments)
    assert stored.refusal_text == ""
    return move(stored, "release_file", by=SCANNER, now=now)


def test_it_is_given_out_as_an_attachment_that_can_do_nothing(now):
    response = files.download(clean(now, "Auszug ärztlich.pdf"))
    assert response.getvalue().startswith(b"%PDF-")
    response.close()
    assert dict(response.items()) == {
        "Content-Type": "application/pdf",
        "Content-Length": response["Content-Length"],
        "Content-Disposition": "attachment; filename*=utf-8''Auszug%20%C3%A4rztlich.pdf",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def test_behind_nginx_it_is_handed_to_nginx(now, settings):
    settings.FILES_ACCEL_PREFIX = "/protected-files/"
    stored = clean(now)
    response = files.download(stored)
    assert response.content == b""
    assert response["X-Accel-Redirect"] == f"/protected-files/{stored.pk.hex[:2]}/{stored.pk.hex}"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="extract.pdf"'


def test_a_row_whose_file_is_gone_is_a_404(now):
    stored = clean(now)
    store.path_of(stored).unlink()
    with pytest.raises(Http404):
        files.download(stored)


def test_what_no_row_names_is_swept_after_a_while(now, folder):
    stored = accepted(now)
    with transaction.atomic():
        rolled_back = accepted(now)
        transaction.set_rollback(True)
    fresh = folder / "aa" / "fresh"
    for path in (folder / "aa" / ".cleaned-cut", folder / "aa" / "not-a-uuid", fresh):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path in folder.glob("??/*"):
        if path != fresh:
            os.utime(path, (now.timestamp() - 7200,) * 2)
    os.utime(fresh, (now.timestamp(),) * 2)
    assert store.sweep_leftovers(now - timedelta(hours=1)) == 3
    assert not store.path_of(rolled_back).exists()
    assert set(folder.glob("??/*")) == {store.path_of(stored), fresh}


def test_the_reasons_are_in_the_readers_language(now):
    with translation.override("en-us"):
        assert StoredFile(refusal="LOCKED").refusal_text.startswith("The file is protected by a password.")
