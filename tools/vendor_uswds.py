"""Take from the @uswds/uswds package only what our pages use. Usage: tools/vendor_uswds.py DIST_FOLDER VERSION

Drops the font faces that we do not use (their files too), the source map comment and the scripts: our pages need none.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "vendor" / "uswds"
FONTS = {
    "sourcesanspro-regular-webfont.woff2",
    "sourcesanspro-bold-webfont.woff2",
    "sourcesanspro-italic-webfont.woff2",
}
EXTRA = ["img/us_flag_small.png", "img/icon-dot-gov.svg", "img/icon-https.svg"]


def main(dist: Path, version: str) -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    css = (dist / "css/uswds.min.css").read_text()
    css = re.sub(r"@font-face\{[^}]*\}", lambda face: face[0] if any(font in face[0] for font in FONTS) else "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    wanted = {path.strip("'\"") for path in re.findall(r"url\(\.\./([^)#?]+)", css)}
    for name in [*sorted(wanted), *EXTRA]:
        (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dist / name, TARGET / name)
    (TARGET / "css").mkdir(parents=True)
    (TARGET / "css/uswds.min.css").write_text(css)
    files = sorted(path for path in TARGET.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(TARGET)}" for path in files]
    (TARGET / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    (TARGET / "VERSION").write_text(f"@uswds/uswds {version} (public domain; Source Sans: SIL Open Font License)\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
