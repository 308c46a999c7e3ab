"""What a decision stood on is kept, sealed, and derived again whatever list comes; a flipped byte is named."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from buyers import actions, replaying
from buyers.evidence import canonical, digest
from buyers.models import DecisionRecord, VettingCase
from core import outbox
from core.ledger import entries_for
from screening import actions as screening_actions
from tests.factories import buyers as make
from tests.factories import screening as lists
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db

LISTED = "County Holdings Group"


@scene
def judged(now, tmp_path) -> VettingCase:
    """Open, with a hit on an owner that two officers dismissed, a question that was answered, and a checklist."""
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path, LISTED)
    case = make.case_at("OPEN", buyer, now=now)
    hit = buyer.organization.hits.get()
    screening_actions.dismiss_hit(hit, by=make.officer(now), now=now, reason="Another group, of another country.")
    if hit.status == "PROPOSED":
        screening_actions.countersign_dismissal(hit, by=make.second_officer(now), now=now)
    outbox.drain(now)
    actions.ask_question(case, by=make.officer(now), now=now, text="Who is the end user?")
    actions.answer_question(case, by=person("buyer"), now=now, answer="The county.")
    return case


@scene
def trusted(judged, now) -> VettingCase:
    make.recommend(judged, now=now)
    actions.countersign_trust(judged, by=make.second_officer(now), now=now)
    return judged


def record_of(case: VettingCase, act: str) -> DecisionRecord:
    return case.decisions.get(act=act)


def import_two_lists(now, tmp_path) -> None:
    """Two releases later: the entry that was judged says something else, and then is gone."""
    for day, names in ((1, ["County Holdings Group Limited", "Newcomer"]), (2, ["Newcomer", "Another Party"])):
        later = now + timedelta(days=day)
        lists.imported(lists.list_file(tmp_path / f"later{day}.csv", *names), now=later)
        outbox.drain(later)


def replayed(number: int) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("replay_decision", number, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), err.getvalue()
    return out.getvalue(), err.getvalue()


# --- what is kept -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("REFUSED", ["refuse_trust"]),
        ("RECOMMENDED", ["recommend_trust"]),
        ("TRUSTED", ["recommend_trust", "countersign_trust"]),
        ("SUSPENDED", ["recommend_trust", "countersign_trust", "suspend_trust"]),
        ("REVOKED", ["recommend_trust", "countersign_trust", "revoke_trust"]),
    ],
)
def test_every_decision_is_kept_with_its_hash_in_the_ledger(state, acts, cleared, buyer, now):
    case = make.case_at(state, buyer, now=now)
    kept = list(case.decisions.order_by("pk"))
    assert [record.act for record in kept] == acts
    sealed = [json.loads(entry.detail).get("record") for entry in entries_for(case) if entry.action in acts]
    assert sealed == [record.sha256 for record in kept] == [digest(record.content) for record in kept]


def test_a_restored_trust_is_kept_too(cleared, buyer, now):
    case = make.case_at("SUSPENDED", buyer, now=now)
    actions.restore_trust(case, by=make.officer(now), now=now, reason="RESOLVED")
    assert case.decisions.order_by("pk").last().act == "restore_trust"


def test_it_holds_what_it_stood_on(trusted, now):
    kept = json.loads(record_of(trusted, "countersign_trust").content)
    evidence = kept["evidence"]
    state, release = evidence["screening"], trusted.buyer.organization.screening_runs.last().release
    assert (kept["from"], kept["by"]) == ("RECOMMENDED", make.second_officer(now).ledger_name)
    assert kept["terms"]["opinion"] == "A suitable partner."
    assert (state["kind"], state["list"]["sha256"], state["run"]["release"]) == ("CLEAR", release.sha256, release.pk)
    (hit,) = evidence["hits"]
    assert (hit["status"], hit["listed_name"], hit["party_name"]) == ("NOT_A_MATCH", LISTED, "County Holdings")
    assert {act["reason"] for act in evidence["adjudications"]} >= {"Another group, of another country."}
    assert evidence["ownership"]["outcome"] == "CLEAR"
    assert {row["item"] for row in evidence["checklist"]} == set(make.findings())
    assert [row["answer"] for row in evidence["questions"]] == ["The county."]
    assert {"trust_max_days", "ofac_50_percent_rule", "csl_stale_after_days"} <= {
        row["code"] for row in evidence["rules"]
    }
    assert [(name["role"], name["name"]) for name in evidence["names"]] == [
        ("legal name", "Umeme Grid Company"),
        ("OWNER", "County Holdings"),
        ("CONTACT", "Wanjiru"),
    ]


def test_the_ledger_holds_no_word_of_it(trusted):
    details = " ".join(entry.detail for entry in entries_for(trusted))
    assert not [word for word in ("County", "partner", "Wanjiru", "register") if word in details]


def test_a_record_is_never_changed(trusted):
    for statement in ("UPDATE buyers_decisionrecord SET act = 'x'", "DELETE FROM buyers_decisionrecord"):
        with pytest.raises(DatabaseError, match="a record is corrected by a new row"), transaction.atomic():
            connection.cursor().execute(statement)


# --- and derived again --------------------------------------------------------------------------------------------------


def test_it_comes_out_the_same_two_lists_later(trusted, now, tmp_path):
    import_two_lists(now, tmp_path)
    statuses = list(trusted.buyer.organization.hits.order_by("pk").values_list("status", flat=True))
    assert statuses[0] == "GONE"  # the world went on
    for kept in trusted.decisions.all():
        said, problems = replayed(kept.pk)
        assert problems == ""
        assert "comes out the same" in said
        assert kept.sha256 in said


def test_an_owner_that_changed_since_changes_no_decision(trusted, now):
    organization = trusted.buyer.organization
    organization.parties.filter(name="County Holdings").update(name="Another Holding")
    organization.stakes.update(share_percent=10)
    assert replaying.differences(record_of(trusted, "countersign_trust")) == []


FLIPS = [
    ("screening", "list", "sha256", "The list of 2022-05-06"),
    ("hits", 0, "status", "The record says"),
    ("hits", 0, "listed_name", "Hit {hit}: listed_name"),
    ("hits", 0, "entry_sha256", "the list's entry"),
    ("adjudications", 0, "reason", "Adjudication"),
    ("rules", 0, "sha256", "The rule advanced_computing_destinations v1"),
    ("checklist", 0, "note", "The finding on"),
    ("ownership", "outcome", None, "The conclusion"),
    ("names", 1, "name", "Screened again, these hits are not found"),
]


def flipped(kept: DecisionRecord, one, two, three) -> DecisionRecord:
    """The record with a byte of one value turned."""
    content = json.loads(kept.content)
    place = content["evidence"][one]
    path = [two] if three is None else [two, three]
    for key in path[:-1]:
        place = place[key]
    value = place[path[-1]]
    place[path[-1]] = "x" + value[1:]
    return DecisionRecord(
        pk=kept.pk,
        case=kept.case,
        act=kept.act,
        decided_at=kept.decided_at,
        content=canonical(content),
        sha256=kept.sha256,
    )


@pytest.mark.parametrize(("one", "two", "three", "told"), FLIPS, ids=lambda value: str(value))
def test_a_flipped_byte_is_named(one, two, three, told, trusted):
    kept = record_of(trusted, "countersign_trust")
    found = replaying.differences(flipped(kept, one, two, three))
    hit = trusted.buyer.organization.hits.get().pk
    assert any(told.format(hit=hit).lower() in line.lower() for line in found), found
    assert sum("SHA-256" in line for line in found) == 2  # its own, and the ledger's


def test_a_record_whose_hash_was_made_anew_is_caught_by_the_ledger(trusted):
    kept = flipped(record_of(trusted, "countersign_trust"), "checklist", 0, "note")
    kept.sha256 = digest(kept.content)
    assert sum("the ledger says" in line for line in replaying.differences(kept)) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "The content cannot be read"),
        ("{}", "The content cannot be read"),
        ('{"evidence": {}}', "The evidence is not of this form"),
        ('{"evidence":{},"a":1}', "The content is not in its canonical form"),
    ],
)
def test_a_content_that_is_none_is_told(content, told, trusted):
    kept = record_of(trusted, "countersign_trust")
    kept.content = content
    assert any(told in line for line in replaying.differences(kept))


def test_a_hit_that_somebody_changed_in_the_table_is_named(trusted):
    hit = trusted.buyer.organization.hits.get()
    type(hit).objects.filter(pk=hit.pk).update(explanation=hit.explanation | {"value": 1.0})
    said, problems = replayed(record_of(trusted, "countersign_trust").pk)
    assert problems == f"Hit {hit.pk}: explanation differ from what was decided on.\n"
    assert said.endswith("comes out otherwise: 1 differences.")


def test_a_decision_that_is_none_is_told(db):
    said, _problems = replayed(999_999)
    assert said == "There is no decision 999999: take the number from the page of its case."


def test_another_engine_is_named(trusted, monkeypatch):
    monkeypatch.setattr(replaying, "engine_version", lambda: "another")
    (line,) = replaying.differences(record_of(trusted, "countersign_trust"))
    assert line.endswith("screened it and another is installed: install the one that it was.")
