"""One listed entry is judged once for a party: all its hits by one act, kept for good, whatever list comes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from core import outbox
from core.ledger import entries_for
from organizations.actions import add_party, edit_organization, set_identifiers, set_names
from screening import actions, casework
from screening.grouping import groups
from screening.models import Adjudication, Hit
from screening.selectors import hits_of, screening_state
from tests.factories import organizations
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.screening.conftest import statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder():
    return person("founder")


@pytest.fixture
def named(kony, founder, now):
    """The organization bears the listed name twice, and its contact bears it too."""
    set_names(kony, by=founder, now=now, names=[{"name": "Kony Joseph", "kind": "TRADE"}])
    contact = {"role": "CONTACT", "kind": "PERSON", "name": "Joseph Kony", "email": "k@example.com"}
    add_party(kony, by=founder, now=now, **contact)
    outbox.drain(now)
    return kony


def of_role(organization, role: str) -> Hit:
    return organization.hits.exclude(status="GONE").get(party_role=role)


def test_hits_group_by_entry_and_party(named):
    found = [(sorted(group.roles), sorted(group.names)) for group in groups(hits_of(named))]
    assert sorted(found) == [
        (["CONTACT"], ["Joseph Kony"]),
        (["legal name", "other name"], ["Joseph Kony", "Kony Joseph"]),
    ]


def test_one_act_judges_all_hits_of_the_party_and_none_of_another(named, officer, second, now, news):
    first, other = of_role(named, "legal name"), of_role(named, "other name")
    actions.dismiss_hit(other, by=officer, now=now, reason="A company, founded in 2001.")
    assert {of_role(named, role).status for role in ("legal name", "other name")} == {"PROPOSED"}
    assert of_role(named, "CONTACT").status == "OPEN"
    actions.countersign_dismissal(first, by=second, now=now)
    assert {of_role(named, role).status for role in ("legal name", "other name")} == {"NOT_A_MATCH"}
    proposal, agreement = Adjudication.objects.order_by("pk")
    assert (proposal.decision, proposal.decided_by, proposal.reason) == (
        "dismiss_hit",
        officer,
        "A company, founded in 2001.",
    )
    assert (agreement.decision, agreement.decided_by) == ("countersign_dismissal", second)
    assert set(proposal.hits) == set(agreement.hits) == {first.pk, other.pk}
    assert set(agreement.fingerprints) == {first.fingerprint, of_role(named, "other name").fingerprint}
    told = [message["outcome"] for message in news("screening.organization_screened")]
    assert told[-2:] == ["PROPOSED", "NOT_A_MATCH"]  # one message an act
    for hit in (first, other):
        acts = [entry.action for entry in entries_for(hit).order_by("pk")]
        assert acts == ["open_hit", "propose_dismissal", "countersign_dismissal"]


def test_nobody_countersigns_what_they_proposed_through_another_hit_of_the_group(named, officer, now):
    actions.dismiss_hit(of_role(named, "legal name"), by=officer, now=now, reason="A company.")
    with pytest.raises(PermissionDenied):
        actions.countersign_dismissal(of_role(named, "other name"), by=officer, now=now)


def test_a_review_in_a_group_with_an_alert_needs_two(named, officer, now):
    Hit.objects.filter(pk=of_role(named, "other name").pk).update(tier="review")
    actions.dismiss_hit(of_role(named, "other name"), by=officer, now=now, reason="A company.")
    assert of_role(named, "other name").status == "PROPOSED"


def test_a_name_that_comes_later_is_judged_by_itself_and_shows_what_was_said(named, officer, second, now, founder):
    actions.dismiss_hit(of_role(named, "legal name"), by=officer, now=now, reason="A company.")
    actions.countersign_dismissal(of_role(named, "legal name"), by=second, now=now)
    names = [{"name": name, "kind": "TRADE"} for name in ("Kony Joseph", "Josef Kony")]
    set_names(named, by=founder, now=now, names=names)
    outbox.drain(now)
    new = named.hits.get(party_name="Josef Kony")
    assert new.status == "OPEN"
    assert [act.decision for act in casework.adjudications_of(new)] == ["countersign_dismissal", "dismiss_hit"]
    (group,) = [group for group in groups(hits_of(named)) if "Josef Kony" in group.names]
    assert group.first == new  # what waits stands for the group


def test_judged_once_for_all_lists_to_come(named, officer, second, now, tmp_path):
    actions.dismiss_hit(of_role(named, "legal name"), by=officer, now=now, reason="A company.")
    actions.countersign_dismissal(of_role(named, "legal name"), by=second, now=now)
    before = statuses(named)
    rows = make.rows_of_extract()
    renumbered = [["new" + row[0], *row[1:]] for row in reversed(rows[1:])]
    make.imported(make.written(tmp_path / "shuffled.csv", [rows[0], *renumbered]), now=now)
    outbox.drain(now)
    assert statuses(named) == before
    assert Adjudication.objects.count() == 2


def test_the_reason_of_an_earlier_decision_is_never_lost(hit, officer, now):
    actions.confirm_hit(hit, by=officer, now=now, reason="First.")
    actions.reopen_hit(hit, by=officer, now=now, reason="Second.")
    actions.confirm_hit(hit, by=officer, now=now, reason="Third.")
    assert list(Adjudication.objects.order_by("pk").values_list("reason", flat=True)) == ["First.", "Second.", "Third."]
    for statement in ("UPDATE screening_adjudication SET reason = ''", "DELETE FROM screening_adjudication"):
        with pytest.raises(DatabaseError, match="a record is corrected by a new row"), transaction.atomic():
            connection.cursor().execute(statement)


# --- by facts beside the name -------------------------------------------------------------------------------------------


@pytest.fixture
def numbered(listed, now, tmp_path):
    """The list, and in it a party that has a number, a telephone, a site and an address."""
    source = "Entity List (EL) - Bureau of Industry and Security"
    row = make.row(
        source=source,
        name="Zvezda Optics OOO",
        ids="RU, 5599887766, Tax ID No.; 74955550147, Phone Number",
        remarks="www.zvezda-optics.example",
        addresses="12 Lenin Street, Office 4, Tomsk, 634050, RU",
    )
    path = make.written(tmp_path / "numbered.csv", [*make.rows_of_extract(), row])
    release = make.imported(path, now=now)
    outbox.drain(now)
    return release


FACTS = {
    "identifier": ({"identifiers": {"TAX": "5599-887-766"}}, set_identifiers, "alert"),
    "telephone": (
        {"role": "CONTACT", "kind": "PERSON", "name": "Ann", "email": "a@example.com", "phone": "+7 495 555 01 47"},
        add_party,
        "review",
    ),
    "domain": ({"website": "https://zvezda-optics.example"}, edit_organization, "review"),
    "address": ({"address": "Office 4, 12 Lenin Street, 634050 Tomsk"}, edit_organization, "review"),
}


@pytest.mark.parametrize("kind", FACTS)
def test_a_shared_fact_opens_a_hit_under_any_name(kind, numbered, now, founder):
    subject = organizations.organization("Meridian Compute Inc", now=now)
    outbox.drain(now)
    assert subject.hits.count() == 0
    fields, act, tier = FACTS[kind]
    act(subject, by=founder, now=now, **fields)
    outbox.drain(now)
    hit = subject.hits.get()
    assert (hit.party_role, hit.tier, hit.listed_name, hit.status) == (kind, tier, "Zvezda Optics OOO", "OPEN")
    assert [fact["kind"] for fact in hit.explanation["shared"]] == [kind]
    assert screening_state(subject, now).kind == "OPEN_HITS"
    assert casework.group_of(hit) == [hit]


def test_a_later_list_brings_a_shared_number_and_takes_it_away(listed, now, founder, tmp_path):
    """Nobody's name is like anybody's: only the number tells whom the list's change touches."""
    subject = organizations.organization("Meridian Compute Inc", now=now)
    set_identifiers(subject, by=founder, now=now, identifiers={"TAX": "5599887766"})
    outbox.drain(now)
    rows, source = make.rows_of_extract(), "Entity List (EL) - Bureau of Industry and Security"
    for ids, expected in (("RU, 5599887766, Tax ID No.", ["OPEN"]), ("RU, 1122334455, Tax ID No.", ["GONE"])):
        row = make.row(source=source, name="Zvezda Optics OOO", ids=ids)
        make.imported(make.written(tmp_path / "later.csv", [*rows, row]), now=now)
        outbox.drain(now)
        assert statuses(subject) == expected


