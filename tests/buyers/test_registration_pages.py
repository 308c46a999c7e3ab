"""Registering as a buyer: as people, strangers and hostile visitors do it."""

import uuid

import pytest
from django.test import Client

from buyers.models import Buyer, VettingCase
from core.models import Receipt
from organizations.models import Organization
from tests.browsers import page, signed_in
from tests.buyers.conftest import REGISTRATION
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member, organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(person("buyer"))


def error_words(response) -> list[str]:
    return [error for errors in response.context["form"].errors.values() for error in errors]


# --- registering ----------------------------------------------------------------------------------------------------


def test_the_whole_way_from_registration_to_receipt(client, now):
    registered = client.post("/buyers/register/", REGISTRATION)
    buyer = Buyer.objects.get()
    assert registered.url == f"/buyers/{buyer.pk}/owners/"
    owner = {"kind": "ENTITY", "name": "County Holdings", "country": "KE", "share_percent": ""}
    assert client.post(registered.url, owner).url == registered.url
    contact = {"name": "Amina Wanjiru", "country": "KE", "email": "amina@umeme.example"}
    client.post(f"/buyers/{buyer.pk}/contacts/", contact)
    client.post(f"/buyers/{buyer.pk}/end-users/", {"kind": "ENTITY", "name": "County Hospital", "country": "KE"})
    receipt = client.post(f"/buyers/{buyer.pk}/check/").url
    assert receipt == f"/receipts/{Receipt.objects.get().number}/"
    assert client.get(receipt).status_code == 200
    parties = buyer.organization.parties.order_by("pk").values_list("role", "name")
    assert list(parties) == [
        ("OWNER", "County Holdings"),
        ("CONTACT", "Amina Wanjiru"),
        ("END_USER", "County Hospital"),
    ]
    assert buyer.organization.stakes.get().share_percent is None
    assert [(name.name, name.kind) for name in buyer.organization.names.order_by("pk")] == [
        ("Umeme", "TRADE"),
        ("أوميمي", "ORIGINAL_SCRIPT"),
    ]
    assert [case.status for case in buyer.cases.all()] == ["OPEN"]


def test_a_double_click_registers_once(client):
    key = {"submission_key": str(uuid.uuid4())}
    first, second = (client.post("/buyers/register/", REGISTRATION | key) for _click in range(2))
    assert first.url == second.url
    assert (Buyer.objects.count(), Organization.objects.count()) == (1, 1)


def test_a_double_click_submits_once_with_one_receipt(client, buyer):
    key = {"submission_key": str(uuid.uuid4())}
    first, second = (client.post(page("buyer_submit", buyer.pk), key) for _click in range(2))
    assert first.url == second.url == f"/receipts/{Receipt.objects.get().number}/"
    assert VettingCase.objects.count() == 1


def test_a_retry_with_another_key_is_told_that_it_is_done(client, buyer):
    client.post(page("buyer_submit", buyer.pk), {"submission_key": str(uuid.uuid4())})
    again = client.post(page("buyer_submit", buyer.pk), {"submission_key": str(uuid.uuid4())})
    assert again.status_code == 422
    assert error_words(again) == ["Your profile is under review already. There is nothing more to submit."]


def test_a_name_like_a_registered_one_is_asked_about_first(client, buyer):
    asked = client.post("/buyers/register/", REGISTRATION | {"legal_name": "Umeme Grid Companie"})
    assert (asked.status_code, asked.context["similar"]) == (200, [buyer.organization])
    confirmed = client.post(
        "/buyers/register/", REGISTRATION | {"legal_name": "Umeme Grid Companie", "confirmed": "yes"}
    )
    assert (confirmed.status_code, Buyer.objects.count()) == (302, 2)


def test_a_company_registers_as_a_buyer_without_typing_it_again(client, now):
    entity = organization("Grid Works", now=now, by=person("buyer"))
    assert list(client.get("/buyers/register/").context["organizations"]) == [entity]
    assert client.get(f"/buyers/register/{entity.pk}/").status_code == 200
    answer = client.post(f"/buyers/register/{entity.pk}/", make.PROFILE)
    buyer = Buyer.objects.get()
    assert (answer.url, buyer.organization) == (f"/buyers/{buyer.pk}/owners/", entity)
    assert client.get(f"/buyers/register/{entity.pk}/").status_code == 404


def test_a_viewer_does_not_register_the_organization(now):
    entity = organization("Grid Works", now=now, by=person("buyer"))
    viewer = signed_in(member(entity, "viewer", "VIEWER", now=now))
    assert viewer.post(f"/buyers/register/{entity.pk}/", make.PROFILE).status_code == 403
    assert signed_in(person("stranger")).get(f"/buyers/register/{entity.pk}/").status_code == 404


def test_federal_people_register_nobody(now):
    officer = signed_in(make.officer(now))
    assert officer.get("/buyers/register/").status_code == 403
    assert officer.post("/buyers/register/", REGISTRATION).status_code == 403
    assert Buyer.objects.count() == 0


