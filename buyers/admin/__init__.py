"""Vetting in the workbench."""

from buyers.admin import absences, cases

__all__ = ["absences", "cases"]