def test_two_facts_of_two_kinds_alert(numbered, now, founder):
    subject = organizations.organization("Meridian Compute Inc", now=now)
    for kind in ("domain", "address"):
        fields, act, _tier = FACTS[kind]
        act(subject, by=founder, now=now, **fields)
    outbox.drain(now)
    assert [(hit.tier, len(hit.explanation["shared"])) for hit in hits_of(subject)] == [("alert", 2)]


def test_a_shared_fact_replays(numbered, now, founder):
    from screening import replay

    subject = organizations.organization("Meridian Compute Inc", now=now)
    set_identifiers(subject, by=founder, now=now, identifiers={"TAX": "5599887766"})
    outbox.drain(now)
    explanation = subject.hits.get().explanation
    assert replay.differences(explanation) == []
    other = explanation | {"shared": [explanation["shared"][0] | {"ours": "1111111"}]}
    assert replay.differences(other) == ["tier"]


def test_a_name_and_a_number_of_one_entry_are_judged_together(numbered, now, founder):
    subject = organizations.organization("Zvezda Optics", now=now, country="RU")
    set_identifiers(subject, by=founder, now=now, identifiers={"TAX": "5599887766"})
    outbox.drain(now)
    (group,) = groups(hits_of(subject))
    assert sorted(group.roles) == ["identifier", "legal name"]
