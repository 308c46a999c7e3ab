"""The Consolidated Screening List's CSV, read strictly: what is not understood is reported, never skipped silently. Pure."""

import csv
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from screening.engine.score import Listed
from screening.oddities import Oddities

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
LINKS = {"source_list_url", "source_information_url"}  # where to read more: the list renews them for all at once
CONTENT = [column for column in sorted(COLUMNS) if column != "_id" and column not in LINKS]
SEVERAL = {
    "programs",
    "addresses",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "ids",
}
LONGEST = {"source": 200, "type": 20, "code": 12}  # characters of what is stored in a column of its own
PLACES = ("citizenships", "nationalities", "addresses")
_WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_KINDS = {"Individual": "person", "Entity": "organization", "Vessel": "vessel", "Aircraft": "vessel"}
_COUNTRY = re.compile(r"\b[A-Z]{2}(?=\s*(?:;|$))")
_PARENT = re.compile(r".*\b(?:Affiliated Entity:|Subordinate Institution -)\s*")
_ALSO = re.compile(r"[\s,(\[]+[af]\.?k\.?a\b[.,]*\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]| and any successor.*")
_LIST_CODE = re.compile(r"\(([A-Z-]+)(?: List)?\)")


class BrokenList(ValueError):
    """The file is no Consolidated Screening List, or breaks off in a way that hides what follows; the text says where."""


@dataclass(frozen=True)
class Row:
    """One listed party. `key` is made of its content: `_id` is not unique, and some lists renew it each time."""

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
    """What became of every row of a file: an entry (`rows`, by list), a repetition of an earlier line, or rejected for a
    reason. Each oddity is counted, with the first line that it stands on."""

    records: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    merged: list[tuple[int, int]] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # of each key, where it came first

    def odd(self, what: str, line: int) -> None:
        self.oddities[what] += 1
        self.examples.setdefault(what, line)

    @property
    def adds_up(self) -> bool:
        return self.records == self.rows.total() + len(self.merged) + len(self.rejected)

    @property
    def content(self) -> str:
        """A hash of what is listed, whatever the order of rows and columns and the identifiers of the day."""
        return hashlib.sha256("".join(sorted(self.lines)).encode()).hexdigest()


def read(stream: TextIO, report: Report) -> Iterator[Row]:
    """Entries of the file, one at a time; every other row is in the report. Raises BrokenList where the file is none."""
    reader, odd = csv.reader(stream, strict=True), Oddities()
    try:
        columns = _columns(next(reader, None))
        for line, values in _records(reader, report):
            report.records += 1
            if refusal := _refusal(values, columns):
                report.rejected.append((line, refusal))
            elif row := _row(dict(zip(columns, values, strict=True)), line, report, odd):
                yield row
    except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
        raise BrokenList(f"Line {reader.line_num}: the file breaks off or is no CSV ({error}).") from error
    if not report.rows:
        first = "".join(f" Line {line}: {reason}." for line, reason in report.rejected[:1])
        raise BrokenList(f"The file holds no listed party.{first}")


def _columns(header: list[str] | None) -> list[str]:
    """The columns in the file's own order. Raises BrokenList unless they are exactly the 29."""
    found = [column.lstrip("\ufeff").strip() for column in header or []]
    if sorted(found) != sorted(COLUMNS):
        missing, unknown = sorted(set(COLUMNS) - set(found)), sorted(set(found) - set(COLUMNS))
        told = [f"missing: {', '.join(missing[:3])}"] if missing else []
        told += [f"unknown: {', '.join(unknown)[:60]}"] if unknown else []
        raise BrokenList(f"Line 1: these are not the list's 29 columns ({'; '.join(told) or 'one stands twice'}).")
    return found


def _records(reader: Any, report: Report) -> Iterator[tuple[int, list[str]]]:
    """(line, values) of each row that is not empty; of a last one that breaks off inside of quotes, no values."""
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                raise
            yield line, []
            return
        if values is None:
            return
        if values:
            yield line, values
        else:
            report.odd("an empty line", line)


def _refusal(values: list[str], columns: list[str]) -> str:
    """Why a row cannot be an entry; "" when it can."""
    if not values:
        return "the file breaks off inside of this row"
    if len(values) != len(columns):
        return f"{len(values)} columns instead of {len(columns)}"
    if values == columns:
        return "the names of the columns again"
    if any("\0" in value for value in values):
        return "a NUL character"
    cells = dict(zip(columns, values, strict=True))
    if not cells["name"].strip() or not cells["source"].strip():
        return "no name or no source"
    short = {"source": tidy(cells["source"]), "type": tidy(cells["type"])}
    short["code"] = _code(short["source"])
    too_long = (what for what, longest in LONGEST.items() if len(short[what]) > longest)
    return next((f"a {what} of more than {LONGEST[what]} characters" for what in too_long), "")


def _row(values: dict[str, str], line: int, report: Report, odd: Oddities) -> Row | None:
    """The entry of a row; None, noted, where an earlier line said the same."""
    raw, values = values, {name: tidy(value) for name, value in values.items()}
    key = content_key(values)
    if key in report.lines:
        report.merged.append((line, report.lines[key]))
        return None
    report.lines[key] = line
    report.rows[values["source"]] += 1
    for what in odd.of(raw, values):
        report.odd(what, line)
    return Row(
        key=key,
        source=values["source"],
        list_code=_code(values["source"]),
        type=values["type"],
        name=values["name"],
        aliases=tuple(dict.fromkeys([*split_aliases(values["alt_names"]), *names_inside(values["name"])])),
        dates_of_birth=values["dates_of_birth"],
        fields={name: value for name, value in values.items() if value},
    )


def tidy(value: str) -> str:
    """Blanks and line breaks as single blanks; characters of Windows' code page, which stand for no letter, as meant."""
    return " ".join(value.translate(_WINDOWS).split())


def content_key(values: Mapping[str, str]) -> str:
    """A hash of what a row says of a party: neither `_id` nor links, and lists of things whatever their order."""
    content = [[name, comparable(name, values[name])] for name in CONTENT if values.get(name)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def comparable(column: str, value: str) -> str:
    """A cell as it is compared: the same things in another order are the same. Between two releases the list turned the
    parts of its identifiers round ("PE, 20432287221, RUC #")."""
    if column not in SEVERAL:
        return value
    parts = {re.sub(r"^(and|or)\s+", "", part.strip(), flags=re.IGNORECASE) for part in value.split(";")}
    if column == "ids":
        parts = {", ".join(sorted(part.split(", "))) for part in parts}
    return "; ".join(sorted(parts - {""}))


def _code(source: str) -> str:
    found = _LIST_CODE.search(source)
    return found[1] if found else source[: LONGEST["code"]]


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
