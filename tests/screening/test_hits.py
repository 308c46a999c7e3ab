"""What a screening opens, keeps and drops; decisions hold while both sides stay as they are."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core import outbox
from core.ledger import entries_for
from organizations.actions import add_party, change_party, edit_organization, remove_party, set_names
from screening import actions
from screening.engine.version import engine_version
from screening.models import CurrentRelease, Hit, ListEntry, ScreeningRun
from screening.selectors import hits_of, screening_state
from tests.factories import buyers, organizations
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.screening.conftest import outcomes, statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder():
    return person("founder")


def import_with(now, path, replace: dict[str, str]):
    """The extract with some cells replaced, imported and everybody screened against it."""
    rows = [[replace.get(cell, cell) for cell in row] for row in make.rows_of_extract()]
    release = make.imported(make.written(path, rows), now=now)
    outbox.drain(now)
    return release


def dismiss(hit: Hit, now) -> None:
    actions.dismiss_hit(hit, by=buyers.officer(now), now=now, reason="Another person.")
    if hit.status == "PROPOSED":
        actions.countersign_dismissal(hit, by=buyers.second_officer(now), now=now)


# --- opening ----------------------------------------------------------------------------------------------------------


def test_a_buyer_that_bears_a_listed_name_gets_a_hit(now, listed):
    buyer = buyers.buyer("Huawei Marine Networks Co., Ltd.", now=now, country="CN")
    outbox.drain(now)
    (hit, *_others) = hits_of(buyer.organization)
    entry = ListEntry.objects.get(name__contains="Huawei Marine Networks")
    assert (hit.entry, hit.tier, hit.status) == (entry, "alert", "OPEN")
    assert (hit.party_role, hit.party_name) == ("legal name", "Huawei Marine Networks Co., Ltd.")
    assert screening_state(buyer.organization, now).kind == "OPEN_HITS"
    assert outcomes(buyer.organization)[-1] == "HITS"


def test_a_hit_says_what_it_is_of(hit, kony, listed, now):
    assert (hit.organization, hit.entry.name, hit.listed_name) == (kony, "KONY, Joseph", "KONY, Joseph")
    assert (hit.tier, hit.status, hit.version, hit.engine_version) == ("alert", "OPEN", 1, engine_version())
    assert (float(hit.score), hit.explanation["exact"]) == (hit.explanation["value"], True)
    assert str(hit) == "Joseph Kony ~ KONY, Joseph"
    (entry,) = entries_for(hit)
    assert (entry.action, entry.actor, entry.to_state) == ("open_hit", "system:screening", "OPEN")
    assert json.loads(entry.detail) == {"fingerprint": hit.fingerprint}
    run = ScreeningRun.objects.get(organization=kony)
    assert (run.release, run.profile_version, run.screened_at, run.reason) == (listed, 1, now, "")


def test_every_name_of_an_organization_is_screened(now, clear_one, founder):
    set_names(clear_one, by=founder, now=now, names=[{"name": "Rosoboronexport", "kind": "TRADE"}])
    organizations.owner(clear_one, by=founder, now=now, name="Nicolas Maduro Moros")
    add_party(clear_one, by=founder, now=now, role="CONTACT", kind="PERSON", name="Jozef Kony", email="j@example.com")
    outbox.drain(now)
    found = {(hit.party_role, hit.party_name, hit.entry.name) for hit in hits_of(clear_one)}
    assert found == {
        ("other name", "Rosoboronexport", "Rosoboronexport"),
        ("other name", "Rosoboronexport", "Rosoboronexport OJSC (ROE)"),
        ("OWNER", "Nicolas Maduro Moros", "MADURO MOROS, Nicolas"),
        ("CONTACT", "Jozef Kony", "KONY, Joseph"),
    }
    scores = [hit.score for hit in hits_of(clear_one)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("name", ["KONY, Ali Mohammed", "LABOLO, Ali Mohammad", "LABOLA, Ali Mohammed"])
def test_of_several_names_of_one_entry_the_most_alike_is_kept(name, now, listed):
    subject = organizations.organization(name, now=now)
    outbox.drain(now)
    hit = subject.hits.get()
    assert (hit.entry.name, hit.listed_name) == ("KONY, Ali", name)


@pytest.mark.parametrize(
    ("kind", "born", "tiers"),
    [
        ("PERSON", date(1962, 11, 23), ["alert"]),
        ("PERSON", date(1995, 1, 1), ["review"]),
        ("PERSON", None, ["alert"]),
        ("ENTITY", None, ["alert"]),
    ],
)
def test_the_birth_date_of_a_person_is_evidence(kind, born, tiers, now, clear_one, founder):
    organizations.owner(clear_one, by=founder, now=now, kind=kind, name="Nicolas Maduro Moro", birth_date=born)
    outbox.drain(now)
    assert [hit.tier for hit in hits_of(clear_one)] == tiers


# --- keeping and dropping -----------------------------------------------------------------------------------------------


def test_screening_again_opens_nothing_new(hit, kony, now):
    actions.screen_organization(kony, by=make.JOB, now=now)
    assert (statuses(kony), outcomes(kony)) == (["OPEN"], ["HITS", "HITS"])
    assert Hit.objects.get() == hit


@pytest.mark.parametrize("decision", ["NOT_A_MATCH", "TRUE_MATCH", "ESCALATED", "PROPOSED"])
def test_a_decision_outlives_another_screening_and_another_list(decision, hit, kony, now, tmp_path, officer):
    if decision == "NOT_A_MATCH":
        dismiss(hit, now)
    elif decision == "PROPOSED":
        actions.dismiss_hit(hit, by=officer, now=now, reason="Another person.")
    else:
        decide = actions.confirm_hit if decision == "TRUE_MATCH" else actions.escalate_hit
        decide(hit, by=officer, now=now, reason="The same address.")
    actions.screen_organization(kony, by=make.JOB, now=now)
    import_with(now, tmp_path / "next.csv", {"MADURO MOROS, Nicolas": "MADURO MOROS, Nico"})
    assert statuses(kony) == [decision]
    expected = {"NOT_A_MATCH": "CLEAR", "TRUE_MATCH": "BLOCKED"}.get(decision, "OPEN_HITS")
    assert screening_state(kony, now).kind == expected
    assert outcomes(kony)[-1] == ("CLEAR" if expected == "CLEAR" else "HITS")


def test_a_decision_outlives_a_change_of_something_else(hit, kony, now, founder):
    dismiss(hit, now)
    edit_organization(kony, by=founder, now=now, address="2 Main Street")
    organizations.owner(kony, by=founder, now=now, name="Dana Whitfield")
    outbox.drain(now)
    assert (statuses(kony), screening_state(kony, now).kind) == (["NOT_A_MATCH"], "CLEAR")


def test_a_change_of_the_listed_side_asks_again(hit, kony, now, tmp_path):
    dismiss(hit, now)
    born = "1961; 1963; 1965; 1960; 1959; 1964-09-18"
    import_with(now, tmp_path / "next.csv", {born: "1964-09-18"})
    assert statuses(kony) == ["GONE", "OPEN"]
    assert screening_state(kony, now).kind == "OPEN_HITS"
    assert hits_of(kony).get().entry.dates_of_birth == "1964-09-18"


def test_a_change_of_our_side_asks_again(hit, kony, now, founder):
    dismiss(hit, now)
    edit_organization(kony, by=founder, now=now, legal_name="Josef Kony")
    outbox.drain(now)
    assert statuses(kony) == ["GONE", "OPEN"]


def test_a_hit_goes_when_its_name_goes_and_comes_back_undecided(hit, kony, now, founder):
    dismiss(hit, now)
    edit_organization(kony, by=founder, now=now, legal_name="Meridian Compute Inc")
    outbox.drain(now)
    assert (statuses(kony), screening_state(kony, now).kind) == (["GONE"], "CLEAR")
    edit_organization(kony, by=founder, now=now, legal_name="Joseph Kony")
    outbox.drain(now)
    assert statuses(kony) == ["GONE", "OPEN"]
    first, again = kony.hits.order_by("pk")
    assert first.fingerprint == again.fingerprint


def test_a_hit_goes_when_the_entry_leaves_the_list(hit, kony, now, tmp_path):
    rows = [row for row in make.rows_of_extract() if "KONY, Joseph" not in row]
    make.imported(make.written(tmp_path / "next.csv", [*rows, make.row(source=hit.entry.source, name="New")]), now=now)
    outbox.drain(now)
    assert (statuses(kony), screening_state(kony, now).kind) == (["GONE"], "CLEAR")


def test_a_true_match_goes_only_with_the_party(now, clear_one, founder, officer):
    party = organizations.owner(clear_one, by=founder, now=now, name="Joseph Kony")
    outbox.drain(now)
    actions.confirm_hit(clear_one.hits.get(), by=officer, now=now, reason="The same person.")
    assert screening_state(clear_one, now).kind == "COULD_NOT"  # until the owners are looked at again
    outbox.drain(now)
    assert screening_state(clear_one, now).kind == "BLOCKED"
    change_party(clear_one, by=founder, now=now, party=party, name="Joseph Kony", share_percent="10")
    outbox.drain(now)
    assert screening_state(clear_one, now).kind == "CANNOT_TELL"  # below the line, and nobody considered it
    remove_party(clear_one, by=founder, now=now, party=party)
    outbox.drain(now)
    assert screening_state(clear_one, now).kind == "CLEAR"


def test_without_a_list_hits_stay(hit, kony, now):
    CurrentRelease.objects.all().delete()
    run = actions.screen_organization(kony, by=make.JOB, now=now)
    assert (run.outcome, run.release) == ("COULD_NOT", None)
    assert run.reason == "No screening list has been imported. Import it with: manage.py import_csl"
    assert statuses(kony) == ["OPEN"]


def test_a_name_that_cannot_be_read_leaves_hits_as_they_are(hit, kony, now, founder):
    set_names(kony, by=founder, now=now, names=[{"name": "★", "kind": "TRADE"}])
    outbox.drain(now)
    assert (statuses(kony), outcomes(kony)) == (["OPEN"], ["HITS", "COULD_NOT"])


# --- fingerprints -------------------------------------------------------------------------------------------------------


def test_a_fingerprint_is_the_same_for_the_same_contents(hit, kony, now, founder):
    again = organizations.organization("Joseph Kony", now=now)
    outbox.drain(now)
    assert again.hits.get().fingerprint == hit.fingerprint
    assert hit.fingerprint == "a48db8a4bb261c0d891c236445d80868d184c836cae7fe44f9ce636938d423ee"


def test_a_fingerprint_is_of_name_role_birth_date_and_entry(now, clear_one, founder):
    fields = {"name": "Nicolas Maduro Moros"}
    organizations.owner(clear_one, by=founder, now=now, **fields)
    organizations.owner(clear_one, by=founder, now=now, **fields, birth_date=date(1962, 11, 23), share_percent="1")
    add_party(clear_one, by=founder, now=now, role="SIGNER", kind="PERSON", **fields, email="n@example.com")
    set_names(clear_one, by=founder, now=now, names=[fields | {"kind": "TRADE"}])
    outbox.drain(now)
    prints = list(clear_one.hits.values_list("fingerprint", flat=True))
    assert len(prints) == len(set(prints)) == 4


def test_a_hit_stands_once(hit):
    hit.pk = None
    with pytest.raises(IntegrityError, match="a hit stands once"), transaction.atomic():
        hit.save(force_insert=True)


# --- who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "manager", "founder", "another job"])
def test_only_the_job_screens(who, kony, now):
    by = {
        "officer": buyers.officer(now),
        "manager": buyers.manager(now),
        "founder": person("founder"),
        "another job": make.System("buyers"),
    }[who]
    with pytest.raises(PermissionDenied):
        actions.screen_organization(kony, by=by, now=now)
    with pytest.raises(PermissionDenied):
        actions.record_failure(kony, by=by, now=now, error="-")
    assert outcomes(kony) == ["HITS"]


@pytest.mark.parametrize(
    ("outcome", "has_release", "reason"), [("COULD_NOT", True, "x"), ("COULD_NOT", False, ""), ("CLEAR", False, "")]
)
def test_a_run_names_its_release_or_why_not(outcome, has_release, reason, kony, listed, now):
    with pytest.raises(IntegrityError, match="a run names its release"), transaction.atomic():
        ScreeningRun.objects.create(
            organization=kony,
            release=listed if has_release else None,
            engine_version="1",
            profile_version=1,
            screened_at=now,
            outcome=outcome,
            reason=reason,
        )
