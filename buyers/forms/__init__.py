"""Turns input into clean values: `own` for a buyer's people, `vetting` for officers."""
