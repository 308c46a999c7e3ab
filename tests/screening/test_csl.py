"""The list's file is read strictly: counted, its oddities told, and refused whole where it is broken."""

import gzip
import io

import pytest

from screening import csl
from screening.management.commands.import_csl import BUNDLED
from screening.models import ListEntry
from tests.factories import screening as make

HEAD = ",".join(csl.COLUMNS)
SOURCE = "Entity List (EL) - Bureau of Industry and Security"


def read(text: str) -> tuple[list[csl.Row], csl.Report]:
    report = csl.Report()
    return list(csl.read(io.StringIO(text, newline=""), report)), report


def text_of(*rows: list[str]) -> str:
    stream = io.StringIO(newline="")
    make.csv.writer(stream).writerows([csl.COLUMNS, *rows])
    return stream.getvalue()


# --- the real list ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> tuple[list[csl.Row], csl.Report]:
    report = csl.Report()
    with gzip.open(BUNDLED, "rt", encoding="utf-8", newline="") as stream:
        return list(csl.read(stream, report)), report


def test_every_row_of_the_real_list_is_accounted_for(real):
    """An independent count: lines of the file by nothing but the csv module."""
    rows, report = real
    with gzip.open(BUNDLED, "rt", encoding="utf-8", newline="") as stream:
        plain = list(csl.csv.DictReader(stream))
    assert (report.records, len(rows), report.merged, report.rejected) == (14_160, 14_159, [(1980, 1979)], [])
    assert len(plain) == report.records == report.rows.total() + 1
    assert report.adds_up
    twice = [row for row in plain if row["name"] == "BANK OF KUNLUN CO LTD" and row["source"].startswith("Capta")]
    assert len(twice) == 2  # but for their links the same
    assert {csl._code(source): count for source, count in report.rows.items()} == {
        "SDN": 10_026,
        "EL": 2_001,
        "DTC": 727,
        "DPL": 462,
        "SSI": 290,
        "UVL": 201,
        "ISN": 163,
        "PLC": 78,
        "MEU": 71,
        "CMIC": 68,
        "CAP": 52,
        "NS-MBS": 17,
        "FSE": 3,
    }


def test_what_is_odd_in_the_real_list_is_told(real):
    _rows, report = real
    assert {what: (count, report.examples[what]) for what, count in report.oddities.items()} == {
        "no type": (3_625, 2),
        "no country": (2_649, 29),
        "needless blanks": (1_299, 2),
        "a birth date that is a year or about": (868, 7),
        "several birth dates": (490, 7),
        "an alias that begins with “and”": (247, 39),
        "an _id that an earlier row has": (111, 1325),
        "a name that the same list has already": (100, 25),
        "other names inside of the name": (67, 1847),
        "a line break or control character inside of a value": (4, 4195),
        "characters of Windows' code page": (3, 2625),
        "CG, which the list writes for both Congos": (3, 7135),
    }


def test_what_the_engine_needs_is_taken_from_a_real_row(real):
    rows, _report = real
    (ali,) = [row for row in rows if row.name == "KONY, Ali"]
    assert (ali.list_code, ali.type, ali.dates_of_birth) == ("SDN", "Individual", "1992; 1994; 1995; 1993")
    assert ali.aliases[:3] == ("LALOBO, Ali", "LABOLO, Ali Mohammad", "MOHAMMED, Ali")
    assert len(ali.aliases) == 14
    assert (ali.fields["source"], ali.fields["name"]) == (ali.source, ali.name)
    assert "" not in ali.fields.values()


def test_the_identifiers_of_the_real_list_are_not_unique_and_the_keys_are(real):
    rows, _report = real
    ids = [row.fields.get("_id") for row in rows]
    assert len(set(ids)) < len(ids)


# --- oddities ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "oddities"),
    [
        ({"type": "Individual"}, []),
        ({"type": "Vessel"}, []),
        ({"type": ""}, ["no type"]),
        ({"type": "Robot"}, ["unknown type Robot"]),
        ({"type": "entity"}, ["unknown type entity"]),
        ({"type": "R" * 20}, [f"unknown type {'R' * 20}"]),
        ({"type": " Entity "}, ["needless blanks"]),
        ({"remarks": "two  blanks"}, ["needless blanks"]),
        (
            {"addresses": "1 Road\nTown, AE"},
            ["a line break or control character inside of a value", "needless blanks"],
        ),
        ({"remarks": "Xi\x92an"}, ["characters of Windows' code page", "needless blanks"]),
        ({"remarks": "CafÃ©"}, ["characters that were read in a wrong encoding"]),
        ({"remarks": "Caf\ufffd"}, ["characters that were read in a wrong encoding"]),
        ({"remarks": "São Paulo, Ângela, Ã"}, []),
        ({"addresses": ""}, ["no country"]),
        ({"addresses": "", "nationalities": "AE"}, []),
        ({"addresses": "Goma, CG"}, ["CG, which the list writes for both Congos"]),
        ({"dates_of_birth": "1961-02-03"}, []),
        ({"dates_of_birth": "circa 1961"}, ["a birth date that is a year or about"]),
        (
            {"dates_of_birth": "1961; 1962-01-02"},
            ["several birth dates", "a birth date that is a year or about"],
        ),
        ({"dates_of_birth": "Feb 3, 1961"}, ["a birth date that cannot be read"]),
        ({"start_date": "2022-01-02", "end_date": "2021-01-02"}, ["an end before the start"]),
        ({"start_date": "1/2/2022"}, ["a start or end date that cannot be read"]),
        ({"alt_names": "One; and Two"}, ["an alias that begins with “and”"]),
        ({"name": "Acme, a.k.a. Apex"}, ["other names inside of the name"]),
    ],
)
def test_oddities_are_told(cells, oddities):
    plain = {"source": SOURCE, "name": "Acme", "type": "Entity", "addresses": "1 Road, Town, AE"}
    _rows, report = read(text_of(make.row(**(plain | cells))))
    assert dict(report.oddities) == dict.fromkeys(oddities, 1)
    assert report.examples == dict.fromkeys(oddities, 2)


