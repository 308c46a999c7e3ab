"""`manage.py up` (`make run`): the whole portal on this machine, without root and without installed servers."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from aiexports import env
from aiexports.embedded.folder import DataFolder
from aiexports.embedded.preparation import prepare
from aiexports.embedded.supervisor import Supervisor, stop_with_parent


class Command(BaseCommand):
    help = "Run the portal: embedded servers, web, worker and relay, until Ctrl-C. PORT and PORTAL_DATA choose where."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--follow-parent", action="store_true", help="stop when the process that started this one ends"
        )

    def handle(self, *args: Any, follow_parent: bool, **options: Any) -> None:
        if follow_parent:
            stop_with_parent()
        supervisor = Supervisor(
            DataFolder.from_environment(),
            port=env.number("PORT", 8000),
            say=self._say,
            prepare=prepare,
            demo=settings.DEMO,
        )
        sys.exit(supervisor.run())

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
