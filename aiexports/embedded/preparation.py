"""What `manage.py up` does between the servers' start and the web's: tables, rules, demo data, static files."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command, get_commands
from django.db import OperationalError, connections

from aiexports.embedded.trouble import Trouble

# What every installation holds before anybody comes; loading it again changes nothing.
REFERENCE_COMMANDS = ("load_rules", "load_notices")
DEMO_LOADED = "demo data loaded"


def prepare(say: Callable[[str], object]) -> None:
    """All of it; what is done already costs little."""
    try:
        call_command("prepare_database", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        for command in REFERENCE_COMMANDS:
            call_command(command, stdout=io.StringIO())
        load_demo_once(say)
    except OperationalError as error:
        raise Trouble(f"The database cannot be used: {str(error).splitlines()[0]}") from None
    finally:
        connections.close_all()
    collect_static_files(say)


def load_demo_once(say: Callable[[str], object]) -> None:
    """Fill a demonstration's database at its first start; a loading that was cut is done again at the next."""
    if not settings.DEMO or "seed_demo" not in get_commands() or _database_comment() == DEMO_LOADED:
        return
    say("Loading the demo data (first start only).")
    call_command("seed_demo", verbosity=0)
    with connections["owner"].cursor() as cursor:
        name = connections["owner"].ops.quote_name(connections["owner"].settings_dict["NAME"])
        cursor.execute(f"COMMENT ON DATABASE {name} IS '{DEMO_LOADED}'")


def _database_comment() -> str | None:
    """The mark lies on the database itself, so that it goes and comes with it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        row = cursor.fetchone()
    return row[0] if row else None


def collect_static_files(say: Callable[[str], object]) -> None:
    """Run collectstatic when a source file came, went or changed since the last time."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).is_dir():
        return
    say("Collecting static files.")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
