"""What is offered and how it is found: fitness of every supplier at read, facets, search, pages, hostile addresses."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia import actions as consortia_actions
from consortia import rules as consortia_rules
from consortia.selectors import members_of
from consortia.states import ComponentLetter
from core.errors import UnableTo
from core.models import DatedRule
from organizations.actions import add_party, edit_organization
from packages import actions as packages_actions
from packages import rules as packages_rules
from packages.selectors import offered
from tests.browsers import HOSTILE
from tests.factories import buyers, consortia, organizations
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.scenes import scene

HOSPITAL = "Hospital AI stack"


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@scene
def published(package, now) -> None:
    make.package_at("PUBLISHED", package, now=now)


def found(query: str) -> list[str]:
    page = Client().get(reverse("catalogue") + query)
    assert page.status_code == 200
    return [str(package) for package in page.context["page"].rows]


# --- what is offered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "happens",
    [
        lambda member, now: consortia_actions.suspend_company(member.company, by=buyers.officer(now), now=now),
        lambda member, now: consortia_actions.leave_consortium(member, by=person("member"), now=now),
        lambda member, now: consortia_actions.remove_member(member, by=person("anchor"), now=now),
        lambda member, now: edit_organization(
            member.company.organization, by=person("member"), now=now, legal_name="Beacon Data Two LLC"
        ),
        lambda member, now: add_party(
            member.company.organization, by=person("member"), now=now, role="OWNER", kind="PERSON", name="New Owner"
        ),
        lambda member, now: consortia_actions.dissolve_consortium(member.consortium, by=person("anchor"), now=now),
    ],
    ids=["suspended", "left", "removed", "renamed", "new owner", "dissolved"],
)
def test_one_unfit_supplier_hides_the_package_at_once(happens, package, published, now):
    assert list(offered(now)) == [package]
    happens(members_of(package.consortium)[1], now)
    assert list(offered(now)) == []
    assert Client().get(reverse("package_detail", args=[package.slug])).status_code == 404


def test_a_supplier_that_comes_back_brings_it_back(package, published, now):
    company = members_of(package.consortium)[1].company
    consortia_actions.suspend_company(company, by=buyers.officer(now), now=now)
    consortia_actions.reinstate_company(company, by=buyers.officer(now), now=now)
    assert list(offered(now)) == [package]


def test_a_member_that_supplies_nothing_here_hides_nothing(package, published, now):
    third = consortia.joined(package.consortium, now=now, by=person("third"), name="Third LLC")
    consortia_actions.suspend_company(third.company, by=buyers.officer(now), now=now)
    assert list(offered(now)) == [package]


def test_no_officer_takes_out_or_brings_back_what_their_own_organization_supplies(package, now):
    make.package_at("SUSPENDED", package, now=now)
    company = members_of(package.consortium)[1].company
    assert packages_rules.can_suspend_package(buyers.officer(now), package)
    assert consortia_rules.can_suspend_company(buyers.officer(now), company)
    organizations.member(company.organization, "officer", "EDITOR", now=now)
    assert not packages_rules.can_suspend_package(buyers.officer(now), package)
    assert not consortia_rules.can_suspend_company(buyers.officer(now), company)


def test_an_anchor_that_supplies_nothing_counts_all_the_same(package, now):
    """Whoever asks for an introduction meets the anchor."""
    member = members_of(package.consortium)[1]
    consortia_actions.change_components(member, by=person("member"), now=now, components=list(ComponentLetter))
    for letter in ComponentLetter:
        make.item_of(package, letter).delete()
        fields = make.item_fields(letter, member)
        packages_actions.save_item(package, by=person("anchor"), now=now, letter=letter, fields=fields)
    make.package_at("PUBLISHED", package, now=now)
    assert list(offered(now)) == [package]
    anchor = members_of(package.consortium)[0].company
    consortia_actions.suspend_company(anchor, by=buyers.officer(now), now=now)
    assert list(offered(now)) == []
    with pytest.raises(UnableTo, match="Meridian Compute Inc is suspended"):
        packages_actions.publish_package(package, by=person("anchor"), now=now)


def test_an_old_list_hides_everything(package, published, now):
    days = DatedRule.objects.get(code="csl_stale_after_days", effective_to=None).value
    assert list(offered(now + timedelta(days=days))) == [package]
    assert list(offered(now + timedelta(days=days, seconds=1))) == []


# --- hostile addresses ----------------------------------------------------------------------------------------------


def test_values_that_are_none_are_told_and_never_a_crash(published):
    for value in HOSTILE.values():
        wrong = dict.fromkeys(["country", "sector", "deployment", "language", "price"], value[:2000])
        page = Client().get(reverse("catalogue"), wrong)
        assert page.status_code == 200
        expected = list(wrong) if value else ["sector", "deployment", "language", "price"]
        assert list(page.context["filter"].form.errors) == expected
        assert [str(row) for row in page.context["page"].rows] == [HOSPITAL]  # what could not be read does not narrow


@pytest.mark.parametrize(
    "value", ["a\x00b", "'", '"', "-", "((", ":*", "<->", "or or", "\u202e", "%ED%A0%80", "x" * 200]
)
def test_any_words_can_be_searched_for(published, value):
    assert Client().get(reverse("catalogue"), {"q": value}).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"), [("?sector=MAGIC", "sector"), ("?country=XX", "country"), ("?q=" + "x" * 201, "q")]
)
def test_the_page_names_the_value_that_it_did_not_take(published, query, field):
    page = Client().get(reverse("catalogue") + query)
    assert (list(page.context["filter"].form.errors), len(page.context["page"].rows)) == ([field], 1)


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(rows, package, published, now, django_assert_num_queries):
    for number in range(rows - 1):
        make.offered(package.consortium, now=now, title=f"Stack {number}")
    visitor = Client()
    with django_assert_num_queries(5):
        page = visitor.get(reverse("catalogue"))
    assert len(page.context["page"].rows) == rows


def test_pages_follow_each_other_and_keep_the_choices(package, now):
    first = make.offered(package.consortium, now=now, title="Stack", sectors=["FINANCE"])
    make.copies(first, [f"Stack {number}" for number in range(20)])
    visitor, address = Client(), reverse("catalogue")
    first = visitor.get(address + "?sector=FINANCE")
    assert [str(row) for row in first.context["page"].rows] == [f"Stack {number}" for number in range(19, -1, -1)]
    second = visitor.get(f"{address}?{first.context['page'].next_query}")
    assert [str(row) for row in second.context["page"].rows] == ["Stack"]
    assert ("Next page" in first.text, "Next page" in second.text) == (True, False)
    assert 'href="?sector=FINANCE"' in second.text
    make.offered(package.consortium, now=now, title="Newer", sectors=["FINANCE"])
    again = visitor.get(f"{address}?{first.context['page'].next_query}")
    assert [str(row) for row in again.context["page"].rows] == ["Stack"]
    transaction.set_rollback(True)  # copies are past the actions: the guards would refuse them at the end of the test


def test_a_cursor_that_is_none_starts_at_the_first_page(published):
    for after in ["-1", "x", "9" * 19, "1e9", "", "0x1", "1;DROP", "a\x00b"]:
        page = Client().get(reverse("catalogue"), {"after": after}).context["page"]
        assert ([str(row) for row in page.rows], page.is_first) == ([HOSPITAL], True), after
