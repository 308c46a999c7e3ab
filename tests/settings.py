"""The portal's settings in a test run, and as mypy's Django plugin reads them (then no server needs to run)."""

import os

from aiexports.embedded.folder import DataFolder
from aiexports.embedded.servers import embedded_environment

os.environ.update(embedded_environment(DataFolder.from_environment()))

from aiexports.settings import *  # noqa: F403
from aiexports.settings import STORAGES, TEMPLATES

# Straight from their folders: nothing has to be collected before a page can be shown.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# The coverage of template lines wants it.
TEMPLATES[0]["OPTIONS"] |= {"debug": True}  # type: ignore[operator]
# The real one is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
