"""What the portal keeps, the database and the files, as a folder with the hash of each part; and the way back.

The queue and the cache are left out: they hold nothing that matters.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from aiexports.embedded import Trouble, postgres

MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
FORMAT = 1
EMPTY_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO {app};\n"


@dataclass(frozen=True)
class Summary:
    """What a backup holds, for the person who made or restored it."""

    made_at: str
    files: int
    bytes: int


def back_up(folder: Path, *, now: datetime) -> Summary:
    """Write a backup into a new or empty folder. The files are copied after the rows that name them."""
    _make_private(folder)
    _run([postgres.program("pg_dump"), "--format=custom", f"--file={folder / DUMP}"])
    source = Path(settings.MEDIA_ROOT)
    if source.is_dir():
        shutil.copytree(source, folder / FILES)
    parts = {str(path.relative_to(folder)): _facts(path) for path in _files_below(folder)}
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "running_role": connections["default"].settings_dict["USER"],
        "parts": parts,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
    return _summary(manifest)


def restore(folder: Path, *, replace: bool) -> Summary:
    """Put a verified backup in place of database and files; what can fail comes before what cannot be undone."""
    manifest = verified_manifest(folder)
    if not replace:
        _refuse_to_overwrite()
    incoming = _stage_files(folder / FILES)
    _replace_database(folder / DUMP)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    incoming.rename(settings.MEDIA_ROOT)
    return _summary(manifest)


def verified_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, after every part was found with the hash that it says, and nothing besides."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        expected, version, role = manifest["parts"], manifest["format"], manifest["running_role"]
    except (OSError, ValueError, LookupError):
        raise Trouble(f"{folder} is no backup: it has no readable {MANIFEST}.") from None
    if version != FORMAT:
        raise Trouble(f"{folder} was made by another version of the portal (format {version}, here {FORMAT}).")
    if role != connections["default"].settings_dict["USER"]:
        raise Trouble(f"The backup's rights are those of role {role}: name that role in DATABASE_URL.")
    found = {str(path.relative_to(folder)): path for path in _files_below(folder) if path.name != MANIFEST}
    wrong = [
        name for name in sorted(expected.keys() | found.keys()) if not _as_said(found.get(name), expected.get(name))
    ]
    if wrong:
        raise Trouble(f"The backup is damaged: {', '.join(wrong[:5])} (of {len(wrong)}) is not as its manifest says.")
    return manifest


def _as_said(path: Path | None, facts: dict[str, Any] | None) -> bool:
    return path is not None and _facts(path) == facts


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as content:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(content, "sha256").hexdigest()}


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _summary(manifest: dict[str, Any]) -> Summary:
    parts = manifest["parts"].values()
    return Summary(manifest["made_at"], files=len(parts) - 1, bytes=sum(part["size"] for part in parts))


def _make_private(folder: Path) -> None:
    """For its owner alone: a backup holds everything that the portal protects."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Trouble(f"{folder} is not empty: name a new folder for the backup.")
    except OSError as error:
        raise Trouble(f"{folder} cannot be written ({error.strerror}): name another folder.") from None


def _refuse_to_overwrite() -> None:
    with connections["owner"].cursor() as cursor:
        tables = connections["owner"].introspection.table_names(cursor)
    if tables:
        raise Trouble(
            f"The database {connections['owner'].settings_dict['NAME']} is not empty ({len(tables)} tables): "
            "to lose what it and the files hold, add --replace."
        )


def _replace_database(dump: Path) -> None:
    """One transaction: the old schema goes and the backup's comes, or nothing happens."""
    app = connections["owner"].ops.quote_name(connections["default"].settings_dict["USER"])
    connections.close_all()
    with tempfile.TemporaryDirectory() as work:
        empty, script = Path(work, "empty.sql"), Path(work, "restore.sql")
        empty.write_text(EMPTY_SCHEMA.format(app=app))
        _run([postgres.program("pg_restore"), "--no-owner", f"--file={script}", str(dump)])
        _run(
            [
                *(postgres.program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
                *(f"--file={empty}", f"--file={script}", f"--output={os.devnull}"),
            ]
        )


def _stage_files(backed_up: Path) -> Path:
    """The backup's files in a folder beside the present ones."""
    target = Path(settings.MEDIA_ROOT)
    incoming = target.with_name(target.name + ".incoming")
    shutil.rmtree(incoming, ignore_errors=True)
    if backed_up.is_dir():
        shutil.copytree(backed_up, incoming)
    else:
        incoming.mkdir(parents=True)
    return incoming


def _run(command: Sequence[str | Path]) -> None:
    """One of PostgreSQL's programs, as the owner of the tables; the password goes by the environment."""
    owner = connections["owner"].settings_dict
    places = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    environment = os.environ | {variable: str(owner[key]) for key, variable in places.items() if owner[key]}
    if "sslmode" in owner["OPTIONS"]:
        environment["PGSSLMODE"] = owner["OPTIONS"]["sslmode"]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()] or [f"exit status {done.returncode}"]
        raise Trouble(f"{Path(command[0]).name} failed: {said[0]}")
