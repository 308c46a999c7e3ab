"""What is odd in a row of the Consolidated Screening List, though it can be used. Pure."""

import re
from collections.abc import Iterator

TYPES = {"Individual", "Entity", "Vessel", "Aircraft"}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = re.compile(r"(circa )?\d{4}( to (circa )?\d{4})?")
_CONTROL = re.compile(r"[\x01-\x1f\x7f]")
_WINDOWS = re.compile(r"[\x80-\x9f]")
_MISREAD = re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â€")  # UTF-8 that was read as another encoding and stored so
_AND = re.compile(r";\s*(and|or)\s", re.IGNORECASE)
_INSIDE = re.compile(r"[\s,(\[][af]\.?k\.?a\b|Affiliated Entity:|Subordinate Institution -", re.IGNORECASE)
_CONGOS = re.compile(r"(^|[\s,;])CG(?=\s*(;|$))")

MISREAD = "characters that were read in a wrong encoding"


class Oddities:
    """Of the rows of one file: what was seen before is part of what is odd."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.names: set[tuple[str, str]] = set()

    def of(self, raw: dict[str, str], cells: dict[str, str]) -> Iterator[str]:
        """Each kind once a row. `raw` is the row as it stands, `cells` without needless blanks."""
        yield from _of_type(cells["type"])
        yield from self._of_repetition(cells)
        yield from _of_characters(raw, cells)
        yield from _of_births(cells["dates_of_birth"])
        yield from _of_dates(cells)
        yield from _of_places(cells)
        if _AND.search(cells["alt_names"]):
            yield "an alias that begins with “and”"
        if _INSIDE.search(cells["name"]):
            yield "other names inside of the name"

    def _of_repetition(self, cells: dict[str, str]) -> Iterator[str]:
        name = (cells["source"], cells["name"])
        if cells["_id"] and cells["_id"] in self.ids:
            yield "an _id that an earlier row has"
        if name in self.names:
            yield "a name that the same list has already"
        self.ids.add(cells["_id"])
        self.names.add(name)


def _of_type(kind: str) -> Iterator[str]:
    if not kind:
        yield "no type"
    elif kind not in TYPES:
        yield f"unknown type {kind[:40]}"


def _of_characters(raw: dict[str, str], cells: dict[str, str]) -> Iterator[str]:
    if any(_CONTROL.search(value) for value in raw.values()):
        yield "a line break or control character inside of a value"
    if any(_WINDOWS.search(value) for value in raw.values()):
        yield "characters of Windows' code page"
    if any(value != cell for value, cell in zip(raw.values(), cells.values(), strict=True)):
        yield "needless blanks"
    if any(_MISREAD.search(value) for value in cells.values()):
        yield MISREAD


def _of_births(text: str) -> Iterator[str]:
    births = [part.strip() for part in text.split(";") if part.strip()]
    if len(births) > 1:
        yield "several birth dates"
    if any(_YEARS.fullmatch(birth) for birth in births):
        yield "a birth date that is a year or about"
    if any(not _YEARS.fullmatch(birth) and not DATE.fullmatch(birth) for birth in births):
        yield "a birth date that cannot be read"


def _of_dates(cells: dict[str, str]) -> Iterator[str]:
    dates = [cells[name] for name in ("start_date", "end_date") if cells[name]]
    if any(not DATE.fullmatch(date) for date in dates):
        yield "a start or end date that cannot be read"
    elif len(dates) == 2 and dates[1] < dates[0]:
        yield "an end before the start"


def _of_places(cells: dict[str, str]) -> Iterator[str]:
    places = [cells[name] for name in ("addresses", "citizenships", "nationalities") if cells[name]]
    if not places:
        yield "no country"
    if any(_CONGOS.search(place) for place in places):
        yield "CG, which the list writes for both Congos"
