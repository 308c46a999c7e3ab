"""From registration to a case that is ripe: submission, questions, findings, assignment."""

from datetime import timedelta

import pytest

from buyers import actions, selectors
from buyers.models import VettingCase
from buyers.states import ChecklistItem, Finding
from core.errors import UnableTo
from core.ledger import entries_for
from core.models import LedgerEntry, Mail, Receipt
from organizations.actions import remove_party
from tests.buyers.conftest import mails_to, told
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member, organization

pytestmark = pytest.mark.django_db


def acts_on(case) -> list[str]:
    return list(entries_for(case).values_list("action", flat=True))


# --- registering and submitting -------------------------------------------------------------------------------------


def test_registering_makes_an_organization_whose_administrator_registered_it(buyer, now):
    assert str(buyer) == "Umeme Grid Company"
    assert list(selectors.buyers_for(person("buyer"))) == [buyer]
    assert list(selectors.buyers_for(person("stranger"))) == []


def test_a_company_becomes_a_buyer_too_once(now):
    entity = organization("Grid Works", now=now, by=person("buyer"), country="KE")
    buyer = actions.register_buyer(by=person("buyer"), now=now, organization=entity, **make.PROFILE)
    assert buyer.organization == entity
    with pytest.raises(UnableTo, match="registered as a buyer already"):
        actions.register_buyer(by=person("buyer"), now=now, organization=entity, **make.PROFILE)


def test_only_a_signer_makes_an_organization_a_buyer(now):
    entity = organization("Grid Works", now=now, by=person("buyer"))
    editor = member(entity, "editor", "EDITOR", now=now)
    with pytest.raises(UnableTo, match="Only a signer"):
        actions.register_buyer(by=editor, now=now, organization=entity, **make.PROFILE)


def test_editing_records_what_changed_and_nothing_else(buyer, now):
    later = now + timedelta(hours=1)
    actions.edit_buyer(buyer, by=person("buyer"), now=later, **make.PROFILE)
    assert buyer.updated_at == now
    actions.edit_buyer(buyer, by=person("buyer"), now=later, **make.PROFILE | {"activity": "Runs pipelines."})
    assert (buyer.activity, buyer.updated_at) == ("Runs pipelines.", later)
    assert entries_for(buyer).last().detail == '{"fields": ["activity"]}'


def test_submitting_opens_a_case_at_the_post_and_tells_both_sides(buyer, now):
    officer, elsewhere = make.officer(now), make.federal("elsewhere", now=now, at=make.post("Warsaw", "PL"))
    case, receipt = actions.submit_for_vetting(buyer, by=person("buyer"), now=now)
    assert (case.status, case.post, case.assigned_to) == ("OPEN", make.post(), None)
    assert told(officer) == ["buyers.case_opened"]
    assert told(elsewhere) == []
    assert told(person("buyer")) == ["buyers.submitted"]
    assert mails_to(person("buyer")) == [f"Receipt {receipt.number}: your profile was submitted for vetting"]


def test_a_country_without_a_post_is_washingtons(now):
    washington = make.second_officer(now)
    buyer = make.buyer("Altyn Data", now=now, country="KZ")
    case, _receipt = actions.submit_for_vetting(buyer, by=person("buyer"), now=now)
    assert case.post is None
    assert told(washington) == ["buyers.case_opened"]


def test_submitting_twice_is_refused(buyer, now):
    actions.submit_for_vetting(buyer, by=person("buyer"), now=now)
    with pytest.raises(UnableTo, match="under review already"):
        actions.submit_for_vetting(buyer, by=person("buyer"), now=now)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(("role", "missing"), [("OWNER", "at least one owner"), ("CONTACT", "at least one contact")])
def test_officers_need_an_owner_and_a_contact(role, missing, buyer, now):
    party = buyer.organization.parties.get(role=role)
    remove_party(buyer.organization, by=person("buyer"), now=now, party=party)
    with pytest.raises(UnableTo, match=missing):
        actions.submit_for_vetting(buyer, by=person("buyer"), now=now)


def test_a_ministry_has_no_owner(buyer, now):
    actions.edit_buyer(buyer, by=person("buyer"), now=now, **make.PROFILE | {"kind": "MINISTRY"})
    party = buyer.organization.parties.get(role="OWNER")
    remove_party(buyer.organization, by=person("buyer"), now=now, party=party)
    assert selectors.missing_for_vetting(buyer) == []


@pytest.mark.parametrize("state", ["REFUSED", "WITHDRAWN", "REVOKED", "TRUSTED", "SUSPENDED"])
def test_a_decided_buyer_may_submit_again(state, buyer, cleared, now):
    make.case_at(state, buyer, now=now)
    again, _receipt = actions.submit_for_vetting(buyer, by=person("buyer"), now=now)
    assert (again.status, buyer.cases.count()) == ("OPEN", 2)
    assert selectors.current_case(buyer) == again


# --- questions, findings, assignment --------------------------------------------------------------------------------


