"""The officers' queue and case page: what they show, to whom, and that each button calls its one action."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from buyers import actions
from buyers.admin import STEPS
from buyers.models import CaseLetter, VettingCase
from buyers.states import CaseStatus, ChecklistItem
from core.ledger import entries_for
from core.models import DatedRule, Submission
from screening.models import CurrentRelease
from tests.buyers.conftest import signed_in
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member

pytestmark = pytest.mark.django_db

QUEUE = "/admin/buyers/vettingcase/"


@pytest.fixture
def officer(today) -> Client:
    return signed_in(make.officer(today))


@pytest.fixture
def second(today) -> Client:
    return signed_in(make.second_officer(today))


@pytest.fixture
def ready(today, tmp_path) -> VettingCase:
    """An open case with a full checklist, clear in screening."""
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path)
    case = make.case_at("OPEN", buyer, now=today)
    actions.record_findings(case, by=make.officer(today), now=today, findings=make.findings())
    return case


def case_page(case: VettingCase) -> str:
    return reverse("admin:buyers_vettingcase_change", args=[case.pk])


def step_page(case: VettingCase, name: str) -> str:
    return reverse("admin:buyers_vettingcase_step", args=[case.pk, name])


def letter_on(browser: Client, path: str) -> dict[str, str]:
    """What the page offers to send."""
    form = browser.get(path).context["form"]
    return {name: field.value() or "" for name, field in ((bound.name, bound) for bound in form)}


def template_of(response) -> str:
    return response.templates[0].name


def status_of(case: VettingCase) -> str:
    return VettingCase.objects.get(pk=case.pk).status


# --- who may come in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "expected"), [(Role.OFFICER, 200), (Role.MANAGER, 200), (Role.EVALUATOR, 404)])
def test_the_case_page_is_for_officers_and_managers(role, expected, ready, today):
    browser = signed_in(make.federal("somebody", role, now=today))
    assert browser.get(step_page(ready, "nothing")).status_code == 404
    assert browser.get(case_page(ready)).status_code == (403 if expected == 404 else expected)
    assert browser.get(QUEUE).status_code == (403 if expected == 404 else expected)


def test_buyers_and_visitors_do_not_come_in(ready):
    for browser in (signed_in(person("buyer")), Client()):
        for path in (QUEUE, case_page(ready), step_page(ready, "refuse_trust")):
            assert browser.get(path).status_code in (302, 403)
        assert browser.post(reverse("admin:buyers_vettingcase_take", args=[ready.pk])).status_code in (302, 403)
    assert VettingCase.objects.get().assigned_to is None


def test_an_officer_of_the_buyers_own_organization_sees_nothing_of_it(ready, today):
    member(ready.buyer.organization, "insider", "VIEWER", now=today)
    browser = signed_in(make.federal("insider", now=today))
    assert browser.get(case_page(ready)).status_code == 404
    assert browser.get(step_page(ready, "refuse_trust")).status_code == 404
    assert browser.get(QUEUE + "?status=ALL").context["rows"] == []


@pytest.mark.parametrize("number", ["0", "999999", "-1", "abc", "9" * 40, "1/../1", "%00"])
def test_a_case_that_is_none_is_not_found(number, officer):
    assert officer.get(f"{QUEUE}{number}/change/").status_code == 404


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_cases_are_not_added_or_deleted_here(path, officer, ready):
    assert officer.get(QUEUE + path.replace("1", str(ready.pk))).status_code == 403


# --- the queue ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def queue(today, tmp_path) -> dict[str, VettingCase]:
    """Cases in several states, ages and countries."""
    wanted = [
        ("Baltic Freight", "PL", "OPEN", 40),
        ("Cordoba Health", "AR", "QUESTION_ASKED", 10),
        ("Umeme Grid Company", "KE", "OPEN", 3),
        ("Delta Rail", "TZ", "RECOMMENDED", 20),
        ("Eland Telecom", "KE", "REFUSED", 5),
    ]
    buyers = {name: make.buyer(name, now=today - timedelta(days=60), country=country) for name, country, *_ in wanted}
    make.clear(today, tmp_path)
    return {
        name: make.case_at(state, buyers[name], now=today - timedelta(days=days)) for name, _c, state, days in wanted
    }


def names(response) -> list[str]:
    return [str(case.buyer) for case, _days in response.context["rows"]]


def test_the_queue_shows_what_is_to_decide_the_longest_waiting_first(officer, queue):
    shown = officer.get(QUEUE)
    assert names(shown) == ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]
    assert [days for _case, days in shown.context["rows"]] == [40, 20, 10, 3]


def test_the_queue_counts_how_long_cases_wait(officer, queue):
    assert officer.get(QUEUE).context["ages"] == [
        ("Under review", {"week": 1, "fortnight": 0, "month": 0, "longer": 1}),
        ("Waiting for the buyer's answer", {"week": 0, "fortnight": 1, "month": 0, "longer": 0}),
        ("Waiting for the second officer", {"week": 0, "fortnight": 0, "month": 1, "longer": 0}),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=ALL", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Eland Telecom", "Umeme Grid Company"]),
        ("status=REFUSED", ["Eland Telecom"]),
        ("status=RECOMMENDED", ["Delta Rail"]),
        ("status=TRUSTED", []),
        ("country=KE", ["Umeme Grid Company"]),
        ("country=KE&status=ALL", ["Eland Telecom", "Umeme Grid Company"]),
        ("name=rail", ["Delta Rail"]),
        ("mine=true", ["Delta Rail"]),
        ("mine=false", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
        ("page=999", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
        ("page=abc", ["Baltic Freight", "Delta Rail", "Cordoba Health", "Umeme Grid Company"]),
    ],
)
def test_the_queue_is_filtered(query, expected, officer, queue):
    assert names(officer.get(f"{QUEUE}?{query}")) == expected


def test_the_queue_is_filtered_by_post(officer, queue):
    post = make.post()
    assert names(officer.get(f"{QUEUE}?post={post.pk}")) == ["Delta Rail", "Umeme Grid Company"]


@pytest.mark.parametrize(
    "query", ["status=EVERYTHING", "country=XX", "post=abc", "post=999999", "name=%00", "mine=%27"]
)
def test_a_strange_filter_is_no_error(query, officer, queue):
    assert officer.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_and_for_three(count, officer, today, django_assert_num_queries):
    for name in ["Umeme Grid Company", "Delta Rail", "Fjord Energy"][:count]:
        case = make.case_at("OPEN", make.buyer(name, now=today), now=today)
        actions.take_case(case, by=make.officer(today), now=today)
    officer.get(QUEUE)  # the session notes when it was last used
    with django_assert_num_queries(7):  # session, person, count, cases, ages, posts for the filter, list
        assert len(officer.get(QUEUE).context["rows"]) == count


def test_hits_are_flagged_in_the_queue(officer, today, tmp_path):
    make.case_at("OPEN", make.buyer(now=today), now=today)
    make.case_at("OPEN", make.buyer("Delta Rail", now=today), now=today)
    make.clear(today, tmp_path, "Umeme Grid Company")
    flags = {str(case.buyer): case.has_hits for case, _days in officer.get(QUEUE).context["rows"]}
    assert flags == {"Umeme Grid Company": True, "Delta Rail": False}


# --- the case page ------------------------------------------------------------------------------------------------------


def test_everything_about_a_case_stands_on_one_page(officer, ready, today, tmp_path):
    make.need(ready.buyer, now=today, destination="TZ")
    make.clear(today, tmp_path, "County Holdings Group")
    shown = officer.get(case_page(ready))
    context = shown.context
    assert context["screening"].kind == "OPEN_HITS"
    assert [(hit.party_name, hit.listed_name) for hit in context["screening"].hits] == [
        ("County Holdings", "County Holdings Group")
    ]
    assert (str(context["ownership"].known_percent), context["ownership"].unknown_count) == ("0", 1)
    assert list(context["groups"]) == ["KE", "TZ"]
    assert set(context["findings_form"].current) == set(ChecklistItem.values)
    assert [entry.action for entry, _who in context["ledger"]] == ["record_findings", "submit_for_vetting"]
    assert [who for _entry, who in context["ledger"]] == ["Officer", "Buyer"]
    text = shown.content.decode()
    for words in ("County Holdings Group", "Runs the power grid", "Forecasting of load", "unknown", "Grid forecasting"):
        assert words in text


@pytest.mark.parametrize(
    ("state", "first", "other", "manager"),
    [
        (
            "OPEN",
            ["recommend_trust", "ask_question", "refuse_trust"],
            ["recommend_trust", "ask_question", "refuse_trust"],
            ["assign_case"],
        ),
        ("QUESTION_ASKED", ["refuse_trust"], ["refuse_trust"], ["assign_case"]),
        ("RECOMMENDED", [], ["countersign_trust", "return_case"], ["assign_case"]),
        (
            "TRUSTED",
            ["suspend_trust", "revoke_trust"],
            ["suspend_trust", "revoke_trust"],
            ["suspend_trust", "revoke_trust"],
        ),
        ("SUSPENDED", ["restore_trust", "revoke_trust"], ["restore_trust", "revoke_trust"], ["revoke_trust"]),
        ("REFUSED", [], [], []),
        ("REVOKED", [], [], []),
        ("REPLACED", [], [], []),
        ("WITHDRAWN", [], [], []),
    ],
)
def test_each_officer_is_offered_what_they_can_do(state, first, other, manager, today, tmp_path):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path)
    case = make.case_at(state, buyer, now=today)
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


CASE_QUERIES = 26


# --- steps --------------------------------------------------------------------------------------------------------------


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


def test_findings_are_recorded_from_the_page(officer, today):
    case = make.case_at("OPEN", make.buyer(now=today), now=today)
    path = reverse("admin:buyers_vettingcase_findings", args=[case.pk])
    data = {
        "finding_IDENTITY": "YES",
        "note_IDENTITY": "Register seen.",
        "finding_FINANCE": "CANNOT_TELL",
        "note_FINANCE": "",
    }
    refused = officer.post(path, data)
    assert (refused.status_code, case.findings.count()) == (422, 0)
    assert list(refused.context["findings_form"].errors) == ["note_FINANCE"]
    assert refused.context["findings_form"]["note_IDENTITY"].value() == "Register seen."
    assert officer.post(path, data | {"note_FINANCE": "No accounts."}).url == case_page(case)
    assert sorted(case.findings.values_list("item", "finding", "note")) == [
        ("FINANCE", "CANNOT_TELL", "No accounts."),
        ("IDENTITY", "YES", "Register seen."),
    ]
    assert officer.get(path).url == case_page(case)


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
def test_strange_findings_are_refused(data, field, officer, today):
    case = make.case_at("OPEN", make.buyer(now=today), now=today)
    answer = officer.post(reverse("admin:buyers_vettingcase_findings", args=[case.pk]), data)
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


# --- the way to trust ---------------------------------------------------------------------------------------------------


def recommendation(today, **changes: object) -> dict[str, object]:
    until = (today + timedelta(days=100)).date().isoformat()
    return {"opinion": "Fine.", "until": until, "countries": ["KE"], "components": ["A"]} | changes


def test_the_whole_way_to_trust_with_two_officers_and_a_letter(officer, second, ready, today):
    form = officer.get(step_page(ready, "recommend_trust")).context["form"]
    assert form["countries"].value() == ["KE"]
    assert (form["until"].value() - today.date()).days == 365
    assert officer.post(step_page(ready, "recommend_trust"), recommendation(today)).url == case_page(ready)
    path = step_page(ready, "countersign_trust")
    letter = letter_on(second, path)
    assert letter["subject"] == "Your organization is a trusted buyer"
    preview = second.post(path, letter | {"body": letter["body"] + "\n\nWelcome."})
    assert (template_of(preview), status_of(ready)) == ("admin/buyers/case_preview.html", "RECOMMENDED")
    edited = second.post(path, letter | {"body": "Shorter.", "edit": "yes"})
    assert (template_of(edited), edited.context["form"]["body"].value()) == ("admin/buyers/case_step.html", "Shorter.")
    sent = second.post(path, letter | {"body": letter["body"] + "\n\nWelcome.", "send": "yes"})
    assert (sent.url, status_of(ready)) == (case_page(ready), "TRUSTED")
    assert CaseLetter.objects.get().body == letter["body"] + "\n\nWelcome."


def test_the_preview_holds_what_will_be_sent_in_hidden_fields(second, ready, today):
    make.recommend(ready, now=today)
    path = step_page(ready, "countersign_trust")
    data = {"subject": "S <b>", "body": "One.\n\nTwo & “three”."}
    text = second.post(path, data).content.decode()
    assert '<input type="hidden" name="subject" value="S &lt;b&gt;" id="id_subject">' in text
    assert "One.\n\nTwo &amp; “three”." in text


def test_a_double_click_decides_once(second, ready, today):
    make.recommend(ready, now=today)
    path = step_page(ready, "countersign_trust")
    data = letter_on(second, path) | {"send": "yes", "submission_key": str(uuid.uuid4())}
    first, again = second.post(path, data), second.post(path, data)
    assert first.url == case_page(ready)
    assert again.status_code == 302
    assert (CaseLetter.objects.count(), Submission.objects.count()) == (1, 1)
    assert entries_for(ready).filter(action="countersign_trust").count() == 1


def test_the_officer_who_recommended_does_not_countersign(officer, ready, today):
    make.recommend(ready, now=today)
    for method in ("get", "post"):
        assert getattr(officer, method)(step_page(ready, "countersign_trust")).status_code == 403
        assert getattr(officer, method)(step_page(ready, "return_case")).status_code == 403
    assert status_of(ready) == "RECOMMENDED"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda: CurrentRelease.objects.all().delete(), "No screening list has been imported"),
        (
            lambda: CurrentRelease.objects.update(confirmed_at="2020-01-01T00:00Z"),
            "The screening list was last confirmed",
        ),
        (
            lambda: DatedRule.objects.filter(code="csl_stale_after_days").delete(),
            "No rule 'csl_stale_after_days' holds",
        ),
    ],
)
def test_the_pages_say_why_nobody_can_be_trusted(spoil, reason, officer, second, ready, today):
    spoil()
    shown = officer.get(case_page(ready))
    assert shown.context["screening"].kind == "COULD_NOT"
    assert reason in shown.content.decode().replace("&#x27;", "'")
    refused = officer.post(step_page(ready, "recommend_trust"), recommendation(today))
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors()[0].startswith(f"Trust is not possible: {reason}")
    assert refused.context["form"]["opinion"].value() == "Fine."
    assert status_of(ready) == "OPEN"


def test_hits_stop_the_countersignature_with_the_reason_on_the_page(second, ready, today, tmp_path):
    make.recommend(ready, now=today)
    path = step_page(ready, "countersign_trust")
    letter = letter_on(second, path)
    make.clear(today, tmp_path, "County Holdings")
    refused = second.post(path, letter | {"send": "yes"})
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "Trust is not possible: 1 screening hits wait for a decision."
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opinion", ""),
        ("opinion", "x" * 8001),
        ("until", ""),
        ("until", "never"),
        ("countries", []),
        ("countries", ["XX"]),
        ("components", []),
        ("components", ["Z"]),
    ],
)
def test_an_impossible_recommendation_is_refused_at_its_field(field, value, officer, ready, today):
    answer = officer.post(step_page(ready, "recommend_trust"), recommendation(today, **{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors), status_of(ready)) == (422, [field], "OPEN")


def test_too_long_a_trust_is_refused(officer, ready, today):
    late = (today + timedelta(days=366)).date().isoformat()
    answer = officer.post(step_page(ready, "recommend_trust"), recommendation(today, until=late))
    assert answer.context["form"].non_field_errors() == [
        "Trust may last at most 365 days. Choose an earlier day, after today."
    ]


def test_without_a_rule_on_its_length_no_end_is_proposed(officer, ready):
    DatedRule.objects.filter(code="trust_max_days").delete()
    assert officer.get(step_page(ready, "recommend_trust")).context["form"]["until"].value() is None


def test_returning_needs_a_note(second, ready, today):
    make.recommend(ready, now=today)
    assert second.post(step_page(ready, "return_case"), {"note": " "}).status_code == 422
    assert second.post(step_page(ready, "return_case"), {"note": "Ask again."}).url == case_page(ready)
    assert (status_of(ready), [note.text for note in ready.notes.all()]) == ("OPEN", ["Ask again."])
    assert b"Ask again." in second.get(case_page(ready)).content


# --- refusing, suspending, restoring, revoking --------------------------------------------------------------------------


def test_a_refusal_asks_for_the_reason_then_drafts_the_letter(officer, ready):
    path = step_page(ready, "refuse_trust")
    assert template_of(officer.get(path)) == "admin/buyers/case_reason.html"
    assert template_of(officer.get(f"{path}?reason=WHIM")) == "admin/buyers/case_reason.html"
    letter = letter_on(officer, f"{path}?reason=OWNERSHIP")
    assert letter["reason"] == "OWNERSHIP"
    assert "We could not establish who owns or controls your organization." in letter["body"]
    assert template_of(officer.post(path, letter)) == "admin/buyers/case_preview.html"
    assert officer.post(path, letter | {"send": "yes"}).url == case_page(ready)
    ready.refresh_from_db()
    assert (ready.status, ready.refusal_reason) == ("REFUSED", "OWNERSHIP")


def test_a_refusal_that_discloses_is_not_even_previewed(officer, today, tmp_path):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path, "County Holdings Group")
    case = make.case_at("OPEN", buyer, now=today)
    path = step_page(case, "refuse_trust")
    letter = letter_on(officer, f"{path}?reason=OWNERSHIP")
    for field, words in [("body", "Your owner is County Holdings Group."), ("subject", "OFAC")]:
        for button in ({}, {"send": "yes"}):
            answer = officer.post(path, letter | {field: words} | button)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (status_of(case), CaseLetter.objects.count()) == ("OPEN", 0)


def test_a_refusal_without_a_true_reason_is_refused(officer, ready):
    answer = officer.post(
        step_page(ready, "refuse_trust"), {"subject": "S", "body": "B", "reason": "WHIM", "send": "yes"}
    )
    assert (answer.status_code, status_of(ready)) == (422, "OPEN")


def test_suspending_restoring_and_revoking_each_send_a_letter(second, today, tmp_path):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path)
    case = make.case_at("TRUSTED", buyer, now=today)
    for name, status, subject in [
        ("suspend_trust", "SUSPENDED", "Your status as a trusted buyer is suspended"),
        ("restore_trust", "TRUSTED", "Your status as a trusted buyer is restored"),
        ("revoke_trust", "REVOKED", "Your status as a trusted buyer is revoked"),
    ]:
        path = step_page(case, name)
        letter = letter_on(second, path)
        assert letter["subject"] == subject
        note = {"note": "A report in the press."} if "note" in letter else {}
        assert second.post(path, letter | note | {"send": "yes"}).url == case_page(case)
        assert status_of(case) == status
    assert list(case.letters.order_by("pk").values_list("kind", flat=True)) == [
        "TRUSTED",
        "SUSPENDED",
        "RESTORED",
        "REVOKED",
    ]
    assert list(case.notes.values_list("about", flat=True)) == ["suspend_trust", "revoke_trust"]


def test_a_suspension_without_a_note_is_refused(second, today, tmp_path):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path)
    case = make.case_at("TRUSTED", buyer, now=today)
    path = step_page(case, "suspend_trust")
    answer = second.post(path, letter_on(second, path) | {"note": "", "send": "yes"})
    assert (list(answer.context["form"].errors), status_of(case)) == (["note"], "TRUSTED")


def test_a_step_that_has_become_impossible_leads_back_with_the_reason(officer, ready, today):
    actions.withdraw_case(ready, by=person("buyer"), now=today)
    answer = officer.get(step_page(ready, "recommend_trust"), follow=True)
    assert answer.redirect_chain == [(case_page(ready), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "This is not possible while the status is “Withdrawn by the buyer”."
    ]


@pytest.mark.parametrize("state", list(CaseStatus))
def test_the_case_page_opens_in_every_state(state, officer, today, tmp_path):
    buyer = make.buyer(now=today)
    make.clear(today, tmp_path)
    case = make.case_at(state, buyer, now=today)
    assert officer.get(case_page(case)).status_code == 200
