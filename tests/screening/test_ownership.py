"""Who owns an organization, and what that does to its screening: worked out after every change, computed at reading."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from buyers.selectors import trusted
from core import dated, outbox
from core.models import DatedRule
from organizations import actions as owners
from organizations.models import Organization
from packages.selectors import offered
from screening import actions
from screening.models import Hit, OwnershipConclusion
from screening.selectors import is_clear, ownership_rules, screening_state
from tests.factories import buyers, matching
from tests.factories import organizations as make
from tests.factories import screening as lists
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

SDN = "Specially Designated Nationals (SDN) - Treasury Department"
DPL = "Denied Persons List (DPL) - Bureau of Industry and Security"
EL = "Entity List (EL) - Bureau of Industry and Security"


@pytest.fixture
def rules():
    lists.rules()


@pytest.fixture
def subject(rules, now, tmp_path):
    """A company of `founder@`, whose owners each test names; a list in force with three invented parties."""
    rows = [
        ["_id", *lists.csl.COLUMNS[1:]],
        lists.row(_id="1", source=SDN, name="Vorgul Tzantrami", type="Individual"),
        lists.row(_id="2", source=EL, name="Qeshvanda Oltre", type=""),
        lists.row(_id="3", source=DPL, name="Brixholt Nemdura", type=""),
    ]
    lists.imported(lists.written(tmp_path / "list.csv", rows), now=now)
    return make.organization("Meridian Compute Inc", now=now)


def own(subject, name, share, now, *, kind="PERSON", owned=None, **fields):
    percent = None if share is None else Decimal(share)
    holder = {"kind": kind, "name": name, "country": "US"}
    return owners.add_stake(
        subject, by=person("founder"), now=now, holder=holder, owned=owned, share_percent=percent, **fields
    ).holder


def confirm(subject, now):
    """Screen, and say of every hit that it is the listed party."""
    outbox.drain(now)
    for hit in subject.hits.filter(status="OPEN"):
        actions.confirm_hit(hit, by=buyers.officer(now), now=now, reason="The same person.")


def state(subject, now):
    """Kind and reason; both ways of asking agree."""
    found = screening_state(Organization.objects.get(pk=subject.pk), now)
    assert found.is_clear == Organization.objects.filter(is_clear(now), pk=subject.pk).exists()
    return found.kind, found.reason


def kind_after(subject, now):
    outbox.drain(now)
    return state(subject, now)[0]


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Vorgul Tzantrami", 50), ("Ann Lee", 50)], "BLOCKED"),
        ([("Vorgul Tzantrami", "49.9999"), ("Ann Lee", "50.0001")], "CANNOT_TELL"),  # below the line: to be considered
        ([("Vorgul Tzantrami", None), ("Ann Lee", 40)], "CANNOT_TELL"),
        ([("Ann Lee", 100)], "CLEAR"),
        ([("Ann Lee", "50.0001")], "CLEAR"),  # less than half is unknown
        ([("Ann Lee", 50)], "CANNOT_TELL"),
        ([("Ann Lee", None)], "CANNOT_TELL"),
        ([], "CANNOT_TELL"),
        (
            [("Vorgul Tzantrami", 30), ("Qeshvanda Oltre", 20), ("Ann Lee", 50)],
            "BLOCKED",
        ),  # the affiliates rule adds up
        ([("Brixholt Nemdura", 100)], "CANNOT_TELL"),  # listed, but no rule on ownership is about that list
    ],
)
def test_owners_decide(rows, expected, subject, now):
    for name, share in rows:
        own(subject, name, share, now)
    confirm(subject, now)
    assert kind_after(subject, now) == expected


def test_an_owner_of_an_owner_is_screened_and_blocks_through_it(subject, now):
    holding = own(subject, "Quiet Holdings", 60, now, kind="ENTITY")
    own(subject, "Ann Lee", 40, now)
    own(subject, "Vorgul Tzantrami", 50, now, owned=holding)
    own(subject, "Bea Marsh", 50, now, owned=holding)
    outbox.drain(now)
    assert state(subject, now) == ("OPEN_HITS", "1 screening hit waits for a decision.")
    confirm(subject, now)
    outbox.drain(now)
    assert state(subject, now) == (
        "BLOCKED",
        "OFAC's 50 percent rule: listed owners hold at least 60 percent (Vorgul Tzantrami). "
        "BIS's affiliates rule: listed owners hold at least 60 percent (Vorgul Tzantrami).",
    )


def test_what_is_missing_is_said(subject, now):
    holding = own(subject, "Quiet Holdings", 60, now, kind="ENTITY")
    own(subject, "Ann Lee", None, now, owned=holding)
    outbox.drain(now)
    assert state(subject, now) == (
        "CANNOT_TELL",
        "It cannot be told whether listed persons own 50 percent or more. Missing: who holds 40 percent of Meridian "
        "Compute Inc. Missing: who holds 100 percent of Quiet Holdings, of which Ann Lee has an unknown part.",
    )


def test_a_listed_owner_at_any_distance_counts_across_registered_organizations(subject, now):
    parent = make.organization("Parent Works", now=now)
    holder = {"kind": "ENTITY", "name": "Parent", "country": "US", "registered": parent}
    owners.add_stake(subject, by=person("founder"), now=now, holder=holder, share_percent=Decimal(100))
    own(parent, "Ann Lee", 100, now)
    assert kind_after(subject, now) == "CLEAR"
    stake = parent.stakes.get()
    owners.end_stake(parent, by=person("founder"), now=now, stake=stake, held_to=now.date())
    assert state(subject, now)[0] == "COULD_NOT"  # at once, before any worker looked
    own(parent, "Vorgul Tzantrami", 100, now, held_from=now.date())
    confirm(subject, now)
    assert kind_after(subject, now) == "BLOCKED"


# --- findings ---------------------------------------------------------------------------------------------------------


def test_a_finding_settles_what_nobody_names_until_it_is_withdrawn(subject, now):
    own(subject, "Ann Lee", 30, now)
    assert kind_after(subject, now) == "CANNOT_TELL"
    finding = make.settled(subject, by=buyers.officer(now), now=now)
    assert kind_after(subject, now) == "CLEAR"
    runs = subject.screening_runs.count()
    owners.withdraw_finding(finding, by=buyers.officer(now), now=now)
    assert state(subject, now)[0] == "COULD_NOT"
    assert kind_after(subject, now) == "CANNOT_TELL"
    assert subject.screening_runs.count() == runs  # nobody else is screened for it


def test_a_finding_that_ends_is_no_longer_enough_on_the_day_after_whoever_looks(subject, now):
    make.settled(
        subject, by=buyers.officer(now), now=now, kind="STATE_BODY", valid_until=now.date() + timedelta(days=1)
    )
    assert kind_after(subject, now) == "CLEAR"
    assert state(subject, now + timedelta(days=1))[0] == "CLEAR"
    assert state(subject, now + timedelta(days=2))[0] == "COULD_NOT"


def test_a_listed_owner_below_the_line_is_considered_by_an_officer(subject, now):
    listed = own(subject, "Vorgul Tzantrami", 5, now)
    own(subject, "Ann Lee", 95, now)
    confirm(subject, now)
    outbox.drain(now)
    assert state(subject, now) == (
        "CANNOT_TELL",
        "Listed, with a stake or control below the line of the rules: Vorgul Tzantrami. An officer has to consider it.",
    )
    make.settled(subject, by=buyers.officer(now), now=now, kind="LISTED_CONSIDERED", party=listed)
    assert kind_after(subject, now) == "CLEAR"


def test_a_listed_controller_without_a_share_is_to_be_considered(subject, now):
    own(subject, "Ann Lee", 100, now)
    holder = {"kind": "PERSON", "name": "Vorgul Tzantrami", "country": "RU"}
    control = owners.add_control(
        subject, by=person("founder"), now=now, holder=holder, kind="BOARD", note="Names three of five directors."
    )
    confirm(subject, now)
    assert kind_after(subject, now) == "CANNOT_TELL"
    owners.end_control(subject, by=person("founder"), now=now, control=control, held_to=now.date())
    assert kind_after(subject, now) == "CLEAR"


# --- reading does not wait --------------------------------------------------------------------------------------------


def test_a_confirmed_owner_is_no_longer_clear_at_once(subject, now):
    own(subject, "Vorgul Tzantrami", 100, now)
    outbox.drain(now)
    hit = subject.hits.get()
    actions.dismiss_hit(hit, by=buyers.officer(now), now=now, reason="Another person.")
    actions.countersign_dismissal(hit, by=buyers.second_officer(now), now=now)
    assert kind_after(subject, now) == "CLEAR"
    actions.reopen_hit(hit, by=buyers.officer(now), now=now, reason="A passport came.")
    actions.confirm_hit(hit, by=buyers.officer(now), now=now, reason="The same passport.")
    assert state(subject, now)[0] == "COULD_NOT"
    assert kind_after(subject, now) == "BLOCKED"
    actions.reopen_hit(hit, by=buyers.officer(now), now=now, reason="Forged.")
    assert state(subject, now)[0] == "BLOCKED"
    assert kind_after(subject, now) == "OPEN_HITS"


def test_a_stake_that_begins_later_counts_from_its_day(subject, now):
    ann = own(subject, "Ann Lee", 100, now)
    stake = ann.stakes.get()
    tomorrow = now + timedelta(days=1)
    owners.end_stake(subject, by=person("founder"), now=now, stake=stake, held_to=tomorrow.date())
    assert kind_after(subject, now) == "CLEAR"
    assert state(subject, tomorrow)[0] == "COULD_NOT"


def test_a_conclusion_that_still_holds_is_kept(subject, now):
    own(subject, "Ann Lee", 100, now)
    outbox.drain(now)
    kept = OwnershipConclusion.objects.get(organization=subject, ownership_version=subject.ownership_version)
    assert actions.conclude_ownership(subject, by=lists.JOB, now=now) == kept
    assert (kept.outcome, kept.rules) == ("CLEAR", "ofac_50_percent_rule:1 bis_affiliates_rule:3")
    assert kept.evidence["stakes"] == [[f"party:{subject.parties.get().pk}", f"organization:{subject.pk}", "100.0000"]]


def test_without_the_rules_nobody_is_clear(subject, now):
    own(subject, "Ann Lee", 100, now)
    DatedRule.objects.filter(code="ofac_50_percent_rule").delete()
    outbox.drain(now)
    assert state(subject, now)[0] == "CANNOT_TELL"
    assert "No rule 'ofac_50_percent_rule' holds" in state(subject, now)[1]


# --- the rules' days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "applies", "until"),
    [
        (date(2025, 9, 29), True, date(2025, 11, 10)),
        (date(2025, 11, 9), True, date(2025, 11, 10)),
        (date(2025, 11, 10), False, date(2026, 11, 10)),
        (date(2026, 11, 9), False, date(2026, 11, 10)),
        (date(2026, 11, 10), True, None),
    ],
)
def test_the_affiliates_rule_was_suspended_for_a_year(day, applies, until, rules):
    held, change = ownership_rules(day)
    assert [(rule.code, rule.applies) for rule in held] == [
        ("ofac_50_percent_rule", True),
        ("bis_affiliates_rule", applies),
    ]
    assert change == until


def test_before_the_affiliates_rule_it_is_not_known(rules):
    with pytest.raises(dated.NoRule):
        ownership_rules(date(2025, 9, 28))


# --- what follows -----------------------------------------------------------------------------------------------------


def test_trust_and_offer_end_with_the_knowledge_of_the_owners(now, tmp_path):
    scene = matching.scene(now, tmp_path)
    client = scene.buyer.organization
    assert (trusted(now).filter(pk=scene.buyer.pk).exists(), list(offered(now))) == (True, [scene.package])
    stake = client.stakes.get()
    owners.change_stake(client, by=person("buyer"), now=now, stake=stake, share_percent=None)
    assert trusted(now).filter(pk=scene.buyer.pk).exists() is False
    outbox.drain(now)
    assert state(client, now)[0] == "CANNOT_TELL"
    make.settled(client, by=buyers.officer(now), now=now, kind="STATE_BODY")
    outbox.drain(now)
    assert screening_state(client, now).is_clear  # trust waits for who looks at the changed owners
    anchor = scene.consortium.members.get(part="ANCHOR").company.organization
    owners.remove_party(anchor, by=person("anchor"), now=now, party=anchor.parties.get(role="OWNER"))
    outbox.drain(now)
    assert list(offered(now)) == []
    assert Hit.objects.count() == 0