@pytest.mark.parametrize(
    "field", ["legal_name", "country", "headquarters_country", "kind", "activity", "intended_end_use"]
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(field, client):
    answer = client.post("/buyers/register/", REGISTRATION | {field: ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    kept = answer.context["form"]["address"].value()
    assert kept == REGISTRATION["address"]
    assert Buyer.objects.count() == 0


HOSTILE = [
    "\x00",
    "a" * 1_000_000,
    "<script>alert(1)</script>",
    "\u202e\u200f\u2066",
    "{{ 7*7 }}",
    "'; DROP TABLE buyers_buyer; --",
    "%s%s%n",
    "💧" * 300,
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["legal_name", "country", "activity", "other_names", "kind", "website"])
def test_hostile_registrations_break_nothing(field, text, client):
    answer = client.post("/buyers/register/", REGISTRATION | {field: text})
    assert answer.status_code in (200, 302, 422)
    if answer.status_code == 302:
        shown = client.get(f"/buyers/{Buyer.objects.get().pk}/check/")
        assert shown.status_code == 200
        assert b"<script>alert" not in shown.content


def test_posting_every_field_of_the_models_changes_only_what_the_form_has(client, buyer):
    extra = {
        "organization": "999",
        "created_at": "2000-01-01",
        "id": "7",
        "pk": "7",
        "status": "TRUSTED",
        "profile_version": "99",
        "trusted_until": "2030-01-01",
    }
    before = (buyer.pk, buyer.organization_id, buyer.created_at, buyer.organization.profile_version)
    client.post(page("buyer_edit", buyer.pk), make.PROFILE | {"activity": "Mines."} | extra)
    after = Buyer.objects.get()
    assert (after.pk, after.organization_id, after.created_at, after.organization.profile_version) == before
    assert (after.activity, after.cases.count()) == ("Mines.", 0)


# --- owners, contacts, end users ------------------------------------------------------------------------------------


def test_shares_add_up_and_unknown_is_shown_as_unknown(client, buyer, now):
    add = page("buyer_parties", buyer.pk, "owners")
    buyer.organization.stakes.update(share_percent=None)
    client.post(add, {"kind": "PERSON", "name": "Halima", "country": "KE", "share_percent": "40.5"})
    shown = client.get(add)
    ownership = shown.context["ownership"]
    assert (str(ownership.known_percent), ownership.unknown_count) == ("40.5000", 1)
    text = " ".join(shown.content.decode().split())
    assert "Known shares add up to 40.5 percent. One share is unknown." in text


@pytest.mark.parametrize("share", ["0", "-1", "100.01", "1000", "abc", "NaN", "1e9", "5.12345"])
def test_an_impossible_share_is_refused(share, client, buyer):
    add = page("buyer_parties", buyer.pk, "owners")
    answer = client.post(add, {"kind": "PERSON", "name": "Halima", "country": "KE", "share_percent": share})
    assert answer.status_code == 422
    assert buyer.organization.parties.filter(role="OWNER").count() == 1


def test_more_than_the_whole_is_refused_and_says_how_to_fix_it(client, buyer):
    add = page("buyer_parties", buyer.pk, "owners")
    buyer.organization.stakes.update(share_percent=60)
    answer = client.post(add, {"kind": "PERSON", "name": "Juma", "share_percent": "50"})
    assert error_words(answer) == [
        "The shares in Umeme Grid Company add up to 110 percent: County Holdings 60 %; Juma 50 %. "
        "Correct a share, so that they are at most 100."
    ]


def test_a_double_click_adds_one_owner(client, buyer):
    owner = {"kind": "PERSON", "name": "Halima", "submission_key": str(uuid.uuid4())}
    for _click in range(2):
        client.post(page("buyer_parties", buyer.pk, "owners"), owner)
    assert buyer.organization.parties.filter(name="Halima").count() == 1


def test_removing_goes_back_to_the_list_that_it_was_on(client, buyer):
    contact = buyer.organization.parties.get(role="CONTACT")
    answer = client.post(page("buyer_party_remove", buyer.pk, contact.pk))
    assert answer.url == page("buyer_parties", buyer.pk, "contacts")
    assert client.get(page("buyer_submit", buyer.pk)).context["missing"] == [
        "Name at least one contact, so that we know whom to write to."
    ]


def test_another_buyers_owner_is_not_removed(client, buyer, now):
    other = make.buyer("Rival Telecom", now=now, by=person("rival"))
    party = other.organization.parties.first()
    assert client.post(page("buyer_party_remove", buyer.pk, party.pk)).status_code == 404
    assert client.post(page("buyer_party_remove", other.pk, party.pk)).status_code == 404
    assert client.get(page("buyer_party_remove", buyer.pk, party.pk)).status_code == 405
    assert other.organization.parties.count() == 2


def test_a_viewer_changes_no_party(buyer, now):
    viewer = signed_in(member(buyer.organization, "viewer", "VIEWER", now=now))
    party = buyer.organization.parties.first()
    assert viewer.post(page("buyer_party_remove", buyer.pk, party.pk)).status_code == 403
    assert viewer.get(page("buyer_parties", buyer.pk, "owners")).status_code == 403
