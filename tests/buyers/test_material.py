"""What opens a buyer's vetting again: a table of changes, most of them corrections that do not."""

import pytest

from buyers.material import ITEMS, Change, changes, is_slip, items
from buyers.states import ChecklistItem, Fact

COUNTRIES = frozenset({"gambia", "zambia", "austria", "guinea"})


@pytest.mark.parametrize(
    ("before", "after", "slip"),
    [
        ("Umeme Grid Company", "UMEME  GRID COMPANY", True),
        ("Umeme Grid Company", "Umeme Grid Co.", True),
        ("Umeme Grid Ltd", "Umeme Grid, Limited", True),
        ("Société Générale d’Énergie", "Societe Generale d'Energie", True),
        ("Umeme GridWorks", "Umeme Grid Works", True),
        ("Naivasha Steam Works", "Naivasah Steam Works", True),  # two letters changed places
        ("Naivasha Geothermal Company", "Naivash Geothermel Company", True),  # a slip in each of two long words
        ("Naivasha Geothermal Works", "Naivash Geothermel Wroks", False),  # a short word too
        ("Umeme Grid Company", "Umeme Gird Company", False),  # four letters: may be another word
        ("Umeme Grid Company", "Umeme Grid Holding", False),
        ("Umeme Grid Company", "Umeme Grid", False),
        ("Umeme Grid 1 Company", "Umeme Grid 2 Company", False),
        ("Bank of Gambia", "Bank of Zambia", False),
        ("Star Shipping A", "Star Shipping B", False),
        ("Bank of Iran", "Bank of Iraq", False),
        ("Austria Telecom", "Austral Telecom", False),
        ("Northern Power Works", "Southern Power Works", False),
        ("Mannesmann", "Wannesmann", False),  # a first letter is never a slip
        ("شركة الكهرباء", "شركة الكهربا", True),
        ("国家电网", "国家电力", False),
        ("", "", True),
        ("", "Umeme", False),
    ],
)
def test_a_slip_means_the_same_name(before, after, slip):
    assert is_slip(before, after, fixed=COUNTRIES) is slip
    assert is_slip(after, before, fixed=COUNTRIES) is slip


PARTICULARS = ["name", "kind", "country", "born", "owned", "share"]
OWNER = ["County Holdings", "ENTITY", "KE", "", "", "60"]


def owner(**changed):
    return list((dict(zip(PARTICULARS, OWNER, strict=True)) | changed).values())


@pytest.mark.parametrize(
    ("fact", "before", "after", "material", "corrections"),
    [
        (Fact.LEGAL_NAME, [["Umeme Grid Company"]], [["Umeme Grid Company"]], 0, 0),
        (Fact.LEGAL_NAME, [["Umeme Grid Company"]], [["Umeme Grid Co"]], 0, 1),
        (Fact.LEGAL_NAME, [["Umeme Grid Company"]], [["Kivu Power Company"]], 1, 0),
        (Fact.COUNTRY, [["KE"]], [["TZ"]], 1, 0),
        (Fact.HEADQUARTERS, [["KE"]], [["AE"]], 1, 0),
        (Fact.OWNERS, [OWNER], [owner(name="County Holding's")], 0, 1),
        (Fact.OWNERS, [OWNER], [owner(share="60.4")], 0, 1),
        (Fact.OWNERS, [OWNER], [owner(share="61")], 1, 0),
        (Fact.OWNERS, [owner(share="49.9")], [owner(share="50")], 1, 0),  # crosses a line
        (Fact.OWNERS, [owner(share="")], [owner(share="60")], 1, 0),
        (Fact.OWNERS, [OWNER], [owner(share="")], 1, 0),
        (Fact.OWNERS, [OWNER], [owner(country="RU")], 1, 0),
        (Fact.OWNERS, [owner(country="")], [OWNER], 1, 0),
        (Fact.OWNERS, [owner(kind="PERSON")], [owner(kind="PERSON", born="1970-01-02")], 0, 1),
        (Fact.OWNERS, [owner(born="1970-01-02")], [owner(born="1971-01-02")], 1, 0),
        (Fact.OWNERS, [OWNER], [OWNER, owner(name="Ann Lee", share="1")], 1, 0),
        (Fact.OWNERS, [OWNER], [], 1, 0),
        (Fact.OWNERS, [OWNER], [owner(name="Ann Lee")], 2, 0),  # one gone, one new
        (Fact.OWNERS, [OWNER, owner(name="Ann Lee")], [owner(name="Ann Lee"), OWNER], 0, 0),
        (Fact.CONTROL, [], [["Ann Lee", "BOARD", ""]], 1, 0),
        (Fact.NAMES, [["Umeme", "TRADE"]], [["Kivu", "TRADE"]], 0, 0),
        (Fact.ADDRESS, [["1 Harambee Avenue"]], [["2 Harambee Avenue"]], 0, 0),
        (Fact.END_USE, [["Forecasts."]], [["Guidance of drones."]], 0, 0),
        (Fact.PEOPLE, [["Wanjiru", "PERSON", "KE", "", "CONTACT"]], [], 0, 0),
    ],
)
def test_what_is_material(fact, before, after, material, corrections):
    found = changes({fact: before}, {fact: after}, fixed=COUNTRIES)
    counted = sum(change.is_material for change in found), sum(change.is_correction for change in found)
    assert counted == (material, corrections)


def test_corrections_do_not_add_up_to_another_name_unseen():
    """Letter by letter, each step a slip of the one before; compared with what trust was given on."""
    steps = ["Naivasha Energy", "Naivasho Energy", "Naivosho Energy", "Norvosho Energy"]
    assert is_slip(steps[0], steps[1])
    assert is_slip(steps[1], steps[2])
    said = [changes({Fact.LEGAL_NAME: [[steps[0]]]}, {Fact.LEGAL_NAME: [[step]]}) for step in steps[1:]]
    assert [any(change.is_material for change in found) for found in said] == [False, True, True]


def test_a_change_names_both_sides():
    found = changes({Fact.COUNTRY: [["KE"]]}, {Fact.COUNTRY: [["TZ"]]})
    assert found == [Change(Fact.COUNTRY, ["KE"], ["TZ"])]


def test_only_what_changed_is_looked_at_anew():
    before = {Fact.COUNTRY: [["KE"]], Fact.ADDRESS: [["1 A Street"]], Fact.LEGAL_NAME: [["Umeme Grid Company"]]}
    after = {Fact.COUNTRY: [["KE"]], Fact.ADDRESS: [["2 A Street"]], Fact.LEGAL_NAME: [["Umeme Grid Co"]]}
    assert items(changes(before, after)) == {ChecklistItem.ADDRESS}


def test_every_fact_says_what_it_opens():
    assert set(ITEMS) == set(Fact)