def test_an_oddity_is_counted_and_its_first_line_is_kept():
    plain = {"source": SOURCE, "type": "Entity", "addresses": "1 Road, Town, AE"}
    rows = [make.row(name="Good", _id="1", **plain)]
    rows += [make.row(name="Same", _id="1", **plain | {"type": kind}) for kind in ("Robot", "Robot", "Entity")]
    _rows, report = read(text_of(*rows))
    assert {what: (count, report.examples[what]) for what, count in report.oddities.items()} == {
        "unknown type Robot": (1, 3),  # the second one says the same as the first, and is merged
        "an _id that an earlier row has": (2, 3),
        "a name that the same list has already": (1, 5),
    }
    assert (report.records, report.rows.total(), report.merged) == (4, 3, [(4, 3)])


# --- keys and fields --------------------------------------------------------------------------------------------------


def key_of(**fields: str) -> str:
    (row,), _report = read(text_of(make.row(**({"source": SOURCE, "name": "Acme"} | fields))))
    return row.key


@pytest.mark.parametrize("column", csl.COLUMNS)
def test_a_key_is_made_of_every_column_but_ids_and_links(column):
    is_content = column not in ("_id", "source_list_url", "source_information_url")
    assert (key_of(**{column: "changed"}) != key_of()) == is_content


@pytest.mark.parametrize(
    ("column", "one", "other", "same"),
    [
        ("alt_names", "One; Two; and Three", "Three; One; Two", True),
        ("alt_names", "One; Two", "One; Two; Three", False),
        ("ids", "PE, 20432287221, RUC #", "RUC #, 20432287221, PE", True),
        ("ids", "PE, 20432287221, RUC #", "RUC #, 20432287222, PE", False),
        ("addresses", "1 Road, Town, AE; 2 Road, Town, AE", "2 Road, Town, AE; 1 Road, Town, AE", True),
        ("addresses", "1 Road, Town, AE", "Town, 1 Road, AE", False),
        ("remarks", "one; two", "two; one", False),
        ("name", "Acme  Ltd ", "Acme\nLtd", True),
        ("name", "Xi\x92an Works", "Xi’an Works", True),
        ("name", "Acme", "ACME", False),
    ],
)
def test_a_key_is_of_what_is_said_not_of_its_order_and_blanks(column, one, other, same):
    assert (key_of(**{column: one}) == key_of(**{column: other})) == same


def test_a_key_does_not_depend_on_id_or_blanks_around():
    assert key_of(_id="7") == key_of(name="  Acme ") == key_of()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("Entity List (EL) - Bureau of Industry and Security", "EL"),
        ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "NS-MBS"),
        ("Military End User (MEU) List - Bureau of Industry and Security", "MEU"),
        ("A list without a code", "A list witho"),
    ],
)
def test_a_list_is_named_by_the_code_in_its_source(source, code):
    (row,), _report = read(text_of(make.row(source=source, name="Acme")))
    assert row.list_code == code


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("", ()),
        ("One", ("One",)),
        ("One; Two; and Three", ("One", "Two", "Three")),
        ("One; or Two; AND Three", ("One", "Two", "Three")),
        ("Anderson; Orlov", ("Anderson", "Orlov")),
        ('"Quoted", ; --; ;One;One', ("Quoted", "One")),
        ("КОНИ; 華為", ("КОНИ", "華為")),
    ],
)
def test_aliases_are_parted(text, aliases):
    assert csl.split_aliases(text) == aliases


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Acme", ()),
        ("Acme Ltd.", ()),
        (
            "Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:  Huawei Marine Networks Co., Ltd.",
            ("Huawei Marine Networks Co., Ltd.",),
        ),
        ("Second Academy.  Subordinate Institution - 201 Research Institute", ("201 Research Institute",)),
        ("Chitron Ltd., a.k.a. Chi-Chung Ltd. (Shenzhen)", ("Chitron Ltd.", "Chi-Chung Ltd.")),
        ("Gazprom Russkaya, OOO (f.k.a., Kovyktneftegaz)", ("Gazprom Russkaya, OOO", "Kovyktneftegaz")),
        ("Research Institute [aka Systems Center]", ("Research Institute", "Systems Center")),
        ("Rosoboronexport OJSC (ROE)", ("Rosoboronexport OJSC",)),
        ("Asa'ib Ahl al-Haq (AAH) and any successor, sub-unit, or subsidiary thereof", ("Asa'ib Ahl al-Haq",)),
        ("(Unnamed)", ()),
        ("Oka (Volga)", ()),
        ("Osaka Trading", ()),
    ],
)
def test_names_inside_of_a_name_are_aliases_too(name, inside):
    assert csl.names_inside(name) == inside
    (row,), _report = read(text_of(make.row(source=SOURCE, name=name, alt_names="Other")))
    assert row.aliases == ("Other", *inside)


