"""The pages on which people name their owners, and the officers' page with its findings."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from organizations import actions, picture
from organizations.models import Control, OwnershipFinding, Stake
from organizations.picture import view
from organizations.selectors import owners_of
from tests.browsers import said, signed_in
from tests.factories import buyers
from tests.factories import organizations as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
SHARE = "A share is more than 0 and at most 100 percent. Leave it empty if it is not known."
NEW = {"kind": "PERSON", "name": "Dana Whitfield", "country": "US", "share_percent": "60", "source": "DECLARED"}


@pytest.fixture
def founder(organization):
    return signed_in(person("founder"))


@pytest.fixture
def officer(now):
    return signed_in(buyers.officer(now))


def page(name, organization, *arguments):
    return reverse(name, args=[organization.pk, *arguments])


def chain(organization, now):
    """A holding with 60 percent, of which a person has 30 and nobody knows who has the rest."""
    by = person("founder")
    holding = make.owner(organization, by=by, now=now, kind="ENTITY", name="Quiet Holdings")
    dana = {"kind": "PERSON", "name": "Dana Whitfield", "country": "US"}
    actions.add_stake(organization, by=by, now=now, holder=dana, owned=holding, share_percent=Decimal(30))
    return holding


def test_an_owner_of_an_owner_is_added_changed_ended_and_removed(organization, founder, now):
    holding = make.owner(organization, by=person("founder"), now=now, kind="ENTITY", name="Quiet Holdings")
    added = founder.post(page("stake_add", organization, holding.pk), NEW | {"held_from": "2024-01-31"}, follow=True)
    assert "Dana Whitfield was added." in added.text
    stake = Stake.objects.get(owned=holding)
    assert (stake.share_percent, stake.held_from, stake.holder.name) == (60, date(2024, 1, 31), "Dana Whitfield")
    edit = page("stake_edit", organization, stake.pk)
    assert 'value="60.0000"' in founder.get(edit).text
    note = {"share_percent": "55.5", "source": "REGISTRY", "source_note": "HRB 12", "held_from": "2024-01-31"}
    assert founder.post(edit, note).url == page("organization_ownership", organization)
    founder.post(page("holding_end", organization, "stake", stake.pk), {"held_to": "2026-11-01"})
    stake.refresh_from_db()
    assert (stake.share_percent, stake.source_note, stake.held_to) == (Decimal("55.5"), "HRB 12", date(2026, 11, 1))
    founder.post(page("holding_remove", organization, "stake", stake.pk))
    assert Stake.objects.filter(owned=holding).count() == 0


def test_control_is_added_and_ended(organization, founder):
    asked = NEW | {"control_kind": "BOARD", "note": "Names three of five directors."}
    founder.post(page("control_add", organization, 0), asked)
    control = Control.objects.get()
    assert (control.kind, control.note, control.holder.name) == ("BOARD", asked["note"], "Dana Whitfield")
    text = founder.get(page("organization_ownership", organization)).text
    assert text.count("Names three of five directors.") == 2
    founder.post(page("holding_end", organization, "control", control.pk), {"held_to": "2026-11-01"})
    control.refresh_from_db()
    assert control.held_to == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": ""}, {"name": ["Enter the name, or choose somebody who is named already."]}),
        (
            {"share_percent": "0"},
            {"share_percent": [SHARE]},
        ),
        (
            {"kind": "ENTITY", "birth_date": "1970-01-31"},
            {"birth_date": ["Only a person has a date of birth. Leave this empty."]},
        ),
        ({"source": "REGISTRY"}, {"source_note": ["Say which register, and the number or day of the extract."]}),
        (
            {"source": "DOCUMENT"},
            {"document": ["Choose the document, or add it on the organization's page first."]},
        ),
        (
            {"source": "FINDING", "source_note": "x"},
            {"source": ["Select a valid choice. FINDING is not one of the available choices."]},
        ),
        (
            {"share_percent": "100.01"},
            {"share_percent": [SHARE]},
        ),
    ],
)
def test_a_mistake_says_how_to_fix_it(fields, errors, organization, founder):
    answer = founder.post(page("stake_add", organization, 0), NEW | fields)
    assert (answer.status_code, answer.context["form"].errors) == (422, errors)
    assert Stake.objects.count() == 0


def test_more_than_the_whole_is_refused_on_the_form(organization, founder, now):
    make.owner(organization, by=person("founder"), now=now, name="Ann Lee")
    answer = founder.post(page("stake_add", organization, 0), NEW)
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (
        422,
        [
            "The shares in Meridian Compute Inc add up to 120 percent: Ann Lee 60 %; Dana Whitfield 60 %. Correct a "
            "share, so that they are at most 100."
        ],
    )


def test_an_organization_of_ones_own_is_offered_and_its_owners_stay_its_own(organization, founder, now):
    parent = make.organization("Parent Works", now=now)
    make.owner(parent, by=person("founder"), now=now, name="Secret Owner")
    form = founder.get(page("stake_add", organization, 0)).context["form"]
    assert list(form.fields["registered"].queryset) == [parent]
    founder.post(page("stake_add", organization, 0), NEW | {"registered": parent.pk, "name": ""})
    assert organization.parties.get().registered == parent
    make.member(organization, "viewer", "VIEWER", now=now)
    assert "Secret Owner" not in signed_in(person("viewer")).get(page("organization_ownership", organization)).text


def test_nobody_has_owners_here_but_an_entity_of_this_organization(organization, founder, now):
    dana = make.owner(organization, by=person("founder"), now=now)
    rivals = make.organization("Rival Systems Inc", now=now, by=person("rival"))
    theirs = make.owner(rivals, by=person("rival"), now=now, kind="ENTITY")
    for party in (dana, theirs):
        assert founder.get(page("stake_add", organization, party.pk)).status_code == 404
    stake = theirs.stakes.get()
    for name in ("stake_edit", "holding_end"):
        arguments = ["stake", stake.pk] if name == "holding_end" else [stake.pk]
        assert founder.get(page(name, organization, *arguments)).status_code == 404
    assert founder.get(page("holding_end", organization, "share", dana.stakes.get().pk)).status_code == 404
    assert founder.post(page("holding_remove", organization, "share", 1)).status_code == 404


def test_a_viewer_sees_and_changes_nothing(organization, now):
    make.member(organization, "viewer", "VIEWER", now=now)
    viewer = signed_in(person("viewer"))
    assert viewer.get(page("organization_ownership", organization)).status_code == 200
    assert viewer.get(page("stake_add", organization, 0)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(rows, organization, founder, now, django_assert_num_queries):
    for number in range(rows):
        make.owner(organization, by=person("founder"), now=now, name=f"Owner {number}", share_percent=Decimal(10))
    founder.get(page("organization_ownership", organization))
    with django_assert_num_queries(11):
        founder.get(page("organization_ownership", organization))


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_tree_names_who_is_decisive_and_what_is_not_known(organization, now):
    chain(organization, now)
    make.settled(organization, by=buyers.officer(now), now=now, share_percent=Decimal(15))
    seen = view(owners_of(organization, now.date()), Decimal(50))
    assert [(row.kind, row.depth, row.name, row.share, row.counted, row.is_decisive) for row in seen.lines] == [
        ("ROOT", 0, "Meridian Compute Inc", None, None, False),
        ("STAKE", 1, "Quiet Holdings", 60, 60, True),
        ("STAKE", 2, "Dana Whitfield", 30, 0, False),
        ("UNKNOWN", 2, "Not known", 70, None, True),
        ("SETTLED", 1, "Settled by an officer's finding", 15, None, False),
        ("UNKNOWN", 1, "Not known", 25, None, True),
    ]
    assert (seen.upper, seen.is_told, seen.is_cut) == (85, False, False)
    assert [box.share for box in seen.boxes] == ["", "60 %", "30 %", "70 %", "15 %", "25 %"]
    assert view(owners_of(organization, now.date()), None).decisive == []


def test_an_owner_by_two_ways_is_opened_once_and_a_long_tree_is_cut(organization, now, monkeypatch):
    holding = chain(organization, now)
    by = person("founder")
    other = make.owner(organization, by=by, now=now, kind="ENTITY", name="Other Holdings", share_percent=Decimal(10))
    actions.add_stake(organization, by=by, now=now, holder=holding, owned=other, share_percent=Decimal(90))
    seen = view(owners_of(organization, now.date()), Decimal(50))
    assert [(row.name, row.is_again) for row in seen.lines if row.node == f"party:{holding.pk}" and row.stake] == [
        ("Quiet Holdings", False),
        ("Quiet Holdings", True),
    ]
    assert {row.counted for row in seen.lines if row.name == "Quiet Holdings"} == {Decimal(70)}
    Stake.objects.all().delete()
    monkeypatch.setattr(picture, "LONGEST", 5)
    for number in range(5):
        make.owner(organization, by=by, now=now, name=f"O{number}", share_percent=Decimal("0.01"))
    cut = view(owners_of(organization, now.date()), Decimal(50))
    assert (len(cut.lines), cut.is_cut) == (5, True)


# --- officers ---------------------------------------------------------------------------------------------------------

FINDING = {"kind": "PUBLIC_FLOAT", "source": "Holders' list", "source_date": "2026-11-01", "reason": "None above 5 %."}


def test_an_officer_records_and_withdraws_a_finding(organization, officer, now):
    holding = chain(organization, now)
    change = reverse("admin:organizations_organization_change", args=[organization.pk])
    record = reverse("admin:organizations_organization_finding", args=[organization.pk])
    assert officer.get(record).status_code == 200
    answer = officer.post(record, FINDING | {"party": holding.pk, "share_percent": "40"}, follow=True)
    assert answer.redirect_chain[-1][0] == change
    finding = OwnershipFinding.objects.get()
    assert (finding.party, finding.share_percent, finding.source_date, finding.status) == (
        holding,
        40,
        date(2026, 11, 1),
        "HOLDS",
    )
    assert "None above 5 %." in answer.text
    withdraw = reverse("admin:organizations_organization_withdraw", args=[organization.pk, finding.pk])
    officer.post(withdraw)
    finding.refresh_from_db()
    assert finding.status == "WITHDRAWN"
    assert "This is not possible while the status is “Withdrawn”." in officer.post(withdraw, follow=True).text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source": ""}, "source"),
        ({"kind": "LISTED_CONSIDERED", "share_percent": "5"}, "share_percent"),
        ({"kind": "LISTED_CONSIDERED"}, "party"),
        ({"valid_until": "2026-10-31"}, "valid_until"),
        ({"source_date": "2027-01-01"}, "__all__"),
    ],
)
def test_a_finding_that_cannot_be_is_refused_on_its_field(fields, field, organization, officer):
    record = reverse("admin:organizations_organization_finding", args=[organization.pk])
    answer = officer.post(record, FINDING | fields)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert OwnershipFinding.objects.count() == 0


def test_an_organization_of_ones_own_is_not_found(organization, officer, now):
    make.member(organization, "officer", "VIEWER", now=now)
    for name in ("change", "finding"):
        address = reverse(f"admin:organizations_organization_{name}", args=[organization.pk])
        assert officer.get(address).status_code == 404


def test_a_manager_reads_and_records_nothing(organization, now):
    manager = signed_in(buyers.manager(now))
    assert manager.get(reverse("admin:organizations_organization_change", args=[organization.pk])).status_code == 200
    assert manager.get(reverse("admin:organizations_organization_finding", args=[organization.pk])).status_code == 403


FOUND = NEW | {"source_note": "Annual report of 2025, page 12."}
ANOTHERS = "An officer entered this from a source. If it is wrong, write to the officer what is right, and why."


def enter(organization, kind="stake", owned=0):
    return reverse("admin:organizations_organization_enter", args=[organization.pk, kind, owned])


def test_an_officer_enters_an_owner_that_only_officers_take_back(organization, officer, founder):
    assert officer.get(enter(organization)).status_code == 200
    answer = officer.post(enter(organization), FOUND | {"source_note": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["source_note"])
    assert "Dana Whitfield is entered." in officer.post(enter(organization), FOUND, follow=True).text
    stake = Stake.objects.get()
    assert (stake.source, stake.source_note, stake.share_percent) == ("FINDING", FOUND["source_note"], 60)
    seen = founder.get(page("organization_ownership", organization)).text
    assert "Entered by an officer" in seen
    assert FOUND["source_note"] in seen

    changes = [
        (page("stake_edit", organization, stake.pk), {"share_percent": "1", "source": "DECLARED"}),
        (page("holding_end", organization, "stake", stake.pk), {"held_to": "2026-11-01"}),
        (reverse("party_edit", args=[organization.pk, stake.holder_id]), NEW | {"role": "OWNER", "name": "Nobody"}),
    ]
    for path, data in changes:
        answer = founder.post(path, data)
        assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [ANOTHERS]), path
    for path in (
        page("holding_remove", organization, "stake", stake.pk),
        reverse("party_remove", args=[organization.pk, stake.holder_id]),
    ):
        assert said(founder.post(path, follow=True)) == [ANOTHERS], path
    assert Stake.objects.get().share_percent == 60

    officer.post(reverse("admin:organizations_organization_remove", args=[organization.pk, "stake", stake.pk]))
    assert (Stake.objects.count(), organization.parties.count()) == (0, 0)


def test_an_officer_names_a_registered_owner_by_its_number_and_who_directs_it(organization, officer, now):
    parent = make.organization("Parent Works", now=now, by=person("rival"))
    asked = FOUND | {"registered": "0", "name": "", "share_percent": "100"}
    form = officer.post(enter(organization), asked).context["form"]
    assert form.errors["registered"] == ["No other organization has this number."]
    officer.post(enter(organization), asked | {"registered": str(parent.pk)})
    assert organization.parties.get().registered == parent
    directs = FOUND | {"control_kind": "BOARD", "note": "Names three of five directors."}
    officer.post(enter(organization, "control"), directs)
    control = Control.objects.get()
    assert (control.source, control.holder.name) == ("FINDING", "Dana Whitfield")
    assert officer.get(enter(organization, "share")).status_code == 404
    assert officer.get(enter(organization, "stake", organization.parties.first().pk)).status_code == 404


def test_what_the_organization_stated_is_not_the_officers_to_change(organization, officer, now):
    make.owner(organization, by=person("founder"), now=now)
    stake = Stake.objects.get()
    remove = reverse("admin:organizations_organization_remove", args=[organization.pk, "stake", stake.pk])
    assert said(officer.post(remove, follow=True)) == ["The organization stated this itself. Ask it to correct it."]
    assert Stake.objects.count() == 1
    with pytest.raises(PermissionDenied):
        actions.remove_stake(organization, by=buyers.manager(now), now=now, stake=stake)
