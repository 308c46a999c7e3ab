"""The door: names, sizes and the first bytes."""

import io

import pytest

from core.files import kinds
from tests.core.files import samples

HONEST = {
    "a.pdf": samples.pdf(),
    "a.docx": samples.office(),
    "a.xlsx": samples.office("xlsx"),
    "a.pptx": samples.office("pptx"),
    "a.png": samples.picture(),
    "a.jpg": samples.picture("JPEG"),
    "a.JPEG": samples.picture("JPEG"),
    "a.csv": "name,Größe\n".encode(),
    "a.txt": "слово".encode(),
}


def refusal(name, content, limit=1000_000):
    return kinds.refusal_of(name, io.BytesIO(content), size=len(content), limit=limit)


@pytest.mark.parametrize("name", HONEST)
def test_each_kind_of_the_list_comes_in(name):
    assert refusal(name, HONEST[name]) == ""


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.pptx", "a.png", "a.jpg"])
@pytest.mark.parametrize("content", [b" " + samples.pdf(), b"GIF89a" + samples.office(), b"MZ", b"<html>"])
def test_the_signature_stands_at_the_first_byte(name, content):
    assert refusal(name, content) == "CONTENT"


@pytest.mark.parametrize("content", [b"a\0b", b"\xff\xfea\0", b"caf\xe9", "cut é".encode()[:-1]])
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_text_is_utf_8_without_nul(name, content):
    assert refusal(name, content) == "CONTENT"


def test_a_letter_across_two_pieces_is_text():
    assert refusal("a.txt", b"a" + "é".encode() * 50_000) == ""


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.exe", "a", ".pdf", "a.svg", "a.html", "a.docm", "a.zip", "a.pdf "])
def test_what_is_not_on_the_list_stays_outside(name):
    assert refusal(name, samples.pdf()) == "TYPE"


def test_the_size_is_limited_and_nothing_is_no_file():
    assert refusal("a.txt", b"12345", limit=5) == ""
    assert refusal("a.txt", b"123456", limit=5) == "SIZE"
    assert refusal("a.txt", b"") == "EMPTY"


def test_the_stream_is_left_at_its_start():
    stream = io.BytesIO(samples.pdf())
    stream.read(5)
    kinds.refusal_of("a.pdf", stream, size=10, limit=100)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("extract.pdf", "extract.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\extract.pdf", "extract.pdf"),
        ("fdp.\u202egpj.exe", "fdp.gpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("الشركة.pdf", "الشركة.pdf"),
        ("", "file"),
        ("  ", "file"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("." + "x" * 300, "." + "x" * 254),
    ],
)
def test_a_name_is_kept_bare_and_visible(given, kept):
    assert kinds.clean_name(given) == kept
