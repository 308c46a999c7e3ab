"""Whether the process of this container does its work; exit status 0 when it does. Standard library only: it runs often.

healthcheck.py web                    the portal answers, and is ready
healthcheck.py fresh FILE SECONDS     the file was touched so many seconds ago at most
"""

import http.client
import os
import sys
import time
from pathlib import Path


def web() -> bool:
    """Asked under the site's own name: the portal answers to no other."""
    port = int(os.environ["WEB_BIND"].rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    connection.request("GET", "/healthz", headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0].strip()})
    return connection.getresponse().status == 200


def fresh(file: str, seconds: str) -> bool:
    return time.time() - Path(file).stat().st_mtime < float(seconds)


def main(what: str, *arguments: str) -> bool:
    try:
        return {"web": web, "fresh": fresh}[what](*arguments)
    except (OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
