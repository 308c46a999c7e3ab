"""Uploads: judged at the door, kept private, quarantined until inspected and scanned."""

from core.files.store import accept_upload, download

__all__ = ["accept_upload", "download"]
