"""The case page: everything on one page, and the small steps that are taken from it."""

import uuid

import pytest
from django.urls import reverse

from buyers import actions
from buyers.admin.steps import STEPS
from buyers.models import VettingCase
from buyers.states import ChecklistItem
from tests.browsers import signed_in
from tests.buyers.bench import QUEUE, case_page, step_page
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def opened(today) -> VettingCase:
    """Without findings, and not yet screened."""
    return make.case_at("OPEN", make.buyer(now=today), now=today)


# --- the case page --------------------------------------------------------------------------------------------------


def test_everything_about_a_case_stands_on_one_page(officer, ready, today, tmp_path):
    make.need(ready.buyer, now=today, destination="TZ")
    make.clear(today, tmp_path, "County Holdings Group")
    shown = officer.get(case_page(ready))
    context = shown.context
    assert context["screening"].kind == "OPEN_HITS"
    assert [(hit.party_name, hit.listed_name) for hit in context["screening"].hits] == [
        ("County Holdings", "County Holdings Group")
    ]
    assert [(line.kind, line.name, line.is_decisive) for line in context["view"].lines] == [
        ("ROOT", "Umeme Grid Company", False),
        ("STAKE", "County Holdings", True),
    ]
    assert list(context["groups"]) == ["KE", "TZ"]
    assert set(context["findings_form"].current) == set(ChecklistItem.values)
    assert [entry.action for entry, _who in context["ledger"]] == ["record_findings", "submit_for_vetting"]
    assert [who for _entry, who in context["ledger"]] == ["Officer", "Buyer"]
    text = shown.content.decode()
    for words in ("County Holdings Group", "Runs the power grid", "Forecasting of load", "Grid forecasting"):
        assert words in text


RECUSE, REPORT = "declare_conflict", "file_report"


@pytest.mark.parametrize(
    ("state", "first", "other", "manager"),
    [
        (
            "OPEN",
            ["recommend_trust", "ask_question", "escalate_case", "refuse_trust", REPORT, RECUSE],
            ["recommend_trust", "ask_question", "escalate_case", "refuse_trust", RECUSE],
            ["assign_case", RECUSE],
        ),
        (
            "QUESTION_ASKED",
            ["ask_question", "take_back_question", "refuse_trust", REPORT, RECUSE],
            ["ask_question", "take_back_question", "refuse_trust", RECUSE],
            ["assign_case", RECUSE],
        ),
        ("ESCALATED", [REPORT, "hand_over_case", RECUSE], [RECUSE], ["answer_escalation", "assign_case", RECUSE]),
        (
            "RECOMMENDED",
            [REPORT, "hand_over_case", RECUSE],
            ["countersign_trust", "return_case", RECUSE],
            ["assign_case", RECUSE],
        ),
        (
            "TRUSTED",
            ["amend_trust", "suspend_trust", "revoke_trust", REPORT, RECUSE],
            ["amend_trust", "suspend_trust", "revoke_trust", RECUSE],
            ["suspend_trust", "revoke_trust", RECUSE],
        ),
        (
            "SUSPENDED",
            ["restore_trust", "revoke_trust", REPORT, RECUSE],
            ["restore_trust", "revoke_trust", RECUSE],
            ["revoke_trust", RECUSE],
        ),
        ("REFUSED", [], [], []),
        ("REVOKED", [], [], []),
        ("EXPIRED", [], [], []),
        ("REPLACED", [], [], []),
        ("WITHDRAWN", [], [], []),
    ],
)
def test_each_officer_is_offered_what_they_can_do(state, first, other, manager, recent, today):
    case = make.case_at(state, recent, now=today)
    people = [(make.officer(today), first), (make.second_officer(today), other), (make.manager(today), manager)]
    for somebody, expected in people:
        browser = signed_in(somebody)
        assert [name for name, _title in browser.get(case_page(case)).context["steps"]] == expected
        for name in STEPS:
            answer = browser.get(step_page(case, name))
            assert (answer.status_code == 200) == (name in expected)
            assert answer.status_code in (200, 302, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_case_page_costs_the_same_for_one_hit_and_for_three(
    count, officer, today, tmp_path, django_assert_num_queries
):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path, *["Umeme Grid Company", "County Holdings", "Umeme Grid"][:count])
    case = make.case_at("OPEN", buyer, now=today)
    actions.record_findings(case, by=make.officer(today), now=today, findings=make.findings())
    for number in range(count):
        make.need(buyer, now=today, title=f"Need {number}")
    officer.get(QUEUE)
    with django_assert_num_queries(CASE_QUERIES):
        assert len(officer.get(case_page(case)).context["needs"]) == count


