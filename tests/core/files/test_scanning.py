"""Quarantine: released only by a clear "clean", asked again while the scanner is away, refused with a letter."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import files, jobs, outbox
from core.files import store
from core.models import LedgerEntry, Mail, Notification, OutboxMessage, StoredFile
from tests.core.files import samples
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def scanner(settings):
    with samples.scanner() as settings.CLAMD_ADDRESS:
        yield


def given(now, name="extract.pdf", content=None):
    upload = SimpleUploadedFile(name, samples.pdf() if content is None else content)
    return files.accept_upload(upload, by=person("uploader"), now=now)


def after_delivery(stored, now):
    outbox.drain(now)
    stored.refresh_from_db()
    return stored


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.txt"])
def test_a_clean_file_is_released(scanner, now, name):
    content = {"a.pdf": None, "a.docx": samples.office(), "a.txt": b"plain words"}[name]
    stored = after_delivery(given(now, name, content), now)
    assert (stored.status, stored.refusal) == ("CLEAN", "")
    entry = LedgerEntry.objects.last()
    assert (entry.actor, entry.action) == ("system:scanner", "release_file")
    assert entry.detail == f'{{"sha256": "{stored.sha256}"}}'


def test_a_picture_is_written_anew_before_it_is_released(scanner, now):
    stored = given(now, "photo.jpg", samples.picture("JPEG") + b"glued behind")
    uploaded = stored.sha256
    after_delivery(stored, now)
    content = store.path_of(stored).read_bytes()
    assert b"glued" not in content
    assert (stored.status, stored.size_bytes) == ("CLEAN", len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest() != uploaded
    assert [path.name for path in store.path_of(stored).parent.iterdir()] == [stored.pk.hex]


def test_a_virus_is_refused_and_its_sender_told(scanner, now):
    stored = after_delivery(given(now, "note.txt", b"before " + samples.SIGNATURE), now)
    assert (stored.status, stored.refusal) == ("REFUSED", "VIRUS")
    assert LedgerEntry.objects.last().detail == '{"refusal": "VIRUS", "signature": "Portal.Test.Signature"}'
    told = Notification.objects.get()
    assert (told.recipient, told.subject) == (person("uploader"), "Your file “note.txt” was refused")
    assert told.body.startswith("The virus scanner found something in the file. Check your computer")
    assert Mail.objects.get().to_address == "uploader@example.com"


@pytest.mark.parametrize(
    ("name", "sample", "refusal"),
    [
        ("a.pdf", samples.HOSTILE_PDFS["script on opening"], "SCRIPT"),
        ("a.docx", samples.HOSTILE_OFFICE["macro"][1:], "MACROS"),
        ("a.docx", samples.HOSTILE_OFFICE["bomb"][1:], "TOO_MUCH"),
        ("a.docx", samples.HOSTILE_OFFICE["slip"][1:], "PATHS"),
    ],
)
def test_what_the_scanner_calls_clean_is_still_looked_into(scanner, now, name, sample, refusal):
    stored = after_delivery(given(now, name, sample[0]), now)
    assert (stored.status, stored.refusal) == ("REFUSED", refusal)


def test_a_hostile_file_is_refused_without_a_scanner_too(settings, now):
    settings.CLAMD_ADDRESS = ""
    stored = after_delivery(given(now, "a.pdf", samples.HOSTILE_PDFS["attached file"][0]), now)
    assert (stored.status, stored.refusal) == ("REFUSED", "ATTACHED")


@pytest.mark.parametrize("answer", [b"", b"stream: Can't allocate memory ERROR\0"])
def test_without_a_clear_answer_it_stays_in_quarantine(settings, now, answer):
    with samples.scanner(answer) as settings.CLAMD_ADDRESS:
        stored = after_delivery(given(now, "photo.png", samples.picture()), now)
    assert stored.status == "QUARANTINED"
    assert [path.name for path in store.path_of(stored).parent.iterdir()] == [stored.pk.hex]


def sweep(now):
    jobs.ask_for("core.scan_quarantine", now, now=now)
    outbox.drain(now)


def test_the_sweep_asks_again_once_the_scanner_is_back(settings, now):
    settings.CLAMD_ADDRESS = ""
    stored = after_delivery(given(now), now)
    sweep(now)
    assert OutboxMessage.objects.filter(topic="core.file_waiting").count() == 1
    with samples.scanner() as settings.CLAMD_ADDRESS:
        sweep(now.replace(minute=1))
    stored.refresh_from_db()
    assert stored.status == "CLEAN"


def test_the_sweep_leaves_alone_what_was_decided(scanner, now):
    after_delivery(given(now), now)
    sweep(now)
    assert OutboxMessage.objects.filter(topic="core.file_waiting").count() == 1


def test_rung_twice_it_is_decided_once(scanner, now):
    stored = given(now)
    outbox.publish("core.file_waiting", key=f"{stored.pk}:again", payload={"file": str(stored.pk)}, now=now)
    after_delivery(stored, now)
    assert LedgerEntry.objects.filter(action="release_file").count() == 1
    assert StoredFile.objects.get().version == 2
