#!/usr/bin/env python
"""Django's command line, on the embedded servers when no outside ones are named."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aiexports.settings")
    from aiexports.embedded import servers_for_command

    with servers_for_command(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
