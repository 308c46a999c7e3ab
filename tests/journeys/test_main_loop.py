"""The portal's main loop as its users walk it: from the first page to two people who write to each other."""

import pytest

from tests.journeys import demand, supply, workbench
from tests.journeys.people import Person

pytestmark = pytest.mark.uncovered

PACKAGE, NEED, CONSORTIUM = "Grid stack", "Grid forecasting", "Meridian Alliance"
ANCHOR, MEMBER, BUYER = "Meridian Compute Inc", "Beacon Data LLC", "Umeme Grid Company"
SUPPLIERS = dict.fromkeys("ABC", ANCHOR) | dict.fromkeys("DE", MEMBER)


def offer_package(anchor: Person, member: Person, officer: Person) -> str:
    """Sign-up, company, consortium, a second company by mail, five components, clearance, publication."""
    anchor.signs_up()
    supply.registers_company(anchor, ANCHOR, "A", "B", "C")
    supply.forms_consortium(anchor, CONSORTIUM, "A", "B", "C")
    supply.invites(anchor, member)
    supply.joins(member, CONSORTIUM, MEMBER, "D", "E")
    anchor.opens_mail(f"{MEMBER} joined “{CONSORTIUM}”")
    supply.fills_package(anchor, PACKAGE, SUPPLIERS)
    anchor.sees("Who is not cleared yet", ANCHOR, MEMBER)
    workbench.clears_companies(officer, ANCHOR, MEMBER)
    member.opens_mail(f"{MEMBER} is cleared to supply packages")
    member.sees("Cleared.")
    anchor.page.reload()
    return supply.publishes(anchor, PACKAGE)


def ask_for_trust(buyer: Person, name: str = BUYER) -> None:
    buyer.signs_up()
    demand.registers_buyer(buyer, name)
    demand.submits(buyer, name)
    demand.posts_need(buyer, NEED)


def give_trust(first: Person, second: Person) -> None:
    workbench.opens_case(first, BUYER)
    first.sees("Screened without an open hit.")
    workbench.records_findings(first)
    workbench.recommends(first)
    first.sees("Recommended. A second officer decides.")
    workbench.countersigns(second, BUYER, first)


def introduce(buyer: Person, anchor: Person) -> str:
    """From the match that both were told of to a message each way; the address of the introduction."""
    anchor.opens_mail(f"A trusted buyer's need fits “{PACKAGE}”")
    anchor.sees(NEED)
    anchor.does_not_see(BUYER)
    buyer.opens_mail(f"A package fits your need “{NEED}”")
    buyer.sees(PACKAGE, CONSORTIUM)
    buyer.follows("Request an introduction")
    buyer.writes({"Message to the consortium": "We would like to talk about delivery."})
    buyer.presses("Continue")
    buyer.presses("Send the request")
    buyer.sees("Receipt")
    anchor.opens_mail(f"{BUYER} asks to be introduced: “{PACKAGE}”")
    anchor.does_not_see(buyer.email)
    anchor.follows("Accept")
    anchor.presses("Accept")
    anchor.sees("You are introduced.", buyer.email)
    anchor.writes({"Message": "When may we call?"})
    anchor.presses("Send")
    buyer.opens_mail(f"New message: {BUYER} and “{PACKAGE}”")
    buyer.sees("When may we call?", anchor.email)
    buyer.writes({"Message": "On Monday."})
    buyer.presses("Send")
    anchor.opens_mail(f"New message: {BUYER} and “{PACKAGE}”")
    anchor.sees("On Monday.")
    return anchor.page.url


def test_a_buyer_and_a_consortium_find_each_other_and_nobody_else_sees_it(newcomer, listed):
    anchor, member, buyer = newcomer("Ada Fields"), newcomer("Ben Moss"), newcomer("Wanjiru Otieno")
    first, second = newcomer("Olga Reyes"), newcomer("Carl Winter")
    workbench.becomes_officer(first, workbench.SecurityKey)
    workbench.becomes_officer(second, workbench.App)
    package = offer_package(anchor, member, first)
    ask_for_trust(buyer)
    give_trust(first, second)
    buyer.opens_mail("Your organization is a trusted buyer")
    introduction = introduce(buyer, anchor)
    nobody_else_sees_it(newcomer, package, introduction)


def nobody_else_sees_it(newcomer, package: str, introduction: str) -> None:
    stranger, rival, untrusted = newcomer("Sam Vale"), newcomer("Rita Stone"), newcomer("Uma Njeri")
    assert stranger.opens(package) == 200
    stranger.sees(PACKAGE)
    stranger.does_not_see(supply.SECRET, BUYER, NEED)
    rival.signs_up()
    supply.registers_company(rival, "Rival Systems Inc", "A")
    ask_for_trust(untrusted, "Lake Water Board")
    for person in (rival, untrusted):
        assert person.opens(introduction) == 404
        assert person.opens("/introductions/") == 200
        person.does_not_see(PACKAGE, BUYER)
        assert person.opens("/matches/") == 200
        person.does_not_see(PACKAGE, BUYER, CONSORTIUM)
    assert untrusted.opens(package) == 200
    untrusted.follows("Request an introduction")
    untrusted.sees("You cannot ask for an introduction yet")
    assert "match" not in " ".join(untrusted.subjects())
    stranger.opens(introduction)
    stranger.sees("No account yet?")


def test_a_package_is_published_without_scripts(newcomer, listed):
    officer = newcomer("Olga Reyes")
    workbench.becomes_officer(officer, workbench.App)
    people = [newcomer(name, java_script_enabled=False) for name in ("Ada Fields", "Ben Moss")]
    offer_package(*people, officer)


def test_nobody_trusts_a_buyer_that_bears_a_listed_name(newcomer, listed):
    buyer, officer = newcomer("Wanjiru Otieno"), newcomer("Olga Reyes")
    workbench.becomes_officer(officer, workbench.App)
    ask_for_trust(buyer, listed)
    workbench.opens_case(officer, listed)
    officer.sees("1 screening hit waits for a decision.")
    assert officer.row("Theirs", "Listed") == [f"{listed} legal name", f"{listed} EL"]
    workbench.records_findings(officer)
    workbench.recommends(officer)
    officer.sees("Trust is not possible: 1 screening hit waits for a decision.")
    buyer.opens("/buyers/")
    buyer.follows(listed)
    buyer.does_not_see("Consolidated Screening List", "hit")
