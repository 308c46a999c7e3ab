"""The legal entity: who may change what, what is recorded, and which changes are screened anew."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from core.errors import UnableTo
from core.models import LedgerEntry, OutboxMessage, StoredFile
from organizations import actions
from organizations.models import AssociatedParty, Identifier, Membership, Organization, OrganizationName
from organizations.selectors import direct_owners, owned_percent, similar_names
from organizations.states import PartyKind, PartyRole
from tests.factories import organizations as make
from tests.factories.accounts import person
from tests.organizations.conftest import CAST
from tests.outcomes import DENIED, DONE, outcome

pytestmark = pytest.mark.django_db

EDITORS = {"administrator", "signer", "editor"}
NEW = {"legal_name": "Delta Vision LLC", "country": "US", "headquarters_country": "CA"}
OWNER = {"role": PartyRole.OWNER, "kind": PartyKind.PERSON, "name": "Dana Whitfield", "country": "US"}
ALIASES = [{"name": "Meridian", "kind": "TRADE"}, {"name": "メリディアン", "kind": "ORIGINAL_SCRIPT"}]


def acts_on(subject: Organization) -> list[str]:
    """What the ledger holds of it, oldest first."""
    entries = LedgerEntry.objects.filter(subject_type="organizations.organization", subject_id=str(subject.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def versions_published(subject: Organization) -> list[int]:
    messages = OutboxMessage.objects.filter(topic="organizations.changed", payload__organization=subject.pk)
    return sorted({message.payload["profile_version"] for message in messages})


# --- who may ---------------------------------------------------------------------------------------------------------


def attempt(action: str, subject: Organization, party: AssociatedParty, *, by, now) -> object:
    arguments = {
        "edit_organization": {"address": "2 Side Street"},
        "set_names": {"names": ALIASES},
        "set_identifiers": {"identifiers": {"UEI": "ABC123"}},
        "add_party": OWNER,
        "change_party": {"party": party, "name": "Dana W. Whitfield"},
        "remove_party": {"party": party},
        "add_document": {"upload": SimpleUploadedFile("extract.txt", b"An extract."), "kind": "REGISTRATION"},
    }
    return getattr(actions, action)(subject, by=by, now=now, **arguments[action])


@pytest.mark.parametrize(
    "action",
    [
        "edit_organization",
        "set_names",
        "set_identifiers",
        "add_party",
        "change_party",
        "remove_party",
        "add_document",
    ],
)
def test_editors_of_the_organization_change_it_and_nobody_else(action, organization, cast, now):
    party = make.owner(organization, by=person("founder"), now=now)
    found = {
        name: outcome(
            lambda name=name: attempt(
                action,
                Organization.objects.get(pk=organization.pk),
                AssociatedParty.objects.get(pk=party.pk),
                by=cast[name],
                now=now,
            )
        )
        for name in CAST
    }
    assert found == {name: DONE if name in EDITORS else DENIED for name in CAST}


def test_whoever_signed_in_registers_an_organization_but_no_federal_person_and_no_job(cast, now):
    found = {
        name: outcome(lambda name=name: actions.register_organization(by=cast[name], now=now, **NEW)) for name in CAST
    }
    refused = {"closed", "officer", "manager", "support", "job"}
    assert found == {name: DENIED if name in refused else DONE for name in CAST}


# --- registering -----------------------------------------------------------------------------------------------------


def test_registering_stores_everything_makes_an_administrator_and_asks_for_screening(now):
    founder = person("founder")
    made = actions.register_organization(
        by=founder,
        now=now,
        names=ALIASES,
        identifiers=[{"kind": "REGISTRATION", "value": "HRB 1"}],
        parties=[OWNER | {"share_percent": Decimal("60")}],
        **NEW,
    )
    assert list(made.names.order_by("id").values("name", "kind")) == ALIASES
    assert [str(identifier) for identifier in made.identifiers.all()] == ["Registration number HRB 1"]
    assert [(party.name, party.share_percent) for party in direct_owners(made, now.date())] == [("Dana Whitfield", 60)]
    membership = Membership.objects.get(organization=made)
    assert (membership.user, membership.role, membership.joined_at) == (founder, "ADMINISTRATOR", now)
    assert str(membership) == f"{founder} in Delta Vision LLC as ADMINISTRATOR"
    assert (acts_on(made), versions_published(made)) == (["register_organization"], [1])


def test_owners_of_more_than_the_whole_are_refused_and_nothing_is_kept(now):
    with pytest.raises(UnableTo, match=r"add up to 100\.5 percent"):
        actions.register_organization(
            by=person("founder"),
            now=now,
            parties=[OWNER | {"share_percent": Decimal(share)} for share in ("60", "40.5")],
            **NEW,
        )
    assert Organization.objects.count() == Membership.objects.count() == AssociatedParty.objects.count() == 0


# --- editing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "version", "recorded"),
    [
        ({"legal_name": "Meridian Compute Corp"}, 2, ["legal_name"]),
        ({"country": "CA"}, 2, ["country"]),
        ({"headquarters_country": "CA", "address": "2 Side Street"}, 2, ["address", "headquarters_country"]),
        ({"address": "2 Side Street"}, 2, ["address"]),
        ({"website": "https://meridian.example"}, 2, ["website"]),
    ],
)
def test_every_change_is_screened_anew_and_recorded(organization, now, fields, version, recorded):
    later = now.replace(hour=13)
    changed = actions.edit_organization(organization, by=person("founder"), now=later, **fields)
    assert changed.profile_version == version
    assert versions_published(organization) == list(range(1, version + 1))
    entry = LedgerEntry.objects.get(action="edit_organization")
    assert entry.detail == '{"fields": ' + str(recorded).replace("'", '"') + "}"
    stored = Organization.objects.get()
    assert {name: getattr(stored, name) for name in fields} | {"at": stored.updated_at} == fields | {"at": later}


def test_the_same_again_leaves_no_trace(organization, now):
    actions.edit_organization(organization, by=person("founder"), now=now, legal_name="Meridian Compute Inc")
    assert (acts_on(organization), versions_published(organization)) == (["register_organization"], [1])


def test_other_names_are_replaced_and_screened_but_not_when_they_are_the_same(organization, now):
    founder = person("founder")
    for names, version in [(ALIASES, 2), (ALIASES, 2), (iter(ALIASES), 2), (ALIASES[:1], 3), ([], 4), ([], 4)]:
        actions.set_names(organization, by=founder, now=now, names=names)
        assert organization.profile_version == version
    assert OrganizationName.objects.count() == 0
    assert acts_on(organization) == ["register_organization"] + ["set_names"] * 3


def test_identifiers_are_replaced_and_screened(organization, now):
    founder = person("founder")
    for identifiers in [{"UEI": "ABC", "LEI": ""}, {"UEI": "ABC"}, {"TAX": "9"}]:
        actions.set_identifiers(organization, by=founder, now=now, identifiers=identifiers)
    assert list(Identifier.objects.values_list("kind", "value")) == [("TAX", "9")]
    assert acts_on(organization) == ["register_organization"] + ["set_identifiers"] * 2
    assert versions_published(organization) == [1, 2, 3]


# --- parties ---------------------------------------------------------------------------------------------------------


def test_each_change_of_the_parties_is_screened_and_recorded(organization, now):
    founder, later = person("founder"), now.replace(hour=15)
    party = make.owner(organization, by=founder, now=now)
    actions.change_party(organization, by=founder, now=later, party=party, name="D. Whitfield", country="CA")
    party.refresh_from_db()
    assert (str(party), party.country, party.updated_at) == ("D. Whitfield", "CA", later)
    actions.remove_party(organization, by=founder, now=later, party=party)
    assert AssociatedParty.objects.count() == 0
    assert acts_on(organization) == ["register_organization", "add_party", "change_party", "remove_party"]
    assert versions_published(organization) == [1, 2, 3, 4]
    assert "Whitfield" not in "".join(LedgerEntry.objects.values_list("detail", flat=True))


def test_a_share_is_refused_when_it_makes_more_than_the_whole(organization, now):
    founder = person("founder")
    make.owner(organization, by=founder, now=now, share_percent=Decimal("60"))
    other = make.owner(organization, by=founder, now=now, name="Other", share_percent=Decimal("40"))
    with pytest.raises(UnableTo, match=r"add up to 100\.01 percent"):
        make.owner(organization, by=founder, now=now, name="Third", share_percent=Decimal("0.01"))
    with pytest.raises(UnableTo, match="add up to 101 percent"):
        actions.change_party(organization, by=founder, now=now, party=other, share_percent=Decimal("41"))
    assert AssociatedParty.objects.count() == 2
    assert owned_percent(organization, now.date()) == Decimal("100.00")


def test_an_unknown_share_is_not_zero(organization, now):
    assert owned_percent(organization, now.date()) is None
    make.owner(organization, by=person("founder"), now=now, share_percent=None)
    assert owned_percent(organization, now.date()) is None


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": PartyKind.ENTITY, "birth_date": "1970-01-01"}, "only a person has a date of birth"),
    ],
)
def test_postgresql_refuses_a_party_that_cannot_be(organization, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AssociatedParty.objects.create(organization=organization, **OWNER | fields)


def test_a_document_waits_in_quarantine_and_only_its_hash_is_recorded(organization, now):
    upload = SimpleUploadedFile("Extract of the register.txt", b"An extract.")
    document = actions.add_document(organization, by=person("founder"), now=now, upload=upload, kind="REGISTRATION")
    assert (str(document), document.file.status, document.added_at) == (
        "Extract of the register.txt",
        "QUARANTINED",
        now,
    )
    entry = LedgerEntry.objects.get(action="add_document")
    assert (document.file.name in entry.detail, str(document.file_id) in entry.detail) == (False, True)


def test_a_refused_upload_leaves_no_document(organization, now):
    upload = SimpleUploadedFile("run.exe", b"MZ")
    with pytest.raises(UnableTo):
        actions.add_document(organization, by=person("founder"), now=now, upload=upload, kind="OTHER")
    assert StoredFile.objects.count() == 0


def test_nearly_the_same_name_is_found(organization, now):
    for number in range(6):
        make.organization(f"Meridian Compute {number}", now=now)
    assert [str(found) for found in similar_names("Meridian Compute Inc")] == [
        "Meridian Compute Inc",
        *[f"Meridian Compute {number}" for number in range(4)],
    ]
    assert list(similar_names("Acme Rockets")) == []


def test_a_visitor_registers_nothing(now):
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises(PermissionDenied):
        actions.register_organization(by=AnonymousUser(), now=now, **NEW)
