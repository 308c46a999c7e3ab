"""Vetting in the workbench."""

from buyers.admin import cases

__all__ = ["cases"]
