"""The Consolidated Screening List's CSV, read strictly: what is not understood is reported, never skipped silently. Pure."""

import csv
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from screening.engine.score import Listed

COLUMNS = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
]
PLACES = ("citizenships", "nationalities", "addresses")
TYPES = {"Individual", "Entity", "Vessel", "Aircraft", ""}
_KINDS = {"Individual": "person", "Entity": "organization", "Vessel": "vessel", "Aircraft": "vessel"}
_COUNTRY = re.compile(r"\b[A-Z]{2}(?=\s*(?:;|$))")
_PARENT = re.compile(r".*\b(?:Affiliated Entity:|Subordinate Institution -)\s*")
_ALSO = re.compile(r"[\s,(\[]+[af]\.?k\.?a\b[.,]*\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]| and any successor.*")
_LIST_CODE = re.compile(r"\(([A-Z-]+)(?: List)?\)")


class BrokenList(ValueError):
    """The file is not a whole Consolidated Screening List; the text names line and problem."""


@dataclass(frozen=True)
class Row:
    """One listed party. `key` is made of the whole content: `_id` is not unique, and some lists renew it each time."""

    key: str
    source: str
    list_code: str
    type: str
    name: str
    aliases: tuple[str, ...]
    dates_of_birth: str
    fields: dict[str, str]


@dataclass
class Report:
    """Counts of rows per list, and of each oddity with one example line."""

    rows: Counter[str] = field(default_factory=Counter)
    oddities: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)

    def odd(self, what: str, line: int) -> None:
        self.oddities[what] += 1
        self.examples.setdefault(what, line)


def read(stream: TextIO, report: Report) -> Iterator[Row]:
    """Rows of the file, one at a time. Raises BrokenList at the first line that is not as the format says."""
    reader = csv.reader(stream, strict=True)
    try:
        header = next(reader, None)
        if header is None or [column.lstrip("\ufeff") for column in header] != COLUMNS:
            raise BrokenList("Line 1: these are not the list's 29 columns.")
        for values in reader:
            if len(values) != len(COLUMNS):
                raise BrokenList(f"Line {reader.line_num}: {len(values)} columns instead of {len(COLUMNS)}.")
            yield _row(dict(zip(COLUMNS, values, strict=True)), reader.line_num, report)
    except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
        raise BrokenList(f"Line {reader.line_num}: the file breaks off or is no CSV ({error}).") from error
    if not report.rows:
        raise BrokenList("The file holds no rows.")


def _row(values: dict[str, str], line: int, report: Report) -> Row:
    values = {name: value.strip() for name, value in values.items()}
    if not values["name"] or not values["source"]:
        raise BrokenList(f"Line {line}: a row without name or source.")
    if any("\0" in value for value in values.values()):
        raise BrokenList(f"Line {line}: a NUL character.")
    if values["type"] not in TYPES:
        report.odd(f"unknown type {values['type'][:40]}", line)
    if not values["type"]:
        report.odd("no type", line)
    content = json.dumps({name: values[name] for name in COLUMNS if name != "_id"}, sort_keys=True)
    report.rows[values["source"]] += 1
    return Row(
        key=hashlib.sha256(content.encode()).hexdigest(),
        source=values["source"],
        list_code=_code(values["source"]),
        type=values["type"],
        name=values["name"],
        aliases=tuple(dict.fromkeys([*split_aliases(values["alt_names"]), *names_inside(values["name"])])),
        dates_of_birth=values["dates_of_birth"],
        fields={name: value for name, value in values.items() if value},
    )


def _code(source: str) -> str:
    found = _LIST_CODE.search(source)
    return found[1] if found else source[:12]


def split_aliases(text: str) -> tuple[str, ...]:
    """Aliases are joined by ";"; the last one often begins with "and". Names of punctuation only are none."""
    parts = (re.sub(r"^(and|or)\s+", "", part.strip(), flags=re.IGNORECASE).strip(' ,"') for part in text.split(";"))
    return tuple(dict.fromkeys(part for part in parts if any(character.isalnum() for character in part)))


def names_inside(name: str) -> tuple[str, ...]:
    """Names that stand inside of one: an affiliate's after its parent's, other and former ones, it without asides."""
    parts = (_ASIDE.sub("", part).strip(" ,;()[]") for part in _ALSO.split(_PARENT.sub("", name)))
    long_enough = (part for part in parts if sum(character.isalnum() for character in part) > 3)
    return tuple(part for part in dict.fromkeys(long_enough) if part != name)


def listed_names(row: Row, entry: int) -> list[Listed]:
    """The row's name and aliases as the engine takes them; `entry` tells its names from another row's."""
    names = dict.fromkeys([row.name, *row.aliases])
    cells = [row.fields.get(name) for name in PLACES]
    return [listed(name, entry, row.type, row.dates_of_birth, cells) for name in names]


def listed(name: str, entry: int, type_: str, born: str, places: Iterable[str | None]) -> Listed:
    """One name of an entry of the list, with what is evidence beside it; `places` are the cells of PLACES."""
    return Listed(name, _KINDS.get(type_, ""), entry, born, _countries(places))


def _countries(cells: Iterable[str | None]) -> frozenset[str]:
    """ISO codes; the list writes "CG" for both Congos."""
    found = {code for cell in cells for code in _COUNTRY.findall(cell or "")}
    return frozenset(found | {"CD"} if "CG" in found else found)
