"""Pages of companies: whose they are, registering without doubles, and forming a consortium."""

from datetime import timedelta

import pytest

from consortia.models import Company, Consortium
from tests.browsers import key, page, said, signed_in
from tests.consortia.conftest import people_around
from tests.factories import consortia as make
from tests.factories import organizations
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

COMPANY = {
    "legal_name": "Delta Vision LLC",
    "country": "US",
    "headquarters_country": "US",
    "summary": "Builds things.",
    "capabilities": ["A"],
    "other_names": "Delta",
    "registration_number": "HRB 1",
}
FORM = {"name": "Northern Stack", "kind": "PRE_SET", "components": ["A", "B"]}


@pytest.fixture
def now(today):
    """The request's clock decides whether an invitation expired."""
    return today


@pytest.fixture
def anchor():
    return signed_in(person("anchor"))


PAGES = ["company_detail", "company_edit", "consortium_form"]
ANSWERS = {
    "anchor": [200, 200, 200],
    "anchor_signer": [200, 200, 200],
    "anchor_editor": [200, 200, 403],
    "anchor_viewer": [200, 403, 403],
}


def test_a_page_is_its_own_peoples_and_a_404_to_all_others(consortium, now):
    make.joined(consortium, now=now)
    cast = people_around(consortium, now)
    company = make.company_of(person("anchor"))
    for who in (name for name in cast if name != "job"):
        browser = signed_in(cast[who])
        found = [browser.get(page(name, company.pk)).status_code for name in PAGES]
        assert found == ANSWERS.get(who, [404, 404, 404]), who


# --- the list --------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_how_to_begin():
    text = signed_in(person("stranger")).get(page("company_list")).text
    assert "Register your company first." in text
    assert 'class="usa-button" href="/companies/register/"' in text


def test_a_company_without_a_consortium_is_told_how_to_form_one(anchor, now):
    make.company(now=now)
    assert "None yet. Open your company's page to form one." in anchor.get(page("company_list")).text


def test_an_invitation_is_shown_while_it_can_be_accepted(consortium, now):
    make.invited(consortium, now=now)
    make.invited(consortium, now=now - timedelta(days=30), email="late@example.com")
    words = "You are invited to “Meridian Alliance”."
    assert words in signed_in(person("invited")).get(page("company_list")).text
    assert words not in signed_in(person("late")).get(page("company_list")).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(rows, anchor, now, django_assert_num_queries):
    make.consortium(now=now)
    for _number in range(rows - 1):
        make.consortium(now=now)
    anchor.get(page("company_list"))
    with django_assert_num_queries(5):
        text = anchor.get(page("company_list")).text
    assert (text.count('href="/companies/'), text.count('href="/consortia/')) == (rows + 2, rows)
    assert text.count("1 member") == rows


# --- registering -----------------------------------------------------------------------------------------------------


def test_registering_once_however_often_the_button_is_pressed(now):
    browser, data = signed_in(person("founder")), COMPANY | key()
    assert "One page." in browser.get(page("company_register")).text
    first = browser.post(page("company_register"), data, follow=True)
    company = Company.objects.get()
    assert said(first) == ["Delta Vision LLC is registered. You are its administrator."]
    assert browser.post(page("company_register"), data).url == page("company_detail", company.pk)
    assert [name.name for name in company.organization.names.all()] == ["Delta"]
    assert [str(number) for number in company.organization.identifiers.all()] == ["Registration number HRB 1"]


def test_nearly_the_same_name_is_asked_about_and_then_registered(now):
    make.company("Delta Visions LLC", now=now)
    browser, data = signed_in(person("founder")), COMPANY | key()
    asked = browser.post(page("company_register"), data)
    assert asked.status_code == 200
    for words in (
        "A company of nearly this name is registered",
        "Delta Visions LLC, United States",
        'name="confirmed"',
    ):
        assert words in asked.text, words
    assert f'value="{data["submission_key"]}"' in asked.text
    assert Company.objects.count() == 1
    assert browser.post(page("company_register"), data | {"confirmed": "yes"}).status_code == 302
    assert Company.objects.count() == 2


def test_federal_people_register_nothing(now, consortium):
    cast = people_around(consortium, now)
    for method in ("get", "post"):
        assert getattr(signed_in(cast["officer"]), method)(page("company_register"), COMPANY).status_code == 403


# --- a company's page ------------------------------------------------------------------------------------------------


def test_the_page_leads_to_what_comes_next(consortium, anchor, now):
    company = make.company_of(person("anchor"))
    path = page("company_detail", company.pk)
    company.organization.parties.all().delete()
    for words in ("Next: add the owners", "Form a consortium", "Meridian Alliance", "Anchor member: A, B, C", "Active"):
        assert words in anchor.get(path).text, words
    organizations.owner(company.organization, by=person("anchor"), now=now)
    assert "Next: add the owners" not in anchor.get(path).text


def test_a_foreign_company_is_told_to_ask_an_anchor(now):
    company = make.company("Nordlicht GmbH", now=now, by=person("founder"), country="DE")
    browser = signed_in(person("founder"))
    text = browser.get(page("company_detail", company.pk)).text
    assert "must be a U.S. company" in text
    assert "Form a consortium" not in text
    answer = browser.post(page("consortium_form", company.pk), FORM)
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        ["The anchor member must be a U.S. company. Ask a U.S. company to form it and to invite yours."],
    )
    assert Consortium.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(rows, anchor, now, django_assert_num_queries):
    company = make.company(now=now)
    for number in range(rows):
        make.actions.form_consortium(company, by=person("anchor"), now=now, name=f"Stack {number}", kind="PRE_SET")
        organizations.owner(company.organization, by=person("anchor"), now=now, share_percent=None)
    anchor.get(page("company_detail", company.pk))
    with django_assert_num_queries(10):
        text = anchor.get(page("company_detail", company.pk)).text
    assert text.count("Stack ") == rows


def test_the_profile_is_edited(consortium, anchor):
    company = make.company_of(person("anchor"))
    path = page("company_edit", company.pk)
    assert anchor.get(path).context["form"]["summary"].value() == "Builds things."
    saved = anchor.post(path, {"summary": "Builds chips.", "capabilities": ["A", "C"]})
    assert saved.url == page("company_detail", company.pk)
    company.refresh_from_db()
    assert (company.summary, company.capabilities) == ("Builds chips.", ["A", "C"])
    emptied = anchor.post(path, {"summary": ""})
    assert emptied.status_code == 422
    assert "<h1>Edit the profile</h1>" in emptied.text


def test_a_consortium_is_formed_once_however_often_the_button_is_pressed(anchor, now):
    company, data = make.company(now=now), FORM | key()
    path = page("consortium_form", company.pk)
    assert "Meridian Compute Inc will be its anchor member" in anchor.get(path).text
    first, second = (anchor.post(path, data) for _click in range(2))
    consortium = Consortium.objects.get()
    assert first.url == second.url == page("consortium_detail", consortium.slug)
    assert said(anchor.get(first.url)) == ["The consortium is formed. Invite the companies that complete its stack."]
