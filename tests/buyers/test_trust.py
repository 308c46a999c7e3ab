"""Trust is computed at the moment of asking: state, end, screening and scope. Whatever is unknown means no."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from buyers import actions, selectors
from buyers.models import VettingCase
from buyers.states import CaseStatus
from core import outbox
from core.errors import UnableTo
from core.models import DatedRule
from organizations.actions import add_party, set_names
from screening.models import CurrentRelease
from tests.factories import buyers as make
from tests.factories import screening
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def trusted(buyer, cleared, now):
    make.case_at("TRUSTED", buyer, now=now)
    return buyer


@scene
def scoped(buyer, cleared, now):
    """Trusted for two countries and two components."""
    make.case_at("TRUSTED", buyer, now=now, countries=["KE", "TZ"], components=["A", "C"])
    return buyer


def holds(buyer, now) -> bool:
    """All four ways of asking agree."""
    trust = selectors.trust_of(buyer, now)
    answers = {
        trust is not None,
        selectors.trusted(now).filter(pk=buyer.pk).exists(),
        selectors.trusts(now).filter(buyer=buyer).exists(),
    }
    assert len(answers) == 1
    return answers.pop()


def test_a_countersigned_trust_holds_through_its_last_day(trusted, now):
    case = selectors.trust_of(trusted, now)
    assert case.trusted_until == datetime(2027, 9, 20, 23, 59, 59, tzinfo=UTC)
    screening_is_confirmed(case.trusted_until)
    assert holds(trusted, case.trusted_until - timedelta(seconds=1)) is True
    assert holds(trusted, case.trusted_until) is False


def screening_is_confirmed(at: datetime) -> None:
    CurrentRelease.objects.update(confirmed_at=at)


@pytest.mark.parametrize("state", [state for state in CaseStatus if state not in ("TRUSTED", "REPLACED")])
def test_no_other_state_is_trust(state, buyer, cleared, now):
    make.case_at(state, buyer, now=now)
    assert holds(buyer, now) is False


def test_a_replaced_trust_goes_on_in_the_newer_case(buyer, cleared, now):
    old = make.case_at("REPLACED", buyer, now=now)
    assert (old.status, holds(buyer, now)) == ("REPLACED", True)
    assert selectors.trust_of(buyer, now).pk > old.pk


def test_trust_stops_with_a_stale_list_and_goes_on_when_it_is_confirmed(trusted, now):
    days = DatedRule.objects.get(code="csl_stale_after_days").value
    later = now + timedelta(days=days, seconds=1)
    assert holds(trusted, later) is False
    screening_is_confirmed(later)
    assert holds(trusted, later) is True


def test_trust_stops_without_a_list(trusted, now):
    CurrentRelease.objects.all().delete()
    assert holds(trusted, now) is False


def test_trust_stops_without_a_rule_on_freshness(trusted, now):
    DatedRule.objects.filter(code="csl_stale_after_days").delete()
    assert holds(trusted, now) is False


def test_trust_stops_at_a_change_until_it_is_screened(trusted, now):
    """Not by news: the queue is stopped here."""
    set_names(trusted.organization, by=person("buyer"), now=now, names=[{"name": "Umeme Holdings", "kind": "TRADE"}])
    assert holds(trusted, now) is False
    outbox.drain(now)
    assert holds(trusted, now) is True


def test_trust_stops_when_a_new_list_names_an_owner(trusted, now, tmp_path):
    screening.imported(screening.list_file(tmp_path / "new.csv", "County Holdings"), now=now)
    assert holds(trusted, now) is False
    outbox.drain(now)
    assert holds(trusted, now) is False
    assert trusted.cases.get().status == "SUSPENDED"


# --- scope --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("destination", "components", "expected"),
    [
        ("KE", ["A"], True),
        ("KE", ["A", "C"], True),
        ("TZ", ["C"], True),
        ("KE", ["A", "B"], False),
        ("KE", ["B"], False),
        ("UG", ["A"], False),
        ("UG", ["B"], False),
        ("KE", [], False),
    ],
)
def test_a_need_is_matched_only_within_the_scope(destination, components, expected, scoped, now):
    if components:
        need = make.need_at("POSTED", scoped, now=now, destination=destination, components=components)
        assert list(selectors.posted_needs(now)) == ([need] if expected else [])
        assert (selectors.why_not_matched(need, now) == "") is expected
    trust = selectors.trust_of(scoped, now)
    assert selectors.is_in_scope(trust, destination=destination, components=components) is expected


def test_nothing_is_in_the_scope_of_no_trust():
    assert selectors.is_in_scope(None, destination="KE", components=["A"]) is False


@pytest.mark.parametrize(("country", "matched"), [("KE", True), ("TZ", True), ("UG", False), ("", False)])
def test_an_end_user_named_after_trust_is_screened_and_in_its_scope(country, matched, scoped, now):
    """An end user whose country nobody knows is in no scope."""
    need = make.need_at("POSTED", scoped, now=now, destination="KE", components=["A"])
    hospital = {"role": "END_USER", "kind": "ENTITY", "name": "County Hospital", "country": country}
    add_party(scoped.organization, by=person("buyer"), now=now, **hospital)
    assert list(selectors.posted_needs(now)) == []  # not screened yet
    outbox.drain(now)
    assert list(selectors.posted_needs(now)) == ([need] if matched else [])
    trust = selectors.trust_of(scoped, now)
    assert selectors.is_in_scope(trust, destination="KE", components=["A"]) is matched
    assert (selectors.why_not_matched(need, now) == "") is matched


@pytest.mark.parametrize("state", ["DRAFT", "CLOSED"])
def test_only_posted_needs_are_matched(state, trusted, now):
    need = make.need_at(state, trusted, now=now)
    assert list(selectors.posted_needs(now)) == []
    assert selectors.why_not_matched(need, now) == "It is not posted, so it is not matched."


def test_needs_of_an_untrusted_buyer_are_posted_but_not_matched(buyer, cleared, now):
    need = make.need_at("POSTED", buyer, now=now)
    assert list(selectors.posted_needs(now)) == []
    assert selectors.why_not_matched(need, now) == (
        "It is posted, and will be matched while an officer trusts your organization."
    )
    make.case_at("TRUSTED", buyer, now=now)
    assert list(selectors.posted_needs(now)) == [need]


def test_needs_leave_with_trust(trusted, now):
    make.need_at("POSTED", trusted, now=now)
    actions.suspend_trust(
        trusted.cases.get(), by=make.manager(now), now=now, reason="OTHER", note="A complaint came in."
    )
    assert list(selectors.posted_needs(now)) == []


def test_posted_needs_are_one_query(trusted, now, django_assert_num_queries):
    for title in ("One", "Two", "Three"):
        make.need_at("POSTED", trusted, now=now, title=title)
    with django_assert_num_queries(3):  # the list's pointer, the rule on freshness, the needs
        assert [str(need.buyer) for need in selectors.posted_needs(now)] == ["Umeme Grid Company"] * 3


@pytest.mark.parametrize("scope", [{"countries": []}, {"components": []}])
def test_nobody_is_trusted_for_nothing(scope, buyer, cleared, now):
    with pytest.raises(UnableTo, match="choose the countries and components"):
        make.case_at("RECOMMENDED", buyer, now=now, **scope)


# --- what the database itself refuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"trusted_until": None}, "trust has an end and two officers"),
        ({"recommended_by": None}, "trust has an end and two officers"),
        ({"countersigned_by": None}, "trust has an end and two officers"),
        ({"scope_countries": []}, "trust names countries and components"),
        ({"scope_components": []}, "trust names countries and components"),
        ({"refusal_reason": "POLICY"}, "a refusal has a reason"),
    ],
)
def test_a_trust_with_a_hole_is_refused(changes, constraint, trusted):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        VettingCase.objects.update(**changes)


def test_one_officer_twice_is_refused(trusted):
    case = trusted.cases.get()
    with pytest.raises(IntegrityError, match="the second officer is another one"), transaction.atomic():
        VettingCase.objects.update(countersigned_by=case.recommended_by)


def test_two_unfinished_cases_are_refused(buyer, now):
    make.case_at("OPEN", buyer, now=now)
    with pytest.raises(IntegrityError, match="a buyer has one unfinished case"), transaction.atomic():
        VettingCase.objects.create(buyer=buyer, status="OPEN", due_at=now)


def test_two_trusts_in_force_are_refused(trusted, now):
    case = trusted.cases.get()
    copy = {name: getattr(case, name) for name in ("trusted_until", "scope_countries", "scope_components")}
    people = {"recommended_by": case.recommended_by, "countersigned_by": case.countersigned_by}
    with pytest.raises(IntegrityError, match="a buyer has one trust in force"), transaction.atomic():
        VettingCase.objects.create(buyer=trusted, status="TRUSTED", due_at=now, **copy, **people)


@pytest.mark.parametrize(
    ("role", "goes_on"), [("CONTACT", True), ("SIGNER", True), ("END_USER", True), ("OWNER", False)]
)
def test_a_party_added_after_trust_is_screened_and_an_owner_vetted_before_trust_goes_on(role, goes_on, trusted, now):
    party = {"role": role, "kind": "PERSON", "name": "Halima Otieno", "country": "KE"}
    add_party(trusted.organization, by=person("buyer"), now=now, **party)
    assert holds(trusted, now) is False
    outbox.drain(now)
    assert holds(trusted, now) is goes_on
