"""Honest and hostile files, made here; and a scanner that speaks clamd's protocol."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

SIGNATURE = b"A-TEST-SIGNATURE-OF-OUR-OWN"  # stands for a virus, as EICAR's line does

# --- PDF ---


def pdf(change: Callable[[pikepdf.Pdf], object] | None = None, **saving: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    written = io.BytesIO()
    document.save(written, **saving)
    return written.getvalue()


def _set(where: str, value: object) -> Callable[[pikepdf.Pdf], object]:
    return lambda document: document.Root.__setitem__(where, value)


def _script() -> pikepdf.Object:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _on_page(document: pikepdf.Pdf) -> None:
    document.pages[0].obj["/AA"] = Dictionary(O=_script())


def _unreferenced(document: pikepdf.Pdf) -> None:
    document.make_indirect(_script())
    document.Root["/Kept"] = document.make_indirect(Array([Dictionary(Deep=Array([_script()]))]))


def _attached(document: pikepdf.Pdf) -> None:
    document.attachments["payload.exe"] = b"MZ"


def _launching_link(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    document.pages[0].obj["/Annots"] = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


HOSTILE_PDFS = {
    "script on opening": (pdf(_set("/OpenAction", _script())), "SCRIPT"),
    "script in compressed objects": (
        pdf(_set("/OpenAction", _script()), object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "SCRIPT",
    ),
    "script on a page": (pdf(_on_page), "SCRIPT"),
    "script deep inside": (pdf(_unreferenced), "SCRIPT"),
    "script by name": (pdf(_set("/Names", Dictionary(JavaScript=Dictionary()))), "SCRIPT"),
    "launch on opening": (pdf(_set("/OpenAction", Dictionary(S=Name.Launch))), "SCRIPT"),
    "unknown act on opening": (pdf(_set("/OpenAction", Dictionary(S=Name.Surprise))), "SCRIPT"),
    "opening act of no kind": (pdf(_set("/OpenAction", Dictionary())), "SCRIPT"),
    "launching link": (pdf(_launching_link), "SCRIPT"),
    "XFA form": (pdf(_set("/AcroForm", Dictionary(XFA=Array()))), "SCRIPT"),
    "attached file": (pdf(_attached), "ATTACHED"),
    "password": (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "LOCKED"),
    "cut": (pdf()[:200], "HIDDEN"),
    "an archive behind it": (pdf() + b"\0" * 2000 + b"PK\x05\x06", "HIDDEN"),
    "no PDF but for its ends": (b"%PDF-1.7\n" + b"x" * 500 + b"%%EOF", "DAMAGED"),
}
HONEST_PDFS = {
    "plain": pdf(),
    "opens at a page": pdf(lambda document: _set("/OpenAction", Array([document.pages[0].obj, Name.Fit]))(document)),
    "goes to a page": pdf(_set("/OpenAction", Dictionary(S=Name.GoTo, D=String("start")))),
    "links to a site": pdf(_set("/Kept", Dictionary(S=Name.URI, URI=String("https://example.com")))),
}

# --- Word, Excel, PowerPoint ---

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default ContentType="{}"/></Types>'
)
RELATIONS = '<Relationships xmlns="r"><Relationship Id="1" {}/></Relationships>'
LINK = 'Type="http://x/hyperlink" Target="https://example.com" TargetMode="External"'
TEMPLATE = 'Type="http://x/attachedTemplate" Target="https://evil.example/a>b.dotm" TargetMode="Extern&#97;l"'


def office(kind: str = "docx", more: dict[str, str | bytes] | None = None, **options: object) -> bytes:
    """A document with `more` parts; options: types (content type), comment, without_main."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(options.get("types", "application/xml")))
        if not options.get("without_main"):
            archive.writestr(MAIN[kind], "<w/>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
        archive.comment = options.get("comment", b"")
    return written.getvalue()


def _link_in_archive() -> bytes:
    entry = zipfile.ZipInfo("word/link")
    entry.external_attr = 0o120777 << 16
    return office(more={entry: "/etc/passwd"})


def _lying(content: bytes) -> bytes:
    """The directory says that a part is smaller than it is."""
    return content.replace(struct.pack("<I", 5000), struct.pack("<I", 50))


def _locked() -> bytes:
    content = bytearray(office())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1
    return bytes(content)


HOSTILE_OFFICE = {
    "macro": ("docx", office(more={"word/vbaProject.bin": b"x"}), "MACROS"),
    "macro sheet": ("xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}), "MACROS"),
    "macro type": ("docx", office(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "MACROS"),
    "macro relation": ("docx", office(more={"_rels/.rels": RELATIONS.format('Type="http://x/vbaProject"')}), "MACROS"),
    "program": ("docx", office(more={"word/media/run.exe": b"MZ"}), "MACROS"),
    "embedded object": ("docx", office(more={"word/embeddings/oleObject1.bin": b"x"}), "MACROS"),
    "macro in an embedded book": (
        "docx",
        office(more={"word/embeddings/book.xlsx": office("xlsx", {"xl/vbaProject.bin": b"x"})}),
        "MACROS",
    ),
    "template from outside": (
        "docx",
        office(more={"word/_rels/settings.xml.rels": RELATIONS.format(TEMPLATE)}),
        "OUTSIDE",
    ),
    "slip": ("docx", office(more={"../../etc/cron.d/x": "x"}), "PATHS"),
    "absolute slip": ("docx", office(more={"/etc/passwd": "x"}), "PATHS"),
    "symbolic link": ("docx", _link_in_archive(), "PATHS"),
    "same name in other case": ("docx", office(more={"word/Document.xml": "x"}), "PATHS"),
    "bomb": ("docx", office(more={"word/media/zeros": b"\0" * 20_000_000}), "TOO_MUCH"),
    "too many parts": ("docx", office(more={f"word/{number}": "" for number in range(5001)}), "TOO_MUCH"),
    "lying directory": ("docx", _lying(office(more={"word/long": b"ab" * 2500})), "DAMAGED"),
    "entities": ("docx", office(more={"_rels/.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "DAMAGED"),
    "UTF-16 relations": ("docx", office(more={"_rels/.rels": RELATIONS.format(TEMPLATE).encode("utf-16")}), "DAMAGED"),
    "no XML": ("docx", office(more={"_rels/.rels": "<a"}), "DAMAGED"),
    "cut": ("docx", office()[:-30], "DAMAGED"),
    "password": ("docx", _locked(), "LOCKED"),
    "plain archive": ("docx", office(without_main=True), "CONTENT"),
    "another kind": ("pptx", office("docx"), "CONTENT"),
    "comment": ("docx", office(comment=b"MZ hidden"), "HIDDEN"),
    "glued before": ("docx", b"PK\x03\x04 not the first entry" + office(), "HIDDEN"),
}
HONEST_OFFICE = {
    "docx": ("docx", office()),
    "xlsx": ("xlsx", office("xlsx")),
    "pptx with a chart": ("pptx", office("pptx", {"ppt/embeddings/chart.xlsx": office("xlsx")})),
    "docx with a link": ("docx", office(more={"word/_rels/document.xml.rels": RELATIONS.format(LINK)})),
    "docx with a long repeated text": ("docx", office(more={"word/notes.xml": "<a>" + "na " * 300_000 + "</a>"})),
}

# --- pictures ---


def picture(form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (8, 4), **saving: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, form, **saving)
    return written.getvalue()


# --- the scanner ---


@contextmanager
def scanner(answer: bytes | None = None) -> Iterator[str]:
    """A clamd on loopback with one signature, ours; with `answer` it says that instead, with b"" it hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.sendall(_reply(connection, answer))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _reply(connection: socket.socket, answer: bytes | None) -> bytes:
    with connection.makefile("rb") as reader:
        command = b""
        while not command.endswith(b"\0"):
            command += reader.read(1)
        if command == b"zPING\0":
            return b"PONG\0" if answer is None else answer
        assert command == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", reader.read(4))[0]:
            content += reader.read(length)
    if answer is not None:
        return answer
    return b"stream: Portal.Test.Signature FOUND\0" if SIGNATURE in content else b"stream: OK\0"
