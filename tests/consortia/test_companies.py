"""Companies: registering, editing, forming a consortium; what the ledger and the selectors hold of them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from consortia import actions
from consortia.models import Company, Consortium, Member
from consortia.selectors import (
    anchor_of,
    companies_for,
    consortia_for,
    consortia_with_counts,
    coverage,
    is_us_company,
    members_of,
    people_of_anchor,
    people_of_members,
)
from core.dated import NoRule
from core.errors import UnableTo
from core.models import LedgerEntry
from organizations.models import Membership, Organization
from tests.consortia.conftest import CAST, FEDERAL, people_around
from tests.factories import consortia as make
from tests.factories import organizations
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, REFUSED, outcome

pytestmark = pytest.mark.django_db

ENTITY = {"legal_name": "Delta Vision LLC", "country": "US", "headquarters_country": "US"}
EDITORS = {"anchor", "anchor_signer", "anchor_editor"}
SIGNERS = {"anchor", "anchor_signer"}
FORM = {"name": "Northern Stack", "kind": "PRE_SET", "components": ["A"]}


def names_of(people) -> set[str]:
    return {user.email.partition("@")[0] for user in people}


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "arguments", "may"),
    [
        ("edit_company", {"summary": "Builds chips.", "capabilities": ["A"]}, EDITORS),
        ("form_consortium", FORM, SIGNERS),
    ],
)
def test_who_acts_for_a_company(action, arguments, may, consortium, now):
    cast, company = people_around(consortium, now), anchor_of(consortium).company
    found = {
        name: outcome(
            lambda name=name: getattr(actions, action)(
                Company.objects.get(pk=company.pk), by=cast[name], now=now, **arguments
            )
        )
        for name in CAST
    }
    assert found == {name: DONE if name in may else DENIED for name in CAST}


@pytest.mark.parametrize(
    ("action", "arguments", "may"),
    [("invite_company", {"email": "new@example.com"}, SIGNERS)],
)
def test_who_acts_for_a_consortium(action, arguments, may, consortium, now):
    make.joined(consortium, now=now)
    cast = people_around(consortium, now)
    found = {
        name: outcome(
            lambda name=name: getattr(actions, action)(
                Consortium.objects.get(pk=consortium.pk), by=cast[name], now=now, **arguments
            )
        )
        for name in CAST
    }
    assert found == {name: DONE if name in may else DENIED for name in CAST}


def test_whoever_signed_in_registers_a_company_but_no_federal_person_and_no_job(consortium, now):
    cast = people_around(consortium, now)
    found = {
        name: outcome(lambda name=name: actions.register_company(by=cast[name], now=now, summary="Builds.", **ENTITY))
        for name in CAST
    }
    assert found == {name: DENIED if name in FEDERAL | {"job"} else DONE for name in CAST}


# --- registering and editing -----------------------------------------------------------------------------------------


def test_registering_makes_the_entity_its_administrator_and_the_company(now):
    founder = person("founder")
    company = actions.register_company(
        by=founder,
        now=now,
        summary="Builds things.",
        capabilities=["A", "C"],
        names=[{"name": "Delta", "kind": "TRADE"}],
        identifiers=[{"kind": "UEI", "value": "ABC"}],
        **ENTITY,
    )
    assert (str(company), company.status, company.capabilities) == ("Delta Vision LLC", "ACTIVE", ["A", "C"])
    assert [name.name for name in company.organization.names.all()] == ["Delta"]
    assert Membership.objects.get().role == "ADMINISTRATOR"
    entry = LedgerEntry.objects.get(action="register_company")
    assert (entry.to_state, entry.detail) == ("ACTIVE", f'{{"organization": {company.organization_id}}}')
    assert list(companies_for(founder)) == [company]
    assert list(companies_for(AnonymousUser())) == []


@pytest.mark.parametrize(
    ("who", "expected"),
    [("founder", DONE), ("signer", DONE), ("editor", REFUSED), ("viewer", REFUSED), ("stranger", REFUSED)],
)
def test_a_signer_registers_an_organization_that_is_there_already(now, who, expected):
    organization = organizations.organization(now=now)
    for name in ("signer", "editor", "viewer"):
        organizations.member(organization, name, name.upper(), now=now)
    assert (
        outcome(lambda: actions.register_company(by=person(who), now=now, summary="Builds.", organization=organization))
        == expected
    )


def test_an_organization_is_one_company(now):
    company = make.company(now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.register_company(by=person("anchor"), now=now, summary="Again.", organization=company.organization)
    assert Organization.objects.count() == 1


def test_a_profile_is_edited_and_recorded(now):
    company, later = make.company(now=now), now.replace(hour=13)
    actions.edit_company(company, by=person("anchor"), now=later, summary="Builds chips.", capabilities=("A", "D"))
    stored = Company.objects.get()
    assert (stored.summary, stored.capabilities, stored.updated_at) == ("Builds chips.", ["A", "D"], later)
    assert LedgerEntry.objects.filter(action="edit_company").count() == 1


# --- forming a consortium --------------------------------------------------------------------------------------------


def test_the_company_that_forms_it_is_its_anchor(now):
    company = make.company(now=now)
    formed = actions.form_consortium(
        company, by=person("anchor"), now=now, name="Überland Allianz!", kind="ON_DEMAND", opportunity="A grid in Kenya"
    )
    anchor = anchor_of(formed)
    assert (str(formed), formed.slug[:-6], formed.status) == ("Überland Allianz!", "uberland-allianz-", "ACTIVE")
    assert (anchor.company, anchor.part, anchor.components, anchor.accepted_by) == (
        company,
        "ANCHOR",
        [],
        person("anchor"),
    )
    assert str(anchor) == "Meridian Compute Inc in Überland Allianz!"


@pytest.mark.parametrize(
    ("name", "slug"), [("日本", "consortium-"), ("x" * 200, "x" * 60 + "-"), ("!!!", "consortium-")]
)
def test_any_name_has_an_address(now, name, slug):
    formed = actions.form_consortium(make.company(now=now), by=person("anchor"), now=now, name=name, kind="PRE_SET")
    assert formed.slug[:-6] == slug


def test_a_foreign_company_is_no_anchor(now):
    company = make.company("Nordlicht GmbH", now=now, country="DE")
    assert not is_us_company(company, now)
    with pytest.raises(UnableTo, match=r"must be a U\.S\. company"):
        actions.form_consortium(company, by=person("anchor"), now=now, **FORM)
    assert Consortium.objects.count() == Member.objects.count() == 0


def test_without_a_rule_nobody_is_a_us_company(now):
    with pytest.raises(NoRule):
        actions.form_consortium(make.company(now=now), by=person("anchor"), now=now.replace(year=2001), **FORM)


@pytest.mark.parametrize(("kind", "opportunity"), [("PRE_SET", "A grid"), ("ON_DEMAND", "")])
def test_postgresql_refuses_a_kind_without_what_it_needs(now, kind, opportunity):
    with pytest.raises(IntegrityError, match="an on-demand consortium names its opportunity"), transaction.atomic():
        actions.form_consortium(
            make.company(now=now), by=person("anchor"), now=now, name="X", kind=kind, opportunity=opportunity
        )


# --- what its people see ---------------------------------------------------------------------------------------------


def test_members_the_anchor_first_and_what_they_supply(now):
    consortium = make.complete(now=now)
    second = consortium.members.get(part="MEMBER")
    assert [member.part for member in members_of(consortium)] == ["ANCHOR", "MEMBER"]
    assert [(letter.value, [str(m.company) for m in suppliers]) for letter, suppliers in coverage(consortium)] == [
        *[(letter, ["Meridian Compute Inc"]) for letter in "ABC"],
        *[(letter, ["Beacon Data LLC"]) for letter in "DE"],
    ]
    actions.leave_consortium(second, by=person("member"), now=now)
    assert [str(member.company) for member in members_of(consortium)] == ["Meridian Compute Inc"]
    assert [suppliers for _letter, suppliers in coverage(consortium)][3:] == [[], []]


def test_whose_consortium_it_is(consortium, now):
    cast = people_around(consortium, now)
    member = make.joined(consortium, now=now, by=person("rival"))
    seen = {name for name in CAST if name != "job" and consortium in consortia_for(cast[name])}
    assert seen == {"anchor", "anchor_signer", "anchor_editor", "anchor_viewer", "rival"}
    assert consortia_with_counts(person("rival")).get().member_count == 2
    assert names_of(people_of_members(consortium)) == seen
    assert names_of(people_of_anchor(consortium)) == seen - {"rival"}
    actions.remove_member(member, by=person("anchor"), now=now)
    assert list(consortia_for(person("rival"))) == []
    assert consortia_with_counts(person("anchor")).get().member_count == 1
