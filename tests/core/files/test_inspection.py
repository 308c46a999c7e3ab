"""The thorough look: hostile files are refused for their reason, honest ones pass."""

import io

import pytest
from PIL import Image

from core.files import inspection, sandbox
from core.states import FileRefusal
from tests.core.files import samples


@pytest.fixture
def look(tmp_path):
    """The refusal of a file with this content; what it was written anew as lies in `cleaned`."""

    def inspect(kind, content):
        (tmp_path / "upload").write_bytes(content)
        return inspection.inspect(kind, tmp_path / "upload", tmp_path / "cleaned")

    inspect.cleaned = tmp_path / "cleaned"
    return inspect


@pytest.mark.parametrize("name", samples.HOSTILE_PDFS)
def test_a_hostile_pdf_is_refused(look, name):
    content, refusal = samples.HOSTILE_PDFS[name]
    assert look("pdf", content) == refusal


@pytest.mark.parametrize("name", samples.HONEST_PDFS)
def test_an_honest_pdf_passes(look, name):
    assert look("pdf", samples.HONEST_PDFS[name]) == ""


@pytest.mark.parametrize("name", samples.HOSTILE_OFFICE)
def test_a_hostile_document_is_refused(look, name):
    kind, content, refusal = samples.HOSTILE_OFFICE[name]
    assert look(kind, content) == refusal


@pytest.mark.parametrize("name", samples.HONEST_OFFICE)
def test_an_honest_document_passes(look, name):
    assert look(*samples.HONEST_OFFICE[name]) == ""


def test_documents_inside_documents_end_somewhere(look):
    content = samples.office()
    for _ in range(inspection.NESTING + 1):
        content = samples.office(more={"word/embeddings/inner.docx": content})
    assert look("docx", content) == "MACROS"


@pytest.mark.parametrize(
    ("form", "mode", "expected"),
    [
        ("PNG", "RGB", "RGB"),
        ("PNG", "RGBA", "RGBA"),
        ("PNG", "LA", "RGBA"),
        ("PNG", "1", "L"),
        ("PNG", "P", "RGB"),
        ("PNG", "I;16", "I;16"),
        ("JPEG", "L", "L"),
        ("JPEG", "CMYK", "RGB"),
    ],
)
def test_a_picture_is_written_anew_in_a_plain_mode(look, form, mode, expected):
    assert look({"PNG": "png", "JPEG": "jpg"}[form], samples.picture(form, mode)) == ""
    with Image.open(look.cleaned) as cleaned:
        assert (cleaned.format, cleaned.mode, cleaned.size) == (form, expected, (8, 4))


def test_nothing_rides_along_in_a_picture(look):
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"  # ImageDescription
    exif[0x0112] = 6  # Orientation: turned by a quarter
    content = samples.picture("JPEG", exif=exif, comment="a comment") + samples.office()
    assert look("jpg", content) == ""
    cleaned = look.cleaned.read_bytes()
    assert [part for part in (b"where it was taken", b"a comment", b"PK\x03\x04") if part in cleaned] == []
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.size == (4, 8)


@pytest.mark.parametrize(
    ("kind", "content", "refusal"),
    [
        ("png", samples.picture(mode="1", size=(8000, 5001)), "PIXELS"),
        ("png", samples.picture()[:40], "DAMAGED"),
        ("png", b"\x89PNG\r\n\x1a\n", "DAMAGED"),
        ("png", samples.picture("GIF"), "DAMAGED"),
        ("jpg", samples.picture("JPEG")[:200], "DAMAGED"),
    ],
)
def test_a_picture_that_is_none_is_refused(look, kind, content, refusal):
    assert look(kind, content) == refusal
    assert not look.cleaned.exists() or refusal


@pytest.mark.parametrize("kind", ["txt", "csv"])
def test_text_was_judged_at_the_door(look, kind):
    assert look(kind, b"anything") == ""


def test_every_reason_says_how_to_fix_it():
    assert {refusal for _content, refusal in samples.HOSTILE_PDFS.values()} <= set(FileRefusal.values)
    assert [label for label in FileRefusal.labels if str(label).count(".") < 2] == []


# --- as a program of its own ---


@pytest.fixture
def upload(tmp_path):
    def store(content):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return path

    return store


def test_the_program_answers_as_the_function(upload, tmp_path):
    assert sandbox.inspect("pdf", upload(samples.HOSTILE_PDFS["script on a page"][0])) == ("SCRIPT", None)
    assert sandbox.inspect("pdf", upload(samples.pdf())) == ("", None)
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_the_program_hands_over_the_picture_written_anew(upload):
    refusal, cleaned = sandbox.inspect("png", upload(samples.picture() + b"glued behind"))
    assert refusal == ""
    assert cleaned.read_bytes().startswith(b"\x89PNG")
    assert b"glued" not in cleaned.read_bytes()


@pytest.mark.parametrize(
    "program",
    [
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
        "import time; time.sleep(30)",
        "raise MemoryError",
        "import os; os.abort()",
    ],
)
def test_a_file_that_breaks_the_program_is_refused(upload, tmp_path_factory, monkeypatch, program):
    path = tmp_path_factory.mktemp("program") / "inspection.py"
    path.write_text(program)
    monkeypatch.setattr(sandbox, "PROGRAM", path)
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 3)
    kept = upload(b"x")
    assert sandbox.inspect("pdf", kept) == ("TOO_MUCH", None)
    assert [path.name for path in kept.parent.iterdir()] == ["upload"]


def test_a_defect_of_the_program_is_no_verdict(upload):
    with pytest.raises(RuntimeError, match="The inspection program failed"):
        sandbox.inspect("pdf", upload(b"x").with_name("nothing-here"))


def test_memory_is_limited(upload, tmp_path_factory, monkeypatch):
    """The positive control: the same program ends well when it asks for less."""
    path = tmp_path_factory.mktemp("program") / "inspection.py"
    monkeypatch.setattr(sandbox, "PROGRAM", path)
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({inspection.MEMORY_BYTES},) * 2); b'x' * "
    path.write_text(limit + str(inspection.MEMORY_BYTES * 2))
    assert sandbox.inspect("pdf", upload(b"x")) == ("TOO_MUCH", None)
    path.write_text(limit + "1000")
    assert sandbox.inspect("pdf", upload(b"x")) == ("", None)
