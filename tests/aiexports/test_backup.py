"""Backup and restore, on the test database itself: what is lost must come back, and a damaged backup must not."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from aiexports.backup import back_up, verified_manifest
from aiexports.embedded import Trouble
from core.models import LedgerEntry, StoredFile
from tests.database import as_owner
from tests.factories.core import stored_file

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def files(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "kept" / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.MEDIA_ROOT / "one").write_bytes(b"a confidential plan")
    return settings.MEDIA_ROOT


def test_a_restored_backup_brings_back_rows_files_and_guards(files, tmp_path, now, capsys):
    kept = stored_file(now=now)
    call_command("backup", str(tmp_path / "copy"))
    lost = stored_file(now=now)
    (files / "one").write_bytes(b"overwritten")
    (files / "two").write_bytes(b"new")

    call_command("restore", str(tmp_path / "copy"), "--replace")

    assert list(StoredFile.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not LedgerEntry.objects.filter(subject_id=str(lost.pk)).exists()
    assert {path.name: path.read_bytes() for path in files.iterdir()} == {"one": b"a confidential plan"}
    with as_owner() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'core_ledgerentry'::regclass AND NOT tgisinternal"
        )
        assert {name for (name,) in cursor.fetchall()} == {"seal_entry", "no_change", "no_truncate"}
    stored_file(now=now)  # the running role still has its rights


def test_a_database_in_use_is_not_overwritten_unasked(files, tmp_path, now):
    back_up(tmp_path / "copy", now=now)
    with pytest.raises(Trouble, match=r"is not empty \(\d+ tables\).*--replace"):
        call_command("restore", str(tmp_path / "copy"))


def test_a_backup_wants_an_empty_folder_for_its_owner_alone(files, tmp_path, now):
    back_up(tmp_path / "copy", now=now)
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o700
    with pytest.raises(Trouble, match="is not empty"):
        back_up(tmp_path / "copy", now=now)
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="cannot be written"):
        back_up(tmp_path / "file" / "copy", now=now)


def _flip_a_byte(copy: Path) -> None:
    dump = copy / "database.dump"
    content = bytearray(dump.read_bytes())
    content[-1] ^= 1
    dump.write_bytes(content)


def _rewrite(copy: Path, **changes: object) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | changes))


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (_flip_a_byte, "damaged: database.dump"),
        (lambda copy: (copy / "files" / "one").unlink(), "damaged: files/one"),
        (lambda copy: (copy / "files" / "two").touch(), "damaged: files/two"),
        (lambda copy: (copy / "manifest.json").write_text("{"), "no readable manifest.json"),
        (lambda copy: _rewrite(copy, format=0), "another version"),
        (lambda copy: _rewrite(copy, running_role="somebody"), "those of role somebody"),
    ],
)
def test_a_damaged_backup_is_refused(files, tmp_path, now, damage, complaint):
    back_up(tmp_path / "copy", now=now)
    verified_manifest(tmp_path / "copy")
    damage(tmp_path / "copy")
    with pytest.raises(Trouble, match=complaint):
        call_command("restore", str(tmp_path / "copy"), "--replace")


def test_a_restore_that_fails_halfway_changes_nothing(files, tmp_path, now):
    """The backup's manifest is right and its dump is not: PostgreSQL refuses it inside the one transaction."""
    file = stored_file(now=now)
    back_up(tmp_path / "copy", now=now)
    with as_owner() as cursor:
        cursor.execute("CREATE SCHEMA other; CREATE VIEW other.files AS SELECT * FROM public.core_storedfile")
    connections.close_all()
    try:
        call_command("backup", str(tmp_path / "with_view"))
        with pytest.raises(Trouble, match="psql failed"):  # schema `other` exists already
            call_command("restore", str(tmp_path / "with_view"), "--replace")
    finally:
        with as_owner() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS other CASCADE")
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [file.pk]
    assert (files / "one").read_bytes() == b"a confidential plan"
