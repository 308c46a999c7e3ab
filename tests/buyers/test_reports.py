"""A post reports on a buyer: what the dated rule names suspends at once, and the buyer never learns why."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from buyers import actions, selectors
from buyers.models import AdverseReport, CaseLetter
from buyers.states import ReportKind
from core.errors import UnableTo
from core.ledger import entries_for
from core.models import DatedRule, Mail
from tests.browsers import signed_in
from tests.buyers.bench import case_page, step_page
from tests.buyers.conftest import told
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db
CANARY = "Seen by the attaché at the quay of Kisumu."
AT_ONCE = {"DIVERSION", "MILITARY", "FALSE_STATEMENT", "HIDDEN_OWNER"}


@scene
def trusted(buyer, cleared, now):
    return make.case_at("TRUSTED", buyer, now=now)


def reported(case, now, kind):
    report = actions.file_report(case, by=make.officer(now), now=now, kind=kind, text=CANARY)
    case.refresh_from_db()
    return report


@pytest.mark.parametrize("kind", list(ReportKind))
def test_the_rule_says_what_suspends_at_once(kind, trusted, now, news):
    before = len(news("buyers.trust_changed"))
    report = reported(trusted, now, kind)
    suspended = kind in AT_ONCE
    assert (trusted.status == "SUSPENDED", selectors.trust_of(trusted.buyer, now) is None) == (suspended, suspended)
    assert (trusted.suspension_reason, report.post.name) == ("REPORT" if suspended else "", "Nairobi")
    assert len(news("buyers.trust_changed")) == before + suspended  # matches and introductions pause by this
    assert told(make.second_officer(now))[-1] == "buyers.report_filed"
    entry = entries_for(report).get()
    assert entry.detail == f'{{"kind": "{kind}", "rule_version": 1}}'


def test_without_a_rule_every_report_suspends(trusted, now):
    DatedRule.objects.filter(code="adverse_report_suspends").delete()
    reported(trusted, now, "PAYMENT")
    assert trusted.status == "SUSPENDED"


def test_people_are_told_in_neutral_words(trusted, now):
    reported(trusted, now, "DIVERSION")
    letter = CaseLetter.objects.latest("pk")
    assert letter.body.startswith(
        "To Umeme Grid Company:\n\nYour status as a trusted buyer is suspended while we review"
    )
    for mail in Mail.objects.filter(to_address=person("buyer").email):
        for words in ("report", "post", "Kisumu", "diver"):
            assert words not in mail.text.lower().replace("posted needs", "").replace("postpone", "")


def test_a_letter_must_not_quote_a_report(trusted, now):
    reported(trusted, now, "PAYMENT")
    assert selectors.disclosed(trusted, f"We heard: {CANARY}") == [CANARY]


def test_nobody_is_trusted_over_a_report_on_any_case_of_the_buyer(trusted, now):
    renewal = make.case_at("RECOMMENDED", trusted.buyer, now=now)
    report = reported(trusted, now, "DIVERSION")
    renewal.refresh_from_db()
    assert renewal.status == "OPEN"  # what was recommended before it was filed does not stand
    with pytest.raises(UnableTo, match="report on this buyer is not settled"):
        make.recommend(renewal, now=now)
    again = reported(renewal, now, "PAYMENT")
    actions.dismiss_report(report, by=make.second_officer(now), now=now, note="Another company.")
    with pytest.raises(UnableTo, match="report on this buyer is not settled"):
        actions.restore_trust(trusted, by=make.officer(now), now=now, reason="UNFOUNDED")
    actions.dismiss_report(again, by=make.second_officer(now), now=now, note="Paid.")
    actions.restore_trust(trusted, by=make.officer(now), now=now, reason="UNFOUNDED")


def test_a_report_is_told_to_no_officer_in_conflict(trusted, now):
    second = make.second_officer(now)
    actions.declare_conflict(trusted, by=second, now=now)
    reported(trusted, now, "PAYMENT")
    assert "buyers.report_filed" not in told(second)


def test_reinstatement_waits_for_the_settlement_and_restores(trusted, now, news):
    report = reported(trusted, now, "DIVERSION")
    officer = make.officer(now)
    with pytest.raises(UnableTo, match="report on this buyer is not settled"):
        actions.restore_trust(trusted, by=officer, now=now, reason="UNFOUNDED")
    actions.dismiss_report(report, by=make.second_officer(now), now=now, note="Another company.")
    assert told(officer)[-1] == "buyers.report_settled"
    before = len(news("buyers.trust_changed"))
    actions.restore_trust(trusted, by=officer, now=now, reason="UNFOUNDED")
    assert selectors.trust_of(trusted.buyer, now) == trusted
    assert (trusted.suspension_reason, len(news("buyers.trust_changed"))) == ("", before + 1)
    detail = entries_for(trusted).filter(action="restore_trust").get().detail
    assert ('"reason": "UNFOUNDED"' in detail, '"suspended_for": "REPORT"' in detail) == (True, True)


def test_a_recommendation_does_not_outlive_a_report(buyer, cleared, now):
    case = make.case_at("RECOMMENDED", buyer, now=now)
    reported(case, now, "PAYMENT")
    assert case.status == "OPEN"


def test_a_report_on_a_renewal_suspends_the_trust_it_renews(trusted, now):
    renewal = make.case_at("OPEN", trusted.buyer, now=now)
    reported(renewal, now, "MILITARY")
    trusted.refresh_from_db()
    assert (renewal.kind, renewal.status, trusted.status) == ("RENEWAL", "OPEN", "SUSPENDED")


@pytest.mark.parametrize("state", ["REFUSED", "WITHDRAWN", "REVOKED", "EXPIRED"])
def test_a_closed_case_takes_no_report(state, buyer, cleared, now):
    case = make.case_at(state, buyer, now=now)
    with pytest.raises(UnableTo, match="This case is closed"):
        reported(case, now, "PAYMENT")


def test_a_report_says_something(trusted, now):
    with pytest.raises(UnableTo, match="Say what was seen"):
        actions.file_report(trusted, by=make.officer(now), now=now, kind="PAYMENT", text=" ")


def test_nobody_settles_their_own_report_in_the_database_either(trusted, now):
    report = reported(trusted, now, "PAYMENT")
    with pytest.raises(IntegrityError, match="nobody settles their own report"), transaction.atomic():
        AdverseReport.objects.filter(pk=report.pk).update(settled_by=report.reported_by)


def test_a_report_is_filed_and_settled_in_the_workbench(recent, today, officer, second):
    case = make.case_at("TRUSTED", recent, now=today)
    page = step_page(case, "file_report")
    assert "Goods or services went to somebody else" in officer.get(page).content.decode()
    assert officer.post(page, {"kind": "DIVERSION", "text": CANARY}).url == case_page(case)
    report = AdverseReport.objects.get()
    settle = reverse("admin:buyers_vettingcase_report", args=[report.pk])
    assert officer.get(settle).status_code == 403
    assert settle in second.get(case_page(case)).content.decode()
    assert second.post(settle, {"is_upheld": "yes", "note": " "}).status_code == 422
    assert second.post(settle, {"is_upheld": "yes", "note": "Seen too."}).url == case_page(case)
    report.refresh_from_db()
    assert (report.status, report.settled_by.name) == ("UPHELD", "Countersigner")
    assert CANARY not in signed_in(person("buyer")).get(f"/buyers/{recent.pk}/").content.decode()
    assert signed_in(person("stranger")).get(settle).status_code in (302, 403)
