"""Pages of the legal entity and its parties, as its people, rivals and impatient hands meet them."""

import re
import uuid
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import reverse

from core.models import LedgerEntry
from organizations import actions
from organizations.models import AssociatedParty, Organization, Stake
from tests.browsers import said, signed_in
from tests.factories import core
from tests.factories import organizations as make
from tests.factories.accounts import person
from tests.organizations.conftest import CAST

pytestmark = pytest.mark.django_db

ENTITY = {"legal_name": "Meridian Compute Inc", "country": "US", "headquarters_country": "US"} | make.NOW_FIELDS


@pytest.fixture
def founder():
    return signed_in(person("founder"))


def page(name: str, organization: Organization, *more: object) -> str:
    return reverse(name, args=[organization.pk, *more])


# --- who sees what ---------------------------------------------------------------------------------------------------

OWN, EDITORS = {"administrator", "signer", "editor", "viewer"}, {"administrator", "signer", "editor"}


def test_a_page_is_its_own_peoples_and_a_404_to_all_others(organization, cast, now):
    party = make.owner(organization, by=person("founder"), now=now)
    pages = [
        (page("organization_detail", organization), OWN),
        (page("organization_people", organization), OWN),
        (page("organization_edit", organization), EDITORS),
        (page("party_add", organization, "OWNER"), EDITORS),
        (page("party_edit", organization, party.pk), EDITORS),
        (page("document_add", organization), EDITORS),
    ]
    for who in (name for name in CAST if name not in ("job", "closed")):
        browser = signed_in(cast[who])
        found = [browser.get(path).status_code for path, _may in pages]
        assert found == [200 if who in may else 403 if who in OWN else 404 for _path, may in pages], who


def test_the_page_shows_what_is_stored_and_buttons_to_those_who_may_use_them(organization, cast, now):
    founder = person("founder")
    actions.set_names(organization, by=founder, now=now, names=[{"name": "مريديان", "kind": "ORIGINAL_SCRIPT"}])
    actions.set_identifiers(organization, by=founder, now=now, identifiers={"UEI": "ABC123"})
    make.owner(organization, by=founder, now=now, share_percent=Decimal("60"))
    make.owner(organization, by=founder, now=now, name="Quiet Holdings", kind="ENTITY", share_percent=None)
    actions.add_party(organization, by=founder, now=now, role="SIGNER", kind="PERSON", name="Ann Lee")
    for who, number in [("founder", 9), ("viewer", 2)]:
        text = signed_in(person(who)).get(page("organization_detail", organization)).text
        for words in (
            "1 Main Street",
            "https://example.com",
            "Name in its own script",
            "مريديان",
            "Unique Entity ID (SAM.gov)",
            "ABC123",
            "60\xa0%",
            "not known",
            "Ann Lee",
            "Quiet Holdings",
            "No documents yet.",
        ):
            assert words in text, words
        assert text.count(f'href="/organizations/{organization.pk}/') == number


def test_an_empty_page_says_so(organization, founder, now):
    actions.edit_organization(organization, by=person("founder"), now=now, address="", website="")
    text = founder.get(page("organization_detail", organization)).text
    assert [row.kind for row in founder.get(page("organization_detail", organization)).context["view"].lines] == [
        "ROOT",
        "UNKNOWN",
    ]
    assert "Address</dt>" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(rows, organization, founder, now, django_assert_num_queries):
    for number in range(rows):
        make.owner(organization, by=person("founder"), now=now, name=f"Owner {number}", share_percent=Decimal("10"))
        file = core.stored_file(now=now, name=f"extract {number}.pdf")
        organization.documents.create(file=file, kind="OTHER", added_at=now)
    founder.get(page("organization_detail", organization))  # a session's first page also notes that it is used
    with django_assert_num_queries(13):
        text = founder.get(page("organization_detail", organization)).text
    assert (len(re.findall(r'<th scope="row"><bdi>Owner \d', text)), text.count("extract ")) == (rows, rows)


# --- the entity ------------------------------------------------------------------------------------------------------


def test_editing_saves_names_and_number_and_says_so(organization, founder, now):
    actions.set_identifiers(
        organization, by=person("founder"), now=now, identifiers={"UEI": "ABC", "REGISTRATION": "1"}
    )
    changed = ENTITY | {"legal_name": "Meridian Corp", "other_names": "Meridian", "registration_number": "2"}
    answer = founder.post(page("organization_edit", organization), changed, follow=True)
    assert (answer.request["PATH_INFO"], said(answer)) == (page("organization_detail", organization), ["Saved."])
    organization.refresh_from_db()
    assert (organization.legal_name, organization.profile_version) == ("Meridian Corp", 5)
    assert dict(organization.identifiers.values_list("kind", "value")) == {"UEI": "ABC", "REGISTRATION": "2"}


