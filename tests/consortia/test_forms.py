"""What the forms of companies and consortia take."""

import pytest

from consortia.forms import CompanyForm, CompanyProfileForm, ComponentsForm, ConsortiumForm, InvitationForm

COMPANY = {"legal_name": "Delta", "country": "US", "headquarters_country": "US", "summary": "Builds things."}
CONSORTIUM = {"name": "Northern Stack", "kind": "PRE_SET"}


def errors_of(form) -> dict[str, list[str]]:
    form.is_valid()
    return {name: list(errors) for name, errors in form.errors.items()}


def test_a_company_is_an_entity_and_a_profile():
    form = CompanyForm(COMPANY | {"capabilities": ["C", "A"]})
    assert form.is_valid()
    assert form.company_fields() == {"summary": "Builds things.", "capabilities": ["C", "A"]}
    assert sorted(form.organization_fields()) == [
        "address",
        "country",
        "headquarters_country",
        "legal_name",
        "website",
    ]


@pytest.mark.parametrize(
    ("form", "data", "fields_with_errors"),
    [
        (CompanyForm, COMPANY | {"summary": ""}, ["summary"]),
        (CompanyForm, COMPANY | {"summary": "x" * 2001}, ["summary"]),
        (CompanyForm, COMPANY | {"capabilities": ["Z"]}, ["capabilities"]),
        (CompanyForm, {}, ["legal_name", "country", "headquarters_country", "summary"]),
        (CompanyProfileForm, {"summary": "Builds.", "capabilities": ["A", "E"]}, []),
        (CompanyProfileForm, {"summary": "", "capabilities": ["AB"]}, ["summary", "capabilities"]),
        (InvitationForm, {"email": "ann@example.com"}, []),
        (InvitationForm, {"email": "ann@example.com", "components": ["A"], "message": "x" * 2000}, []),
        (
            InvitationForm,
            {"email": "ann", "components": ["Z"], "message": "x" * 2001},
            ["email", "message", "components"],
        ),
        (ComponentsForm, {}, []),
        (ComponentsForm, {"components": ["A", "B", "C", "D", "E"]}, []),
        (ComponentsForm, {"components": ["F"]}, ["components"]),
        (ConsortiumForm, CONSORTIUM, []),
        (ConsortiumForm, CONSORTIUM | {"components": ["A"]}, []),
        (ConsortiumForm, {}, ["name", "kind"]),
        (ConsortiumForm, CONSORTIUM | {"kind": "LOOSE"}, ["kind"]),
    ],
)
def test_a_form_and_its_errors(form, data, fields_with_errors):
    assert sorted(errors_of(form(data))) == sorted(fields_with_errors)


@pytest.mark.parametrize(
    ("kind", "opportunity", "errors"),
    [
        ("PRE_SET", "", []),
        ("ON_DEMAND", "A grid in Kenya", []),
        ("PRE_SET", "A grid", ["A pre-set consortium has no single opportunity. Empty this, or choose on-demand."]),
        ("ON_DEMAND", "", ["Name the export opportunity that the consortium is formed for."]),
        ("ON_DEMAND", "   ", ["Name the export opportunity that the consortium is formed for."]),
    ],
)
def test_an_opportunity_belongs_to_an_on_demand_consortium(kind, opportunity, errors):
    form = ConsortiumForm(CONSORTIUM | {"kind": kind, "opportunity": opportunity})
    assert errors_of(form).get("opportunity", []) == errors


def test_a_consortium_is_pre_set_unless_chosen_otherwise():
    assert ConsortiumForm()["kind"].value() == "PRE_SET"
