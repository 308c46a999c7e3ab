"""From submission to decision: what is asked of both sides, and what turns a decision down."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buyers import actions, selectors
from buyers.letters import Draft
from buyers.models import CaseLetter, VettingCase
from buyers.states import ChecklistItem, Finding
from core import outbox
from core.errors import UnableTo
from core.ledger import entries_for
from core.models import DatedRule, LedgerEntry, Mail, Notification, Receipt
from organizations.actions import edit_organization, remove_party
from screening.actions import confirm_hit
from screening.models import CurrentRelease, ScreeningRun
from tests.buyers.conftest import mails_to, told
from tests.factories import buyers as make
from tests.factories import screening
from tests.factories.accounts import person
from tests.factories.organizations import member, organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(buyer, now, tmp_path):
    """Open, clear in screening, with a checklist that carries trust."""
    make.clear(now, tmp_path)
    opened = make.case_at("OPEN", buyer, now=now)
    actions.record_findings(opened, by=make.officer(now), now=now, findings=make.findings())
    return opened


def acts_on(case) -> list[str]:
    return list(entries_for(case).values_list("action", flat=True))


# --- registering and submitting -----------------------------------------------------------------------------------------


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
def test_a_decided_buyer_may_submit_again(state, buyer, now, tmp_path):
    make.clear(now, tmp_path)
    make.case_at(state, buyer, now=now)
    again, _receipt = actions.submit_for_vetting(buyer, by=person("buyer"), now=now)
    assert (again.status, buyer.cases.count()) == ("OPEN", 2)
    assert selectors.current_case(buyer) == again


# --- questions, findings, assignment ------------------------------------------------------------------------------------


def test_a_question_goes_to_the_buyer_without_its_text(case, now):
    question = actions.ask_question(case, by=make.officer(now), now=now, text="Who sits on the board?")
    assert selectors.open_question_of(case.buyer) == question
    mail = Mail.objects.filter(to_address=person("buyer").email).last()
    assert mail.subject == "An officer has a question about Umeme Grid Company"
    assert ["board" in mail.text, "board" in mail.html] == [False, False]
    actions.answer_question(case, by=person("buyer"), now=now + timedelta(hours=2), answer="Three people.")
    question.refresh_from_db()
    assert (question.answer, question.answered_by, case.status) == ("Three people.", person("buyer"), "OPEN")
    assert told(make.officer(now)) == ["buyers.question_answered"]
    assert selectors.open_question_of(case.buyer) is None


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
    assert selectors.open_question_of(case.buyer) is None
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
def test_findings_end_with_the_review(state, buyer, now, tmp_path):
    make.clear(now, tmp_path)
    decided = make.case_at(state, buyer, now=now)
    with pytest.raises(UnableTo, match="only while the case is under review"):
        actions.record_findings(decided, by=make.officer(now), now=now, findings=make.findings(Finding.NO))


def test_a_case_is_taken_and_assigned(case, now):
    actions.take_case(case, by=make.officer(now), now=now)
    assert case.assigned_to == make.officer(now)
    actions.assign_case(case, by=make.manager(now), now=now, officer=make.second_officer(now))
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


# --- recommending -------------------------------------------------------------------------------------------------------


def test_a_recommendation_stores_its_terms_and_its_evidence(case, now):
    others = make.second_officer(now)
    make.recommend(case, now=now, countries=["TZ", "KE", "KE"], components=["C", "A"])
    assert (case.status, case.recommended_by, case.recommended_at) == ("RECOMMENDED", make.officer(now), now)
    assert (case.scope_countries, case.scope_components) == (["KE", "TZ"], ["A", "C"])
    assert (case.countersigned_by, case.decided_at, case.assigned_to) == (None, None, make.officer(now))
    run = ScreeningRun.objects.latest("pk")
    assert entries_for(case).last().detail == (
        f'{{"release": {run.release_id}, "rule": "trust_max_days", "rule_version": 1, "run": {run.pk}, '
        '"until": "2027-09-20"}'
    )
    assert selectors.trust_of(case.buyer, now) is None
    assert told(others) == []  # somebody is at the post: the officers there are asked first


def test_the_second_officer_is_told(case, now):
    colleague = make.federal("colleague", now=now, at=make.post())
    make.recommend(case, now=now)
    assert told(colleague) == ["buyers.countersignature_wanted"]
    assert "buyers.countersignature_wanted" not in told(make.officer(now))


@pytest.mark.parametrize(
    ("until", "is_possible"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2027, 11, 24), True),
        (date(2027, 11, 25), False),
        (date(9999, 12, 31), False),
    ],
)
def test_trust_ends_within_what_the_dated_rule_allows(until, is_possible, case, now):
    arguments = {"opinion": "Fine.", "countries": ["KE"], "components": ["A"], "until": until}
    if is_possible:
        assert actions.recommend_trust(case, by=make.officer(now), now=now, **arguments).status == "RECOMMENDED"
    else:
        with pytest.raises(UnableTo, match="Trust may last at most 365 days"):
            actions.recommend_trust(case, by=make.officer(now), now=now, **arguments)


def test_no_rule_on_the_length_is_no_trust(case, now):
    DatedRule.objects.filter(code="trust_max_days").delete()
    with pytest.raises(UnableTo, match="No rule 'trust_max_days' holds"):
        make.recommend(case, now=now)


def test_a_checklist_that_does_not_carry_it_is_named(case, now):
    actions.record_findings(case, by=make.officer(now), now=now, findings={"OWNERSHIP": ("CANNOT_TELL", "Opaque.")})
    with pytest.raises(UnableTo, match="“Owners are known and add up” must be known"):
        make.recommend(case, now=now)
    assert VettingCase.objects.get(pk=case.pk).status == "OPEN"


@pytest.mark.parametrize("opinion", ["", "  "])
def test_a_recommendation_has_an_opinion(opinion, case, now):
    with pytest.raises(UnableTo, match="Write your opinion"):
        make.recommend(case, now=now, opinion=opinion)


# --- screening stops it, at both officers' acts -------------------------------------------------------------------------


def stale(now, _buyer, _tmp_path):
    CurrentRelease.objects.update(confirmed_at=now - timedelta(days=4))


def missing(now, _buyer, _tmp_path):
    CurrentRelease.objects.all().delete()


def changed(now, buyer, _tmp_path):
    edit_organization(buyer.organization, by=person("buyer"), now=now, legal_name="Umeme Grid Corporation")


def named(now, _buyer, tmp_path):
    screening.imported(screening.list_file(tmp_path / "new.csv", "Umeme Grid Company"), now=now)
    outbox.drain(now)


def confirmed(now, buyer, tmp_path):
    named(now, buyer, tmp_path)
    hit = buyer.organization.hits.first()
    confirm_hit(hit, by=make.officer(now), now=now, reason="Same address.")


SPOILED = [
    (stale, "The screening list was last confirmed on 2026-11-20"),
    (missing, "No screening list has been imported"),
    (changed, "it is being screened again"),
    (named, "1 screening hits wait for a decision"),
    (confirmed, "An officer found that this is a listed party"),
]


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_no_recommendation_unless_screening_is_clear(spoil, reason, case, now, tmp_path):
    spoil(now, case.buyer, tmp_path)
    with pytest.raises(UnableTo, match=f"Trust is not possible: .*{reason}"):
        make.recommend(case, now=now)
    assert VettingCase.objects.get(pk=case.pk).status == "OPEN"


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_no_countersignature_unless_screening_is_clear(spoil, reason, case, now, tmp_path):
    make.recommend(case, now=now)
    spoil(now, case.buyer, tmp_path)
    with pytest.raises(UnableTo, match=f"Trust is not possible: .*{reason}"):
        actions.countersign_trust(case, by=make.second_officer(now), now=now)
    assert VettingCase.objects.get(pk=case.pk).status == "RECOMMENDED"
    assert CaseLetter.objects.count() == 0


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_no_restoration_unless_screening_is_clear(spoil, reason, buyer, now, tmp_path):
    make.clear(now, tmp_path)
    suspended = make.case_at("SUSPENDED", buyer, now=now)
    spoil(now, buyer, tmp_path)
    with pytest.raises(UnableTo, match=f"Trust is not possible: .*{reason}"):
        actions.restore_trust(suspended, by=make.officer(now), now=now)


def test_an_unscreened_organization_is_not_recommended(now, tmp_path):
    make.clear(now, tmp_path)
    buyer = make.buyer(now=now)  # and the worker is down
    with pytest.raises(UnableTo, match="This organization has not been screened yet"):
        make.case_at("RECOMMENDED", buyer, now=now)


# --- two officers -------------------------------------------------------------------------------------------------------


def test_one_officer_cannot_do_both(case, now):
    make.recommend(case, now=now)
    with pytest.raises(PermissionDenied):
        actions.countersign_trust(case, by=make.officer(now), now=now)


def test_the_second_officer_decides_on_what_the_first_one_saw(case, now):
    make.recommend(case, now=now)
    later = now + timedelta(minutes=1)
    actions.edit_buyer(case.buyer, by=person("buyer"), now=later, **make.PROFILE | {"activity": "Mines."})
    with pytest.raises(UnableTo, match="changed its profile after the recommendation"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)
    actions.return_case(case, by=make.second_officer(now), now=later, note="Look at the activity again.")
    make.recommend(case, now=later)
    actions.countersign_trust(case, by=make.second_officer(now), now=later)
    assert case.status == "TRUSTED"


def test_an_address_counts_as_a_change_though_it_is_not_screened(case, now):
    make.recommend(case, now=now)
    later = now + timedelta(minutes=1)
    edit_organization(case.buyer.organization, by=person("buyer"), now=later, address="Elsewhere 9")
    with pytest.raises(UnableTo, match="changed its profile after the recommendation"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)


def test_a_returned_case_forgets_its_recommendation_but_the_ledger_does_not(case, now):
    make.recommend(case, now=now)
    actions.return_case(case, by=make.second_officer(now), now=now, note="The owner's owner is missing.")
    assert (case.status, case.recommended_by, case.trusted_until) == ("OPEN", None, None)
    assert [(note.about, note.text) for note in case.notes.all()] == [("return_case", "The owner's owner is missing.")]
    assert told(make.officer(now))[-1] == "buyers.case_returned"
    assert acts_on(case)[-2:] == ["recommend_trust", "return_case"]


def test_the_first_officer_may_be_the_second_of_the_next_round(case, now):
    make.recommend(case, now=now)
    actions.return_case(case, by=make.second_officer(now), now=now, note="I shall recommend it myself.")
    until = (now + timedelta(days=9)).date()
    arguments = {"opinion": "Fine.", "countries": ["KE"], "components": ["A"], "until": until}
    actions.recommend_trust(case, by=make.second_officer(now), now=now, **arguments)
    actions.countersign_trust(case, by=make.officer(now), now=now)
    assert (case.recommended_by, case.countersigned_by) == (make.second_officer(now), make.officer(now))


def test_a_recommendation_whose_end_has_passed_is_not_countersigned(case, now):
    make.recommend(case, now=now, days=1)
    later = now + timedelta(days=2)
    CurrentRelease.objects.update(confirmed_at=later)
    with pytest.raises(UnableTo, match="The recommended end of trust has passed"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)


def test_trust_replaces_the_trust_before_it(buyer, now, tmp_path, news):
    make.clear(now, tmp_path)
    old = make.case_at("TRUSTED", buyer, now=now)
    new = make.case_at("TRUSTED", buyer, now=now)
    old.refresh_from_db()
    assert (old.status, new.status) == ("REPLACED", "TRUSTED")
    assert news("buyers.trust_changed") == [{"buyer": buyer.pk}] * 2


def test_a_refused_renewal_leaves_the_trust_in_force(buyer, now, tmp_path):
    make.clear(now, tmp_path)
    trusted = make.case_at("TRUSTED", buyer, now=now)
    make.case_at("REFUSED", buyer, now=now)
    assert selectors.trust_of(buyer, now) == trusted


# --- taking it back -----------------------------------------------------------------------------------------------------


def test_suspending_and_restoring_keep_end_and_scope(buyer, now, tmp_path, news):
    make.clear(now, tmp_path)
    case = make.case_at("TRUSTED", buyer, now=now)
    until, scope = case.trusted_until, case.scope_components
    actions.suspend_trust(case, by=make.manager(now), now=now, note="A newspaper report.")
    assert selectors.trust_of(buyer, now) is None
    actions.restore_trust(case, by=make.officer(now), now=now)
    assert (case.trusted_until, case.scope_components) == (until, scope)
    assert selectors.trust_of(buyer, now) == case
    assert news("buyers.trust_changed") == [{"buyer": buyer.pk}] * 3


def test_a_trust_that_has_ended_is_not_restored(buyer, now, tmp_path):
    make.clear(now, tmp_path)
    case = make.case_at("SUSPENDED", buyer, now=now)
    later = case.trusted_until + timedelta(days=1)
    CurrentRelease.objects.update(confirmed_at=later)
    with pytest.raises(UnableTo, match="This trust has ended; open a new case"):
        actions.restore_trust(case, by=make.officer(now), now=later)


@pytest.mark.parametrize("act", ["suspend_trust", "revoke_trust"])
def test_an_officer_says_why(act, buyer, now, tmp_path):
    make.clear(now, tmp_path)
    case = make.case_at("TRUSTED", buyer, now=now)
    with pytest.raises(UnableTo, match="Say why, in a note"):
        getattr(actions, act)(case, by=make.officer(now), now=now, note=" ")
    assert VettingCase.objects.get(pk=case.pk).status == "TRUSTED"


# --- letters ------------------------------------------------------------------------------------------------------------


def test_a_letter_is_stored_and_mailed_word_for_word(case, now):
    letter = Draft("About your registration", "First.\n\nSecond, with “quotes” & signs.")
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="END_USE", letter=letter)
    stored = CaseLetter.objects.get()
    assert (stored.kind, stored.subject, stored.body) == ("REFUSED", letter.subject, letter.body)
    assert (stored.sent_by, stored.sent_at) == (make.officer(now), now)
    in_app = Notification.objects.filter(recipient=person("buyer")).latest("pk")
    assert (in_app.subject, in_app.body) == (letter.subject, letter.body)
    assert Mail.objects.get(subject=letter.subject).text.startswith(letter.body)
    assert acts_on(case)[-2:] == ["refuse_trust", "send_letter"]


def test_everybody_in_the_organization_gets_the_letter(case, now):
    viewer = member(case.buyer.organization, "viewer", "VIEWER", now=now)
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="POLICY")
    assert told(viewer) == ["buyers.refused"]


def test_a_letter_that_discloses_undoes_the_decision(case, now):
    letter = Draft("Decision", "You were found on the Entity List.")
    with pytest.raises(UnableTo, match=r"must not mention this.*Entity List"):
        actions.refuse_trust(case, by=make.officer(now), now=now, reason="POLICY", letter=letter)
    assert VettingCase.objects.get(pk=case.pk).status == "OPEN"
    assert CaseLetter.objects.count() == 0


def test_the_name_in_a_hit_and_the_note_of_an_officer_stay_inside(buyer, now, tmp_path):
    make.clear(now, tmp_path, "County Holdings Group")
    case = make.case_at("OPEN", buyer, now=now)
    note = "The owner is close to a minister under inquiry."
    findings = {"REPUTATION": (Finding.NO, note)}
    actions.record_findings(case, by=make.officer(now), now=now, findings=findings)
    assert [hit.listed_name for hit in buyer.organization.hits.all()] == ["County Holdings Group"]
    for secret in ("County Holdings Group", "County Holdings", note):
        letter = Draft("Decision", f"It is because of this: {secret}")
        with pytest.raises(UnableTo, match="must not mention this"):
            actions.refuse_trust(case, by=make.officer(now), now=now, reason="OWNERSHIP", letter=letter)
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="OWNERSHIP")
    assert case.status == "REFUSED"


def test_usual_days_are_told_once_there_are_enough(now, tmp_path):
    names = ["Baltic Freight", "Cordoba Health", "Delta Rail", "Eland Telecom", "Fjord Energy"]
    for days, name in enumerate(names, start=1):
        decided = make.case_at("OPEN", make.buyer(name, now=now), now=now)
        assert selectors.usual_days_to_decide(now + timedelta(days=30)) is None
        later = now + timedelta(days=days)
        actions.refuse_trust(decided, by=make.officer(now), now=later, reason="POLICY")
    assert selectors.usual_days_to_decide(now + timedelta(days=30)) == 3
    assert selectors.usual_days_to_decide(now) is None
