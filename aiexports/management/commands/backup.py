"""`manage.py backup FOLDER`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from aiexports.backup import back_up


class Command(BaseCommand):
    help = "Copy the database and the files into a new folder, with a manifest of hashes. The portal may go on running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        made = back_up(folder.resolve(), now=timezone.now())
        self.stdout.write(f"{folder}: the database and {made.files} files, {made.bytes:,} bytes.")
