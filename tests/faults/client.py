"""A process that uses the portal while its servers fall: told what to do by lines of JSON, it answers each with one.

    python -m tests.faults.client

It stands for the web: what it acknowledges was committed. It retries what the database refused, as a person would.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from django.db import close_old_connections

    from tests.faults.acts import ACTS  # needs the settings

    commands = {act.__name__: act for act in ACTS}
    for line in sys.stdin:
        close_old_connections()
        name, *arguments = json.loads(line)
        print(json.dumps(commands[name](*arguments)), flush=True)  # type: ignore[operator]


if __name__ == "__main__":
    main()