# --- what is refused --------------------------------------------------------------------------------------------------

GOOD = text_of(make.row(source=SOURCE, name="Acme", ids="last"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Line 1: these are not the list's 29 columns (missing: _id, addresses, alt_names)."),
        ("\n", "Line 1: these are not the list's 29 columns (missing: _id, addresses, alt_names)."),
        (
            "<html>Service unavailable</html>\n",
            "Line 1: these are not the list's 29 columns (missing: _id, addresses, alt_names; "
            "unknown: <html>Service unavailable</html>).",
        ),
        (HEAD.replace(",ids", "") + "\n", "Line 1: these are not the list's 29 columns (missing: ids)."),
        (HEAD + ",extra\n", "Line 1: these are not the list's 29 columns (unknown: extra)."),
        (HEAD + ",name\n", "Line 1: these are not the list's 29 columns (one stands twice)."),
        (HEAD + "\n", "The file holds no listed party."),
        (GOOD[:-8], "The file holds no listed party. Line 2: 27 columns instead of 29."),
        (text_of(make.row(source=SOURCE)), "The file holds no listed party. Line 2: no name or no source."),
        (GOOD + '1,"closed"twice\n', "Line 3: the file breaks off or is no CSV (',' expected after '\"')."),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text, told):
    with pytest.raises(csl.BrokenList) as refusal:
        read(text)
    assert str(refusal.value) == told


def row_of(**fields: str) -> str:
    return text_of(make.row(**({"source": SOURCE, "name": "X"} | fields))).split("\r\n", 1)[1]


def test_a_row_as_long_as_can_be_stored_is_an_entry():
    """The positive control: the columns take it."""
    longest = {"source": f"{'X' * 185} (ABCDEFGHIJKL)", "type": "Y" * 20}
    (_good, row), report = read(GOOD + row_of(**longest))
    assert (len(row.source), len(row.list_code), len(row.type), report.rejected) == (200, 12, 20, [])
    widths = {name: ListEntry._meta.get_field(name).max_length for name in ("source", "list_code", "type")}
    assert tuple(widths.values()) == (200, 12, 20)


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        (GOOD + "a,b,c\n", (3, "3 columns instead of 29")),
        (GOOD + HEAD + "\r\n", (3, "the names of the columns again")),
        (GOOD + '1,"never closed', (3, "the file breaks off inside of this row")),
        (GOOD + text_of(make.row(source=SOURCE)).split("\r\n", 1)[1], (3, "no name or no source")),
        (GOOD + text_of(make.row(name="X", source=" ")).split("\r\n", 1)[1], (3, "no name or no source")),
        (GOOD + text_of(make.row(name="A\0", source=SOURCE)).split("\r\n", 1)[1], (3, "a NUL character")),
        (GOOD + row_of(source="X" * 201), (3, "a source of more than 200 characters")),
        (GOOD + row_of(source="A list (ABCDEFGHIJKLM)"), (3, "a code of more than 12 characters")),
        (GOOD + row_of(type="Y" * 21), (3, "a type of more than 20 characters")),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(text, rejected):
    rows, report = read(text)
    assert ([row.name for row in rows], report.rejected, report.records) == (["Acme"], [rejected], 2)
    assert report.adds_up


def test_an_empty_line_is_odd_and_no_row():
    rows, report = read(GOOD + "\r\n")
    assert (len(rows), report.records, report.rejected) == (1, 1, [])
    assert report.oddities["an empty line"] == 1


def test_columns_may_come_in_another_order():
    rows, report = read(GOOD)
    turned = "\r\n".join(",".join(line.split(",")[::-1]) for line in GOOD.splitlines()) + "\r\n"
    assert turned != GOOD
    again, other = read(turned)
    assert (again, other.content) == (rows, report.content)


def test_a_byte_order_mark_is_no_fault():
    rows, _report = read("\ufeff" + GOOD)
    assert [row.name for row in rows] == ["Acme"]


def test_rows_before_the_break_were_given_so_the_caller_must_not_keep_them():
    rows = csl.read(io.StringIO(GOOD + '1,"closed"twice\n', newline=""), csl.Report())
    assert next(rows).name == "Acme"
    with pytest.raises(csl.BrokenList):
        next(rows)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(GOOD.encode() + b'1,"\xff\xfe')
    with path.open(encoding="utf-8", newline="") as stream, pytest.raises(csl.BrokenList, match="breaks off"):
        list(csl.read(stream, csl.Report()))