def test_a_question_goes_to_the_buyer_without_its_text(case, now):
    question = actions.ask_question(case, by=make.officer(now), now=now, text="Who sits on the board?")
    assert selectors.open_questions_of(case.buyer).get() == question
    mail = Mail.objects.filter(to_address=person("buyer").email).last()
    assert mail.subject == "An officer has a question about Umeme Grid Company"
    assert ["board" in mail.text, "board" in mail.html] == [False, False]
    actions.answer_question(case, by=person("buyer"), now=now + timedelta(hours=2), answer="Three people.")
    question.refresh_from_db()
    assert (question.answer, question.answered_by, case.status) == ("Three people.", person("buyer"), "OPEN")
    assert told(make.officer(now)) == ["buyers.question_answered"]
    assert not selectors.open_questions_of(case.buyer).exists()


@pytest.mark.parametrize("text", ["", "   \n"])
def test_empty_questions_and_answers_are_refused(text, case, now):
    with pytest.raises(UnableTo, match="Write your question"):
        actions.ask_question(case, by=make.officer(now), now=now, text=text)
    actions.ask_question(case, by=make.officer(now), now=now, text="Who?")
    with pytest.raises(UnableTo, match="Write your answer"):
        actions.answer_question(case, by=person("buyer"), now=now, answer=text)


def test_a_question_must_not_disclose(case, now):
    with pytest.raises(UnableTo, match=r"Reword the question.*OFAC"):
        actions.ask_question(case, by=make.officer(now), now=now, text="Are you on an OFAC list?")
    assert case.status == "OPEN"


def test_an_unanswered_question_can_be_refused_and_is_then_no_question(case, now):
    actions.ask_question(case, by=make.officer(now), now=now, text="Who?")
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="UNRESOLVED")
    assert not selectors.open_questions_of(case.buyer).exists()
    assert list(selectors.open_questions_for(person("buyer"))) == []


def test_findings_are_new_rows_and_only_where_they_differ(case, now):
    later = now + timedelta(hours=1)
    again = make.findings() | {"FINANCE": (Finding.CANNOT_TELL, "No accounts were filed.")}
    new = actions.record_findings(case, by=make.second_officer(now), now=later, findings=again)
    assert [(row.item, row.finding, row.found_by.name) for row in new] == [("FINANCE", "CANNOT_TELL", "Countersigner")]
    assert case.findings.count() == len(ChecklistItem) + 1
    current = selectors.current_findings(case)
    assert (current["FINANCE"].finding, current["IDENTITY"].finding) == ("CANNOT_TELL", "YES")
    entry = entries_for(case).last()
    assert (entry.action, entry.detail) == ("record_findings", '{"FINANCE": "CANNOT_TELL"}')


def test_the_same_findings_again_leave_no_trace(case, now):
    before = LedgerEntry.objects.count()
    assert actions.record_findings(case, by=make.officer(now), now=now, findings=make.findings()) == []
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("state", ["RECOMMENDED", "TRUSTED", "REFUSED", "WITHDRAWN"])
def test_findings_end_with_the_review(state, buyer, cleared, now):
    decided = make.case_at(state, buyer, now=now)
    with pytest.raises(UnableTo, match="only while the case is under review"):
        actions.record_findings(decided, by=make.officer(now), now=now, findings=make.findings(Finding.NO))


def test_a_case_is_taken_and_assigned(case, now):
    actions.take_case(case, by=make.officer(now), now=now)
    assert case.assigned_to == make.officer(now)
    with pytest.raises(UnableTo, match="Say why"):
        actions.assign_case(case, by=make.manager(now), now=now, officer=make.second_officer(now))
    why = {"officer": make.second_officer(now), "note": "The officer is on leave."}
    actions.assign_case(case, by=make.manager(now), now=now, **why)
    assert VettingCase.objects.get(pk=case.pk).assigned_to == make.second_officer(now)
    assert acts_on(case)[-2:] == ["take_case", "assign_case"]


def test_only_an_unbiased_officer_is_assigned(case, now):
    for nobody in (person("stranger"), make.manager(now)):
        with pytest.raises(UnableTo, match="cannot review this case"):
            actions.assign_case(case, by=make.manager(now), now=now, officer=nobody)
    member(case.buyer.organization, "insider", "VIEWER", now=now)
    with pytest.raises(UnableTo, match="cannot review this case"):
        actions.assign_case(case, by=make.manager(now), now=now, officer=make.federal("insider", now=now))


def test_a_decided_case_is_nobodys(case, now):
    actions.withdraw_case(case, by=person("buyer"), now=now)
    with pytest.raises(UnableTo, match="nothing left to review"):
        actions.take_case(case, by=make.officer(now), now=now)


def test_withdrawing_tells_the_officer_who_has_it(case, now):
    actions.take_case(case, by=make.officer(now), now=now)
    actions.withdraw_case(case, by=person("buyer"), now=now)
    assert told(make.officer(now))[-1] == "buyers.case_withdrawn"
    assert case.status == "WITHDRAWN"
