from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """Sessions in the database, so that sign-ins survive a wiped cache.

    A cookie that cannot be a key is no session. Django asks the database for it, which refuses a NUL with an error.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        if not key or len(key) > 40 or not (key.isascii() and key.isalnum()):
            return False
        return bool(super()._validate_session_key(key))  # type: ignore[misc]  # the stubs leave it out
