"""Uploads: kept private, quarantined until scanned."""

from core.files.store import accept_upload, download

__all__ = ["accept_upload", "download"]
