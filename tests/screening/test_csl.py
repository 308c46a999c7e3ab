"""The list's file is read strictly: counted, its oddities told, and refused whole where it is broken."""

import gzip
import io

import pytest

from screening import csl
from screening.management.commands.import_csl import BUNDLED
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


def test_every_row_of_the_real_list_is_read(real):
    rows, report = real
    assert len(rows) == report.rows.total() == 14_160
    assert len({row.key for row in rows}) == 14_160
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
        "CAP": 53,
        "NS-MBS": 17,
        "FSE": 3,
    }


def test_what_is_odd_in_the_real_list_is_told(real):
    _rows, report = real
    assert (dict(report.oddities), report.examples) == ({"no type": 3_625}, {"no type": 2})


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
    ("kind", "oddities"),
    [
        ("Individual", {}),
        ("Entity", {}),
        ("Vessel", {}),
        ("Aircraft", {}),
        (" Entity ", {}),
        ("", {"no type": 3}),
        ("Robot", {"unknown type Robot": 3}),
        ("entity", {"unknown type entity": 3}),
        ("R" * 60, {f"unknown type {'R' * 40}": 3}),
    ],
)
def test_oddities_are_counted_and_the_first_line_is_kept(kind, oddities):
    good = make.row(source=SOURCE, name="Good", type="Entity")
    rows, report = read(text_of(good, *(make.row(source=SOURCE, name=f"N{i}", type=kind) for i in range(3))))
    assert len(rows) == 4
    assert dict(report.oddities) == oddities
    assert report.examples == dict.fromkeys(oddities, 3)


# --- keys and fields --------------------------------------------------------------------------------------------------


def key_of(**fields: str) -> str:
    (row,), _report = read(text_of(make.row(**({"source": SOURCE, "name": "Acme"} | fields))))
    return row.key


@pytest.mark.parametrize("column", [column for column in csl.COLUMNS if column != "_id"])
def test_a_key_is_made_of_every_column_but_the_id(column):
    assert key_of(**{column: "changed"}) != key_of()


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
        ("", "Line 1: these are not the list's 29 columns."),
        ("\n", "Line 1: these are not the list's 29 columns."),
        ("<html>Service unavailable</html>\n", "Line 1: these are not the list's 29 columns."),
        (HEAD.replace("_id,source", "source,_id") + "\n", "Line 1: these are not the list's 29 columns."),
        (HEAD + ",extra\n", "Line 1: these are not the list's 29 columns."),
        (HEAD + "\n", "The file holds no rows."),
        (GOOD + "a,b,c\n", "Line 3: 3 columns instead of 29."),
        (GOOD[:-8], "Line 2: 27 columns instead of 29."),
        (GOOD + "\r\n", "Line 3: 0 columns instead of 29."),
        (text_of(make.row(source=SOURCE)), "Line 2: a row without name or source."),
        (text_of(make.row(name="Acme", source="  ")), "Line 2: a row without name or source."),
        (text_of(make.row(name="Ac\0me", source=SOURCE)), "Line 2: a NUL character."),
        (GOOD + '1,"never closed', "Line 3: the file breaks off or is no CSV (unexpected end of data)."),
        (GOOD + '1,"closed"twice\n', "Line 3: the file breaks off or is no CSV (',' expected after '\"')."),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text, told):
    with pytest.raises(csl.BrokenList) as refusal:
        read(text)
    assert str(refusal.value) == told


def test_a_byte_order_mark_is_no_fault():
    rows, _report = read("\ufeff" + GOOD)
    assert [row.name for row in rows] == ["Acme"]


def test_rows_before_the_break_were_given_so_the_caller_must_not_keep_them():
    rows = csl.read(io.StringIO(GOOD + "a,b\n", newline=""), csl.Report())
    assert next(rows).name == "Acme"
    with pytest.raises(csl.BrokenList):
        next(rows)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(GOOD.encode() + b'1,"\xff\xfe')
    with path.open(encoding="utf-8", newline="") as stream, pytest.raises(csl.BrokenList, match="breaks off"):
        list(csl.read(stream, csl.Report()))
