#!/usr/bin/env python
"""Django's command line, on the embedded servers when no outside ones are named."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aiexports.settings")
    try:
        from aiexports.embedded import Trouble, servers_for_command
    except ImportError as error:
        sys.exit(f"{error}: run `make environment`, then use .venv/bin/python manage.py or `make manage ARGS=…`.")

    try:
        with servers_for_command(sys.argv):
            from django.core.exceptions import ImproperlyConfigured
            from django.core.management import execute_from_command_line

            try:
                execute_from_command_line(sys.argv)
            except ImproperlyConfigured as error:
                raise error if "--traceback" in sys.argv else Trouble(str(error)) from None
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