def test_saving_what_was_shown_changes_nothing(organization, founder, now):
    shown = founder.get(page("organization_edit", organization)).context["form"]
    data = {field.name: field.value() or "" for field in shown}
    assert founder.post(page("organization_edit", organization), data).status_code == 302
    assert Organization.objects.get(pk=organization.pk).profile_version == 1
    assert LedgerEntry.objects.filter(subject_type="organizations.organization").count() == 1


def test_a_mistake_is_shown_and_what_was_typed_stays(organization, founder):
    answer = founder.post(page("organization_edit", organization), ENTITY | {"country": "", "address": "New"})
    assert (answer.status_code, answer.context["form"]["address"].value()) == (422, "New")
    assert "Please correct this" in answer.text
    assert Organization.objects.get(pk=organization.pk).address == "1 Main Street"


# --- parties ---------------------------------------------------------------------------------------------------------

PARTY = {"kind": "PERSON", "name": "Dana Whitfield", "country": "US", "share_percent": "60"}


def test_a_party_is_added_changed_and_removed(organization, founder):
    added = founder.post(page("party_add", organization, "OWNER"), PARTY, follow=True)
    assert said(added) == ["Dana Whitfield was added."]
    party = AssociatedParty.objects.get()
    path = page("party_edit", organization, party.pk)
    assert founder.get(path).context["form"]["name"].value() == "Dana Whitfield"
    assert founder.post(path, PARTY | {"name": "D. Whitfield"}).url == page("organization_detail", organization)
    removed = founder.post(page("party_remove", organization, party.pk), follow=True)
    assert said(removed) == ["D. Whitfield was removed."]
    assert AssociatedParty.objects.count() == 0


def test_shares_above_the_whole_are_refused_on_the_form(organization, founder, now):
    party = make.owner(organization, by=person("founder"), now=now)
    words = (
        "The shares in Meridian Compute Inc add up to 101 percent: %s. Correct a share, so that they are at most 100."
    )
    added = founder.post(page("party_add", organization, "OWNER"), PARTY | {"share_percent": "41"})
    assert (added.status_code, added.context["form"].non_field_errors()) == (
        422,
        [words % "Dana Whitfield 60 %; Dana Whitfield 41 %"],
    )
    make.owner(organization, by=person("founder"), now=now, name="Other", share_percent=Decimal("40"))
    changed = founder.post(page("party_edit", organization, party.pk), PARTY | {"share_percent": "61"})
    assert (changed.status_code, changed.context["form"].non_field_errors()) == (
        422,
        [words % "Other 40 %; Dana Whitfield 61 %"],
    )
    assert sorted(Stake.objects.values_list("share_percent", flat=True)) == [Decimal("40"), Decimal("60")]


@pytest.mark.parametrize("role", ["KING", "owner", "OWNER "])
def test_a_role_that_is_none_is_not_found(organization, founder, role):
    path = page("party_add", organization, "OWNER").replace("OWNER", quote(role))
    assert founder.get(path).status_code == 404


def test_a_party_of_another_organization_is_not_found(organization, cast, founder, now):
    rivals = make.owner(Organization.objects.get(legal_name="Rival Systems Inc"), by=person("rival"), now=now)
    for name in ("party_edit", "party_remove"):
        assert founder.post(page(name, organization, rivals.pk), PARTY).status_code == 404
    assert AssociatedParty.objects.get() == rivals


def test_a_viewer_removes_nobody(organization, cast, now):
    party = make.owner(organization, by=person("founder"), now=now)
    assert signed_in(person("viewer")).post(page("party_remove", organization, party.pk)).status_code == 403
    assert AssociatedParty.objects.count() == 1


def test_double_clicks_add_one_party_and_remove_it_once(organization, founder):
    key = {"submission_key": str(uuid.uuid4())}
    first, second = (founder.post(page("party_add", organization, "OWNER"), PARTY | key) for _click in range(2))
    assert first.url == second.url == page("organization_detail", organization)
    party = AssociatedParty.objects.get()
    key = {"submission_key": str(uuid.uuid4())}
    first, second = (founder.post(page("party_remove", organization, party.pk), key) for _click in range(2))
    assert first.url == second.url == page("organization_detail", organization)
    assert founder.post(page("party_remove", organization, party.pk)).status_code == 404
