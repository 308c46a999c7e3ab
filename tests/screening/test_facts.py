"""Numbers, telephones, domains and addresses as they are compared, from what a party says and from a row of the list."""

import pytest

from screening import facts


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("identifier", "7736640919", "7736640919"),
        ("identifier", "KE-4711 / 2290", "KE47112290"),
        ("identifier", "1234", ""),
        ("identifier", "0000000", ""),
        ("identifier", "not a number", ""),
        ("telephone", "+254 (20) 555-0147", "254205550147"),
        ("telephone", "00254205550147", "254205550147"),
        ("telephone", "555 014", ""),
        ("domain", "https://www.Al-Nour.net/about?x=1", "al-nour.net"),
        ("domain", "info@al-nour.net", "al-nour.net"),
        ("domain", "al-nour.net", "al-nour.net"),
        ("domain", "somebody@gmail.com", ""),
        ("domain", "https://facebook.com/alnour", ""),
        ("domain", "http://[broken", ""),
        ("domain", "nowhere", ""),
        ("address", "Plot 12, Lake Road, Kisumu", "12 kisumu lake plot road"),
        ("address", "Lake Road, Kisumu", ""),
        ("address", "Damascus", ""),
    ],
)
def test_each_kind_is_compared_in_one_form(kind, text, expected):
    assert facts.comparable(kind, text) == expected


def found(**fields: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in facts.of_entry(fields)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ids": "RU, 7736640919, Tax ID No.; Male, Gender"}, [("identifier", "7736640919")]),
        ({"ids": "PK, 2013-09-09, 2008-09-09, 4117921, Passport"}, [("identifier", "4117921")]),
        ({"ids": "16 Jan 2017, Organization Established Date"}, []),
        ({"ids": "North Korea Sanctions Regulations, sections 510.201 and 510.210, Secondary sanctions risk:"}, []),
        ({"ids": "9647807798905, Phone Number"}, [("telephone", "9647807798905")]),
        ({"ids": "mohand.alrawii@firm.example, Email Address"}, [("domain", "firm.example")]),
        ({"ids": "www.firm.example, Website"}, [("domain", "firm.example")]),
        ({"remarks": "info@al-nour.net; www.al-nour.net"}, [("domain", "al-nour.net")]),
        (
            {"remarks": "Telephone: 0097282851500; Fax: 0097282858208"},
            [("telephone", "97282851500"), ("telephone", "97282858208")],
        ),
        (
            {"addresses": "1425 Brickell Avenue Unit 46B, Miami, FL, 33131, US; Damascus, SY"},
            [("address", "1425 33131 46b avenue brickell fl miami unit")],
        ),
        ({}, []),
    ],
)
def test_a_row_of_the_list_says_what_it_says(fields, expected):
    assert found(**fields) == expected


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [([], False), (["address"], False), (["identifier"], True), (["address", "domain"], True), (["domain"] * 2, False)],
)
def test_a_number_or_two_facts_alert(kinds, expected):
    assert facts.is_alert(kinds) is expected


@pytest.mark.parametrize(
    "text", ["", " ", "★", "x" * 10_000, "\u202e1234567", "http://[", "@", "a@b", ";" * 99, "9" * 99]
)
def test_no_text_fails(text):
    assert isinstance(facts.possible(text), list)
    assert isinstance(found(ids=text, remarks=text, addresses=text), list)
