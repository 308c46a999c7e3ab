"""Before trust ends it is looked at anew, and only at what changed; a material change opens its facts again at once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from buyers import actions, selectors
from buyers.models import VettingCase
from buyers.rules import EXPIRY
from buyers.selectors import facts
from buyers.states import ChecklistItem
from core import outbox
from core.errors import UnableTo
from core.models import DatedRule
from organizations.actions import add_party, add_stake, change_stake, edit_organization, set_names
from screening.models import CurrentRelease
from tests.buyers.bench import case_page
from tests.buyers.conftest import told
from tests.buyers.test_tasks import run_job
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db
ALWAYS = {"FINANCE", "REPUTATION", "SCREENING"}


@scene
def trusted(buyer, cleared, now):
    """Trusted for 300 days, and everything delivered."""
    case = make.case_at("TRUSTED", buyer, now=now)
    outbox.drain(now)
    return case


def changed(buyer, now, **fields) -> None:
    edit_organization(buyer.organization, by=person("buyer"), now=now, **fields)
    outbox.drain(now)


def holds(buyer, now) -> bool:
    return selectors.trust_of(buyer, now) is not None


# --- renewal --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "renewals"), [(255, 0), (256, 1), (299, 1)])
def test_a_renewal_is_opened_before_the_end_once(day, renewals, trusted, now):
    for _again in range(2):
        run_job(now, day)
    found = trusted.successors.all()
    assert [(case.kind, case.status, case.basis) for case in found] == [("RENEWAL", "OPEN", trusted)] * renewals
    assert told(person("buyer")).count("buyers.renewal_opened") == renewals
    assert holds(trusted.buyer, now)


def test_a_refused_renewal_is_not_opened_again(trusted, now):
    run_job(now, 256)
    renewal = trusted.successors.get()
    actions.refuse_trust(renewal, by=make.officer(now), now=now + timedelta(days=256), reason="END_USE")
    run_job(now, 257)
    assert trusted.successors.count() == 1


def test_an_owner_of_a_later_day_is_looked_at_when_it_is_named(trusted, now):
    fields = {"kind": "ENTITY", "name": "Quiet Holdings", "country": "PA"}
    tomorrow = (now + timedelta(days=1)).date()
    by = person("buyer")
    add_stake(trusted.buyer.organization, by=by, now=now, holder=fields, share_percent=None, held_from=tomorrow)
    outbox.drain(now)
    assert trusted.successors.get().kind == "CHANGE"
    assert not holds(trusted.buyer, now)


def test_refused_changes_end_the_trust_that_they_changed(trusted, now):
    changed(trusted.buyer, now, legal_name="Quiet Power Company")
    change = trusted.successors.get()
    actions.refuse_trust(change, by=make.officer(now), now=now, reason="OWNERSHIP")
    trusted.refresh_from_db()
    assert (trusted.status, holds(trusted.buyer, now)) == ("REVOKED", False)


def test_trust_does_not_come_back_on_other_facts_than_it_was_given_on(trusted, now):
    make.case_at("OPEN", trusted.buyer, now=now)
    changed(trusted.buyer, now, country="TZ")
    trusted.refresh_from_db()
    assert (trusted.status, trusted.successors.filter(kind="CHANGE").count()) == ("SUSPENDED", 0)
    with pytest.raises(UnableTo, match="are not those on which trust was given"):
        actions.restore_trust(trusted, by=make.officer(now), now=now, reason="RESOLVED")


def test_a_renewal_waits_for_a_case_that_is_under_review(trusted, now):
    make.case_at("OPEN", trusted.buyer, now=now)
    assert actions.open_renewal(trusted, by=EXPIRY, now=now) is None


def test_only_a_given_trust_is_renewed(trusted, now):
    actions.suspend_trust(trusted, by=make.manager(now), now=now, reason="OTHER", note="A complaint.")
    assert actions.open_renewal(trusted, by=EXPIRY, now=now) is None


def test_without_a_rule_nothing_is_renewed_by_itself(trusted, now):
    DatedRule.objects.filter(code="vetting_renewal").delete()
    run_job(now, 299)
    assert VettingCase.objects.count() == 1


def test_a_renewal_asks_for_what_ages_and_what_changed(trusted, now):
    renewal = actions.open_renewal(trusted, by=EXPIRY, now=now)
    assert set(facts.standing_findings(renewal, now)) == set(ChecklistItem.values) - ALWAYS
    changed(trusted.buyer, now, address="2 Harambee Avenue, Nairobi")
    renewal = VettingCase.objects.get(pk=renewal.pk)
    found = facts.changes_since_trust(renewal, now)
    assert [(change.fact, change.after, change.is_material) for change in found] == [
        ("ADDRESS", ["2 Harambee Avenue, Nairobi"], False)
    ]
    assert set(facts.standing_findings(renewal, now)) == set(ChecklistItem.values) - ALWAYS - {"ADDRESS"}


def test_a_renewal_is_decided_with_findings_on_that_only(trusted, now):
    renewal = actions.open_renewal(trusted, by=EXPIRY, now=now)
    officer = make.officer(now)
    findings = make.findings()
    with pytest.raises(UnableTo, match="has no finding yet"):
        recommended(renewal, officer, now)
    actions.record_findings(renewal, by=officer, now=now, findings={item: findings[item] for item in sorted(ALWAYS)})
    recommended(renewal, officer, now)
    actions.countersign_trust(renewal, by=make.second_officer(now), now=now)
    trusted.refresh_from_db()
    assert (trusted.status, selectors.trust_of(trusted.buyer, now)) == ("REPLACED", renewal)
    assert renewal.findings.count() == 3
    after = actions.open_renewal(renewal, by=EXPIRY, now=now)  # carried through two terms
    assert set(facts.standing_findings(after, now)) == set(ChecklistItem.values) - ALWAYS


def recommended(case, officer, now):
    terms = {"opinion": "Still suitable.", "countries": ["KE"], "components": ["A"]}
    return actions.recommend_trust(case, by=officer, now=now, until=(now + timedelta(days=90)).date(), **terms)


@pytest.mark.parametrize("without", ["rule", "facts"])
def test_what_cannot_be_told_is_looked_at_in_full(without, trusted, now):
    renewal = actions.open_renewal(trusted, by=EXPIRY, now=now)
    if without == "rule":
        DatedRule.objects.filter(code="vetting_renewal").delete()
    else:
        VettingCase.objects.filter(pk=trusted.pk).update(facts={})
        renewal.refresh_from_db()
    assert facts.standing_findings(renewal, now) == {}


def test_a_submission_of_a_trusted_buyer_is_a_renewal(trusted, now):
    case = make.case_at("OPEN", trusted.buyer, now=now)
    assert (case.kind, case.basis) == ("RENEWAL", trusted)


# --- expiry ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["TRUSTED", "SUSPENDED"])
def test_a_trust_expires_at_its_end_and_is_told_in_neutral_words(state, buyer, cleared, now, news):
    case = make.case_at(state, buyer, now=now)
    run_job(now, 300)
    case.refresh_from_db()
    assert case.status == state
    before = len(news("buyers.trust_changed"))
    for day in (301, 302):
        run_job(now, day)
    case.refresh_from_db()
    assert (case.status, case.suspension_reason) == ("EXPIRED", "")
    assert told(person("buyer")).count("buyers.trust_ended") == 1
    assert len(news("buyers.trust_changed")) == before + 1


def test_nothing_ends_before_its_time(trusted, now):
    with pytest.raises(UnableTo, match="has not ended yet"):
        actions.expire_trust(trusted, by=EXPIRY, now=now)


# --- what opens vetting again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "opened", "trust_goes_on"),
    [
        ({"legal_name": "Umeme Grid Co."}, [], True),
        ({"legal_name": "UMEME GRID COMPANY"}, [], True),
        ({"legal_name": "Kivu Power Company"}, ["IDENTITY", "SCREENING"], True),
        ({"country": "TZ"}, ["ADDRESS", "IDENTITY", "SCREENING"], False),
        ({"headquarters_country": "TZ"}, ["ADDRESS", "IDENTITY", "SCREENING"], False),
        ({"address": "2 Harambee Avenue, Nairobi"}, [], True),
        ({"website": "https://umeme2.example"}, [], True),
    ],
)
def test_a_material_change_opens_its_facts_and_a_correction_does_not(fields, opened, trust_goes_on, trusted, now):
    changed(trusted.buyer, now, **fields)
    cases = list(trusted.successors.all())
    assert [case.kind for case in cases] == (["CHANGE"] if opened else [])
    for case in cases:
        missing = set(ChecklistItem.values) - set(facts.standing_findings(case, now))
        assert sorted(missing) == opened
    assert holds(trusted.buyer, now) is trust_goes_on
    assert told(person("buyer")).count("buyers.change_opened") == len(cases)


def test_an_owner_opens_ownership_and_suspends_until_the_change_is_vetted(trusted, now, news):
    buyer, officer = trusted.buyer, make.officer(now)
    stake = buyer.organization.stakes.get()
    change_stake(buyer.organization, by=person("buyer"), now=now, stake=stake, share_percent=Decimal(70))
    add_party(
        buyer.organization, by=person("buyer"), now=now, role="OWNER", kind="PERSON", name="Ann Lee",
        country="KE", share_percent=Decimal(30),
    )  # fmt: skip
    outbox.drain(now)
    trusted.refresh_from_db()
    change = trusted.successors.get()
    assert (trusted.status, trusted.suspension_reason, change.kind) == ("SUSPENDED", "FACTS", "CHANGE")
    with pytest.raises(UnableTo, match="changed facts are under review"):
        actions.restore_trust(trusted, by=officer, now=now, reason="RESOLVED")
    with pytest.raises(UnableTo, match="cannot be withdrawn"):
        actions.withdraw_case(change, by=person("buyer"), now=now)
    findings = {item: make.findings()[item] for item in ("OWNERSHIP", "SCREENING")}
    actions.record_findings(change, by=officer, now=now, findings=findings)
    recommended(change, officer, now)
    actions.countersign_trust(change, by=make.second_officer(now), now=now)
    trusted.refresh_from_db()
    assert (trusted.status, selectors.trust_of(buyer, now)) == ("REPLACED", change)


def test_trust_does_not_hold_between_a_change_and_its_comparison(trusted, now):
    """The queue is stopped; screening alone would let it go on."""
    buyer = trusted.buyer
    set_names(buyer.organization, by=person("buyer"), now=now, names=[{"name": "Kivu", "kind": "TRADE"}])
    for message in outbox.due(now).filter(subscriber__startswith="screening."):
        outbox.deliver(message.pk, now=now)
    assert holds(buyer, now) is False
    outbox.drain(now)
    assert holds(buyer, now) is True


def test_a_change_that_no_rule_names_suspends(trusted, now):
    DatedRule.objects.filter(code="material_change_suspends").delete()
    changed(trusted.buyer, now, legal_name="Kivu Power Company")
    trusted.refresh_from_db()
    assert (trusted.status, trusted.suspension_reason) == ("SUSPENDED", "FACTS")


def test_a_change_while_a_case_is_under_review_opens_no_other(trusted, now):
    renewal = make.case_at("OPEN", trusted.buyer, now=now)
    changed(trusted.buyer, now, country="TZ")
    trusted.refresh_from_db()
    assert (list(trusted.successors.all()), trusted.status) == ([renewal], "SUSPENDED")


def test_a_trust_that_ended_is_not_compared(trusted, now):
    later = trusted.trusted_until
    CurrentRelease.objects.update(confirmed_at=later)
    changed(trusted.buyer, later, country="TZ")
    assert not trusted.successors.exists()


def test_the_case_page_shows_what_changed(officer, recent, today):
    case = make.case_at("TRUSTED", recent, now=today)
    outbox.drain(today)
    changed(recent, today, country="TZ", legal_name="Umeme Grid Co.")
    text = officer.get(case_page(case.successors.get())).content.decode()
    for words in (
        "What changed since the trust of",
        "Tanzania",
        "Material",
        "Correction",
        "Only what changed is looked at.",
    ):
        assert words in text
