"""Whoever was refused before and comes back under another name is linked by what it shares, for officers only."""

from datetime import date

import pytest

from buyers.links import links_of
from organizations.actions import add_party, change_party, edit_organization, set_identifiers, set_names
from tests.browsers import signed_in
from tests.buyers.bench import case_page
from tests.factories import buyers as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

NUMBER, PHONE = "KE-4711-2290", "+254 20 555 0147"


@pytest.fixture
def refused(now):
    """Refused a year ago, with much that can be shared."""
    by = person("earlier")
    buyer = make.buyer("Rift Valley Trading", now=now, by=by)
    organization = buyer.organization
    edit_organization(
        organization, by=by, now=now, website="https://www.riftvalley.example/en", address="Plot 12, Lake Road, Kisumu"
    )
    contact = organization.parties.get(role="CONTACT")
    change_party(organization, by=by, now=now, party=contact, name="Mueni", email="m@riftvalley.example")
    set_identifiers(organization, by=by, now=now, identifiers={"REGISTRATION": NUMBER})
    set_names(organization, by=by, now=now, names=[{"name": "RVT Group", "kind": "TRADE"}])
    signer = {"role": "SIGNER", "kind": "PERSON", "name": "Achieng Otieno", "birth_date": date(1970, 3, 4)}
    add_party(organization, by=by, now=now, **signer, email="a@riftvalley.example", phone=PHONE)
    case = make.case_at("OPEN", buyer, now=now, by=by)
    make.actions.refuse_trust(case, by=make.officer(now), now=now, reason="OWNERSHIP")
    return case


@pytest.fixture
def newcomer(now, refused):
    return make.buyer("Great Lakes Ventures", now=now)


def shared(buyer, now) -> list[tuple[str, str, str]]:
    return [(str(link.kind), link.ours, link.theirs) for link in links_of(buyer, make.officer(now))]


def party(**fields):
    return {"role": "CONTACT", "kind": "PERSON", "name": "Somebody", "email": "s@example.org"} | fields


def called(name: str):
    return {"names": [{"name": name, "kind": "TRADE"}]}


SHARED = {
    "number": (set_identifiers, {"identifiers": {"TAX": "ke 4711/2290"}}, ("Number", "ke 4711/2290", NUMBER)),
    "telephone": (add_party, party(phone="00254-20-5550147"), ("Telephone", "00254-20-5550147", PHONE)),
    "site": (
        edit_organization,
        {"website": "http://riftvalley.example"},
        ("Internet domain", "http://riftvalley.example", "https://www.riftvalley.example/en"),
    ),
    "mail": (
        add_party,
        party(email="sales@RiftValley.example"),
        ("Internet domain", "sales@RiftValley.example", "https://www.riftvalley.example/en"),
    ),
    "address": (
        edit_organization,
        {"address": "Kisumu, Lake Road, Plot 12"},
        ("Address", "Kisumu, Lake Road, Plot 12", "Plot 12, Lake Road, Kisumu"),
    ),
    "name": (
        set_names,
        {"names": [{"name": "Trading Rift Valley", "kind": "TRADE"}]},
        ("Name", "Trading Rift Valley", "Rift Valley Trading"),
    ),
    "other name": (set_names, {"names": [{"name": "RVT GROUP", "kind": "TRADE"}]}, ("Name", "RVT GROUP", "RVT Group")),
    "person": (add_party, party(name="Otieno, Achieng"), ("Person or owner", "Otieno, Achieng", "Achieng Otieno")),
    "person of that birth date": (
        add_party,
        party(name="Achieng OTIENO", birth_date=date(1970, 3, 4)),
        ("Person or owner", "Achieng OTIENO", "Achieng Otieno"),
    ),
}


@pytest.mark.parametrize("fact", SHARED)
def test_each_shared_fact_is_found(fact, newcomer, refused, now):
    act, fields, expected = SHARED[fact]
    assert shared(newcomer, now) == []  # that both name the county, a government, is none
    act(newcomer.organization, by=person("buyer"), now=now, **fields)
    assert shared(newcomer, now) == [expected]
    (link,) = links_of(newcomer, make.officer(now))
    assert (link.case, link.at, link.who) == (refused, now, "Officer")


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (add_party, party(name="Achieng Otieno", birth_date=date(1971, 3, 4))),
        (add_party, party(email="rift@gmail.com", phone="0147")),
        (set_identifiers, {"identifiers": {"TAX": "4711"}}),
        (edit_organization, {"address": "Lake Road, Kisumu", "website": "https://facebook.com/riftvalley"}),
    ],
)
def test_what_is_not_the_same_is_no_link(act, fields, newcomer, now):
    act(newcomer.organization, by=person("buyer"), now=now, **fields)
    assert shared(newcomer, now) == []


@pytest.mark.parametrize("state", ["OPEN", "QUESTION_ASKED", "WITHDRAWN"])
def test_only_adverse_decisions_link(state, newcomer, now):
    other = make.buyer("Naivasha Steam", now=now, by=person("third"))
    for buyer, by in ((other, "third"), (newcomer, "buyer")):
        set_identifiers(buyer.organization, by=person(by), now=now, identifiers={"TAX": "99887766"})
    make.case_at(state, other, now=now, by=person("third"))
    assert shared(newcomer, now) == []


def test_links_stand_on_the_case_page_and_not_on_the_buyers(newcomer, refused, now, today):
    set_identifiers(newcomer.organization, by=person("buyer"), now=now, identifiers={"TAX": NUMBER})
    case = make.case_at("OPEN", newcomer, now=today)
    page = signed_in(make.officer(today)).get(case_page(case)).text
    for words in (
        "Facts shared with buyers that were not trusted",
        "Rift Valley Trading",
        case_page(refused),
        "Not trusted",
    ):
        assert words in page
    own = signed_in(person("buyer")).get(f"/buyers/{newcomer.pk}/").text
    assert "Rift Valley" not in own


@pytest.mark.parametrize("count", [1, 3])
def test_links_take_as_many_queries_for_many(count, newcomer, now, django_assert_num_queries):
    set_identifiers(newcomer.organization, by=person("buyer"), now=now, identifiers={"TAX": NUMBER})
    for number in range(1, count):
        other = make.buyer(f"Other {number}", now=now, by=person("earlier"))
        other.organization.parties.filter(role="CONTACT").delete()
        signer = party(name="Kim", email="k@example.net")
        add_party(other.organization, by=person("earlier"), now=now, **signer)
        set_identifiers(other.organization, by=person("earlier"), now=now, identifiers={"TAX": NUMBER})
        make.case_at("REFUSED", other, now=now, by=person("earlier"))
    officer = make.officer(now)
    with django_assert_num_queries(11):
        assert len(links_of(newcomer, officer)) == count
