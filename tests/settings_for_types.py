"""The settings as mypy's Django plugin reads them: with addresses of servers that need not run."""

import os

from aiexports.embedded.folder import DataFolder
from aiexports.embedded.servers import embedded_environment

os.environ.update(embedded_environment(DataFolder.from_environment()))

from aiexports.settings import *  # noqa: E402, F403
