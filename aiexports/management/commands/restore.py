"""`manage.py restore FOLDER`"""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from aiexports.backup import restore


class Command(BaseCommand):
    help = "Put a backup in place of the database and the files, migrate it to this version and verify its ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="lose what the database and the files hold now")

    def handle(self, *args: Any, folder: Path, replace: bool, **options: Any) -> None:
        restored = restore(folder.resolve(), replace=replace)
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"Restored the backup of {restored.made_at}: the database and {restored.files} files.")
        call_command("verify_ledger", stdout=self.stdout)
