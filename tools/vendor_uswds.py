"""Take from the @uswds/uswds package only what our pages use: npm pack @uswds/uswds, unpack, and

    tools/vendor_uswds.py package/dist 3.14.0

The style sheet of the package has 500 kB, most of it components and utility classes that no page of ours has. Here a
selector stays when each of its classes belongs to COMPONENTS or UTILITIES. tests/core/test_style.py says when a
template uses a class that is not there: name its component here and run this again. Scripts are not taken: our pages
need none of them.
"""

import hashlib
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "vendor" / "uswds"
FONTS = {
    "sourcesanspro-regular-webfont.woff2",
    "sourcesanspro-bold-webfont.woff2",
    "sourcesanspro-italic-webfont.woff2",
}
IMAGES_OF_TEMPLATES = ["img/us_flag_small.png", "img/icon-dot-gov.svg", "img/icon-https.svg"]
COMPONENTS = [
    *["alert", "banner", "button", "checkbox", "error-message", "fieldset", "form", "hint"],
    *["identifier", "input", "label", "legend", "link", "list", "pagination", "process-list", "radio"],
    *["select", "skipnav", "sr-only", "tag", "textarea"],
]
UTILITIES = r"((tablet|desktop):)?grid-(container|row|gap|col|col-\d+|col-auto|col-fill)|margin-(top|bottom|y)-[0-6]"
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")


def main(dist: Path, version: str) -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    css = "".join(pruned((dist / "css/uswds.min.css").read_text()))
    images = {path.strip("'\"") for path in re.findall(r"url\(\.\./([^)#?]+)", css)}
    for name in [*sorted(images), *IMAGES_OF_TEMPLATES]:
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dist / name, TARGET / name)
    (TARGET / "css").mkdir(parents=True)
    (TARGET / "css/uswds.min.css").write_text(css)
    files = sorted(path for path in TARGET.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(TARGET)}" for path in files]
    (TARGET / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    (TARGET / "VERSION").write_text(f"@uswds/uswds {version} (public domain; Source Sans: SIL Open Font License)\n")


def pruned(css: str) -> Iterator[str]:
    """The rules that stay, in their order, with comments and source maps dropped."""
    for head, body in rules(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if head.startswith(("@media", "@supports")):
            inner = "".join(pruned(body))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@font-face"):
            if any(font in body for font in FONTS):
                yield f"{head}{{{body}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}" if body else head
        elif kept := [selector for selector in selectors(head) if is_used(selector)]:
            yield f"{','.join(kept)}{{{body}}}"


def rules(css: str) -> Iterator[tuple[str, str]]:
    """(selector or at-rule, body) of the outermost level; a statement like @charset has no body."""
    position = 0
    while found := re.compile(r"[{;]").search(css, position):
        head, position = css[position : found.start()].strip(), found.end()
        if found[0] == ";":
            yield f"{head};", ""
            continue
        start, depth = position, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[position], 0)
            position += 1
        yield head, css[start : position - 1]


def selectors(head: str) -> list[str]:
    """Split at the commas that stand outside of brackets."""
    return re.split(r",(?![^(\[]*[)\]])", head)


def is_used(selector: str) -> bool:
    return all(is_used_class(name.replace("\\", "")) for name in _CLASS.findall(selector))


def is_used_class(name: str) -> bool:
    if name.startswith("usa-"):
        block = re.split(r"__|--", name.removeprefix("usa-"))[0]
        return any(block == component or block.startswith(f"{component}-") for component in COMPONENTS)
    return re.fullmatch(UTILITIES, name) is not None


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