CASE_QUERIES = 42


# --- steps ----------------------------------------------------------------------------------------------------------


def test_a_case_is_taken_with_one_click(officer, ready, today):
    path = reverse("admin:buyers_vettingcase_take", args=[ready.pk])
    assert officer.get(path).status_code == 405
    assert officer.get(case_page(ready)).context["can_take"] is True
    assert officer.post(path).url == case_page(ready)
    assert VettingCase.objects.get().assigned_to == make.officer(today)
    assert officer.get(case_page(ready)).context["can_take"] is False


def test_a_manager_assigns(ready, today):
    make.second_officer(today)
    browser = signed_in(make.manager(today))
    choices = [
        label for _value, label in browser.get(step_page(ready, "assign_case")).context["form"]["officer"].field.choices
    ]
    assert choices[1:] == ["Countersigner", "Officer"]
    answer = browser.post(step_page(ready, "assign_case"), {"officer": make.second_officer(today).pk})
    assert (answer.url, VettingCase.objects.get().assigned_to) == (case_page(ready), make.second_officer(today))
    strange = browser.post(step_page(ready, "assign_case"), {"officer": person("buyer").pk})
    assert strange.status_code == 422


def test_findings_are_recorded_from_the_page(officer, opened):
    path = reverse("admin:buyers_vettingcase_findings", args=[opened.pk])
    data = {
        "finding_IDENTITY": "YES",
        "note_IDENTITY": "Register seen.",
        "finding_FINANCE": "CANNOT_TELL",
        "note_FINANCE": "",
    }
    refused = officer.post(path, data)
    assert (refused.status_code, opened.findings.count()) == (422, 0)
    assert list(refused.context["findings_form"].errors) == ["note_FINANCE"]
    assert refused.context["findings_form"]["note_IDENTITY"].value() == "Register seen."
    assert officer.post(path, data | {"note_FINANCE": "No accounts."}).url == case_page(opened)
    assert sorted(opened.findings.values_list("item", "finding", "note")) == [
        ("FINANCE", "CANNOT_TELL", "No accounts."),
        ("IDENTITY", "YES", "Register seen."),
    ]
    assert officer.get(path).url == case_page(opened)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"finding_IDENTITY": "MAYBE"}, "finding_IDENTITY"),
        ({"note_IDENTITY": "A note alone."}, "finding_IDENTITY"),
        ({"finding_IDENTITY": "NO"}, "note_IDENTITY"),
        ({"finding_IDENTITY": "YES", "note_IDENTITY": "x" * 2001}, "note_IDENTITY"),
        ({"finding_IDENTITY": "YES", "note_IDENTITY": "\x00"}, "note_IDENTITY"),
    ],
)
def test_strange_findings_are_refused(data, field, officer, opened):
    answer = officer.post(reverse("admin:buyers_vettingcase_findings", args=[opened.pk]), data)
    assert (answer.status_code, list(answer.context["findings_form"].errors)) == (422, [field])


def test_a_finding_that_comes_too_late_is_told(officer, ready, today):
    make.recommend(ready, now=today)
    path = reverse("admin:buyers_vettingcase_findings", args=[ready.pk])
    answer = officer.post(path, {"finding_FINANCE": "NO", "note_FINANCE": "Broke."})
    assert answer.context["findings_form"].non_field_errors() == [
        "Findings can be recorded only while the case is under review."
    ]


def test_a_question_is_asked_once(officer, ready):
    data = {"text": "Who sits on the board?", "submission_key": str(uuid.uuid4())}
    for _click in range(2):
        assert officer.post(step_page(ready, "ask_question"), data).url == case_page(ready)
    assert [question.text for question in ready.questions.all()] == ["Who sits on the board?"]


def test_a_question_that_discloses_is_refused_at_its_field(officer, ready):
    answer = officer.post(step_page(ready, "ask_question"), {"text": "Why are you on the Entity List?"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"] == ["Reword this, the buyer must not read it: Entity List"]


def test_a_question_may_name_the_buyers_own_people(officer, today, tmp_path):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path, "County Holdings")
    case = make.case_at("OPEN", buyer, now=today)
    text = "Who is behind County Holdings?"
    assert officer.post(step_page(case, "ask_question"), {"text": text}).status_code == 302
