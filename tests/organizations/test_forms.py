"""What the organization's forms take, and how they say what they do not."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations import actions
from organizations.forms import DocumentForm, InviteForm, OrganizationForm, PartyForm, RoleForm
from tests.factories.accounts import person

ENTITY = {"legal_name": "Meridian Compute Inc", "country": "US", "headquarters_country": "CA"}
PARTY = {"kind": "PERSON", "name": "Dana Whitfield", "country": "US"}


def errors_of(form) -> dict[str, list[str]]:
    form.is_valid()
    return {name: list(errors) for name, errors in form.errors.items()}


# --- the entity ------------------------------------------------------------------------------------------------------


def test_an_entity_with_its_other_names_and_number():
    form = OrganizationForm(
        ENTITY
        | {
            "website": "meridian.example",
            "other_names": "  Meridian \n\nمريديان\r\nMeridian\n",
            "registration_number": "HRB 1",
        }
    )
    assert form.is_valid()
    assert form.organization_fields() == ENTITY | {"address": "", "website": "https://meridian.example"}
    assert form.names() == [{"name": "Meridian", "kind": "TRADE"}, {"name": "مريديان", "kind": "ORIGINAL_SCRIPT"}]
    assert form.identifiers() == [{"kind": "REGISTRATION", "value": "HRB 1"}]


def test_an_entity_needs_little_and_then_has_no_more():
    form = OrganizationForm(ENTITY)
    assert form.is_valid()
    assert (form.names(), form.identifiers()) == ([], [])


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"legal_name": ""}, {"legal_name": ["This field is required."]}),
        ({"legal_name": "a\x00b"}, {"legal_name": ["Null characters are not allowed."]}),
        ({"other_names": "a\x00b"}, {"other_names": ["Null characters are not allowed."]}),
        ({"country": "XX"}, {"country": ["Select a valid choice. XX is not one of the available choices."]}),
        ({"website": "javascript:alert(1)"}, {"website": ["Enter a valid URL."]}),
        ({"other_names": "\n".join(f"Name {n}" for n in range(51))}, {"other_names": ["Enter at most 50 names."]}),
        (
            {"other_names": "x" * 256},
            {"other_names": [f"This name is longer than 255 characters: {'x' * 40}…"]},
        ),
        (
            {"registration_number": "9" * 65},
            {"registration_number": ["Ensure this value has at most 64 characters (it has 65)."]},
        ),
    ],
)
def test_an_entity_that_is_refused(changes, errors):
    assert errors_of(OrganizationForm(ENTITY | changes)) == errors


def test_fifty_names_of_full_length_are_taken():
    form = OrganizationForm(ENTITY | {"other_names": "\n".join(f"{n:02}" + "x" * 253 for n in range(50))})
    assert form.is_valid()
    assert len(form.names()) == 50


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "HRB 1"])
def test_a_stored_entity_is_shown_as_it_is(now, number):
    made = actions.register_organization(
        by=person("founder"),
        now=now,
        names=[{"name": name, "kind": "TRADE"} for name in ("Zeta", "Alpha")],
        identifiers=[{"kind": "REGISTRATION", "value": number}] if number else [],
        **ENTITY,
    )
    initial = OrganizationForm(instance=made).initial
    assert (initial["other_names"], initial["registration_number"]) == ("Zeta\nAlpha", number)


# --- parties ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        ("OWNER", ["kind", "name", "country", "birth_date", "share_percent"]),
        ("SIGNER", ["name", "country", "birth_date", "position"]),
        ("CONTACT", ["name", "country", "position", "email", "phone"]),
        ("END_USER", ["kind", "name", "country"]),
    ],
)
def test_each_role_is_asked_for_its_own_fields(role, fields):
    assert list(PartyForm(role=role).fields) == fields


@pytest.mark.parametrize(
    ("role", "data", "errors"),
    [
        ("OWNER", PARTY, {}),
        ("OWNER", PARTY | {"share_percent": "100", "birth_date": "1970-01-31"}, {}),
        ("OWNER", PARTY | {"country": ""}, {}),
        ("OWNER", PARTY | {"name": ""}, {"name": ["This field is required."]}),
        ("OWNER", PARTY | {"kind": ""}, {"kind": ["This field is required."]}),
        (
            "OWNER",
            PARTY | {"kind": "ENTITY", "birth_date": "1970-01-31"},
            {"birth_date": ["Only a person has a date of birth. Leave this empty."]},
        ),
        ("OWNER", PARTY | {"share_percent": "NaN"}, {"share_percent": ["Enter a number."]}),
        ("OWNER", PARTY | {"birth_date": "2026-99-99"}, {"birth_date": ["Enter a valid date."]}),
        ("SIGNER", {"name": "Ann Lee", "birth_date": "1970-01-31", "position": "CEO"}, {}),
        ("CONTACT", {"name": "Ann Lee"}, {"email": ["This field is required."]}),
        ("CONTACT", {"name": "Ann Lee", "email": "ann@example.com", "share_percent": "5"}, {}),
        ("END_USER", {"kind": "GOVERNMENT", "name": "Ministry"}, {}),
    ],
)
def test_a_party(role, data, errors):
    assert errors_of(PartyForm(data, role=role)) == errors


@pytest.mark.parametrize("share", ["0", "-1", "100.01"])
def test_a_share_is_more_than_nothing_and_at_most_the_whole(share):
    assert errors_of(PartyForm(PARTY | {"share_percent": share}, role="OWNER")) == {
        "share_percent": ["A share is more than 0 and at most 100 percent. Leave it empty if it is not known."]
    }


def test_a_role_that_does_not_ask_is_a_person():
    form = PartyForm({"name": "Ann Lee", "birth_date": "1970-01-31"}, role="SIGNER")
    assert form.is_valid()
    assert form.party_fields() == {
        "role": "SIGNER",
        "kind": "PERSON",
        "name": "Ann Lee",
        "country": "",
        "birth_date": date(1970, 1, 31),
        "position": "",
    }
    owner = PartyForm(PARTY | {"kind": "ENTITY"}, role="OWNER")
    assert owner.is_valid()
    assert owner.party_fields()["kind"] == "ENTITY"


# --- people and documents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "data", "fields_with_errors"),
    [
        (InviteForm, {"email": "ann@example.com", "role": "VIEWER"}, []),
        (InviteForm, {"email": "ann", "role": "OWNER"}, ["email", "role"]),
        (InviteForm, {}, ["email", "role"]),
        (RoleForm, {"role": "SIGNER"}, []),
        (RoleForm, {"role": "KING"}, ["role"]),
    ],
)
def test_forms_about_people(form, data, fields_with_errors):
    assert list(errors_of(form(data))) == fields_with_errors


def test_an_invitation_offers_editor_first():
    assert InviteForm()["role"].value() == "EDITOR"


@pytest.mark.parametrize(
    ("data", "upload", "fields_with_errors"),
    [
        ({"kind": "OTHER"}, b"An extract.", []),
        ({"kind": "OTHER"}, b"", ["upload"]),
        ({"kind": "OTHER"}, None, ["upload"]),
        ({"kind": "PASSPORT"}, b"An extract.", ["kind"]),
    ],
)
def test_a_document_has_a_kind_and_a_file(data, upload, fields_with_errors):
    files = {} if upload is None else {"upload": SimpleUploadedFile("extract.txt", upload)}
    assert list(errors_of(DocumentForm(data, files))) == fields_with_errors
