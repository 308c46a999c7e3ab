"""The style sheets: complete for what the templates use, unchanged from what was vendored, and small."""

import gzip
import hashlib
import re

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
STATIC = settings.BASE_DIR / "static"
VENDORED = STATIC / "vendor" / "uswds"
SHEETS = [VENDORED / "css" / "uswds.min.css", STATIC / "css" / "portal.css", STATIC / "css" / "workbench.css"]
# Names that only scripts or tests look for, and classes of Django's admin.
WITHOUT_STYLE = {"portal-steps__here"}
ADMIN = {
    "addlink",
    "breadcrumbs",
    "button",
    "default",
    "submit-row",
    "module",
    "deletelink-box",
    "deletelink",
    "historylink",
    "closelink",
}


def classes_used() -> dict[str, str]:
    """Each class written out in a template, and one template that uses it."""
    found = {}
    for path in TEMPLATES.rglob("*.html"):
        html = re.sub(r"[\w-]*\{\{.*?\}\}[\w-]*|\{%.*?%\}", " ", path.read_text())
        for value in re.findall(r'class="([^"]*)"', html):
            found |= dict.fromkeys(value.split(), str(path.relative_to(TEMPLATES)))
    return found


def classes_styled() -> set[str]:
    css = "".join(sheet.read_text() for sheet in SHEETS)
    return {name.replace("\\", "") for name in re.findall(r"\.((?:[a-zA-Z_-]|\\.)(?:[\w-]|\\.)*)", css)}


def test_every_class_of_a_template_has_a_style():
    styled = classes_styled() | WITHOUT_STYLE | ADMIN
    assert {name: path for name, path in classes_used().items() if name not in styled} == {}


def test_what_is_vendored_is_what_was_checked():
    sums = dict(reversed(line.split("  ")) for line in (VENDORED / "SHA256SUMS").read_text().splitlines())
    files = {
        str(path.relative_to(VENDORED)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name not in ("SHA256SUMS", "VERSION")
    }
    assert files == sums


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_what_a_style_sheet_points_to_is_there(sheet):
    for address in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
        assert (sheet.parent / address.strip("\"'").split("?")[0].split("#")[0]).exists(), address


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_asks_for_nothing_that_the_policy_or_the_storage_refuses(sheet):
    css = sheet.read_text()
    assert [word for word in ("sourceMappingURL", "http:", "https:", "@import") if word in css] == []


def test_the_style_sheets_are_small():
    assert sum(len(gzip.compress(sheet.read_bytes(), 9)) for sheet in SHEETS[:2]) < 20_000
