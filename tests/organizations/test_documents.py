"""Evidence: who may add a file, who may open it, and that nobody does before it was called clean."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.files import accept_upload, scanning
from core.models import StoredFile
from organizations import actions
from organizations.models import Document
from organizations.selectors import documents_of
from tests.browsers import signed_in
from tests.factories.accounts import person
from tests.organizations.conftest import CAST

pytestmark = pytest.mark.django_db

MAY_OPEN = {"administrator", "signer", "editor", "viewer", "officer", "manager"}


@pytest.fixture
def document(organization, now) -> Document:
    upload = SimpleUploadedFile("Extract ü.txt", b"An extract.")
    return actions.add_document(organization, by=person("founder"), now=now, upload=upload, kind="REGISTRATION")


@pytest.fixture
def founder():
    return signed_in(person("founder"))


def clean(document: Document, now) -> None:
    scanning.release(document.file, None, now=now)


def download(document: Document) -> str:
    return reverse("document_download", args=[document.file_id])


def status_of(answer) -> int:
    """Reading a file to its end closes it."""
    if answer.streaming:
        assert b"".join(answer.streaming_content) == b"An extract."
    return answer.status_code


def test_members_and_those_who_vet_open_it_and_nobody_else(document, cast, now):
    clean(document, now)
    people = [who for who in CAST if who not in ("job", "closed")]
    found = {who: status_of(signed_in(cast[who]).get(download(document))) for who in people}
    assert found == {who: 200 if who in MAY_OPEN else 404 for who in people}


def test_it_comes_as_an_attachment_that_runs_nothing(document, founder, now):
    clean(document, now)
    answer = founder.get(download(document))
    assert b"".join(answer.streaming_content) == b"An extract."
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_nobody_opens_it_in_quarantine_or_refused(document, cast, now):
    for state in ("QUARANTINED", "REFUSED"):
        if state == "REFUSED":
            scanning.refuse(document.file, "VIRUS", now=now)
        assert document.file.status == state
        for who in ("administrator", "officer"):
            assert signed_in(cast[who]).get(download(document)).status_code == 404


def test_a_visitor_signs_in_first_and_an_unknown_file_is_not_found(document, founder, client, now):
    clean(document, now)
    assert client.get(download(document)).url == f"/accounts/login/?next={download(document)}"
    assert founder.get(reverse("document_download", args=[uuid.uuid4()])).status_code == 404
    assert founder.post(download(document)).status_code == 405


def test_a_file_that_is_no_document_is_nobodys(founder, now):
    stored = accept_upload(SimpleUploadedFile("a.txt", b"a"), by=person("founder"), now=now)
    scanning.release(stored, None, now=now)
    assert founder.get(reverse("document_download", args=[stored.pk])).status_code == 404


def test_the_page_tells_the_state_and_links_only_what_can_be_opened(organization, document, founder, now):
    path = reverse("organization_detail", args=[organization.pk])
    assert (download(document) in founder.get(path).text, "Waiting for the virus scan" in founder.get(path).text) == (
        False,
        True,
    )
    clean(document, now)
    assert f'href="{download(document)}"' in founder.get(path).text
    other = actions.add_document(
        organization, by=person("founder"), now=now, upload=SimpleUploadedFile("b.txt", b"b"), kind="OTHER"
    )
    scanning.refuse(other.file, "VIRUS", now=now)
    text = founder.get(path).text
    assert (download(other) in text, other.file.refusal_text in text) == (False, True)
    assert list(documents_of(organization)) == [other, document]


def test_an_upload_is_stored_once_however_often_it_is_sent(organization, founder):
    path, key = reverse("document_add", args=[organization.pk]), str(uuid.uuid4())
    assert 'enctype="multipart/form-data"' in founder.get(path).text

    def send():
        upload = SimpleUploadedFile("extract.txt", b"An extract.")
        return founder.post(path, {"kind": "OTHER", "upload": upload, "submission_key": key}, follow=True)

    first, second = send(), send()
    assert [str(message) for message in first.context["messages"]] == [
        "The file is stored. It can be opened once it is scanned."
    ]
    assert first.redirect_chain == second.redirect_chain
    assert Document.objects.count() == StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"), [("run.exe", b"MZ"), ("extract.pdf", b"no PDF"), ("a.png", b"<script>"), ("noextension", b"x")]
)
def test_what_is_refused_at_the_door_is_told_on_the_form(organization, founder, name, content):
    answer = founder.post(
        reverse("document_add", args=[organization.pk]), {"kind": "OTHER", "upload": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert len(answer.context["form"].non_field_errors()) == 1
    assert Document.objects.count() == StoredFile.objects.count() == 0


def test_nothing_sent_is_told(organization, founder):
    answer = founder.post(reverse("document_add", args=[organization.pk]))
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["kind", "upload"])
