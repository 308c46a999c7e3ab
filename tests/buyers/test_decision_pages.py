"""The way to trust and back, page by page."""

import uuid
from datetime import timedelta

import pytest

from buyers import actions
from buyers.models import CaseLetter
from buyers.states import CaseStatus
from core.ledger import entries_for
from core.models import DatedRule, Submission
from screening.models import CurrentRelease
from tests.buyers.bench import QUEUE, case_page, letter_on, status_of, step_page, template_of
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def recommended(ready, today) -> None:
    make.recommend(ready, now=today)


# --- the way to trust -----------------------------------------------------------------------------------------------


def recommendation(today, **changes: object) -> dict[str, object]:
    until = (today + timedelta(days=100)).date().isoformat()
    return {"opinion": "Fine.", "until": until, "countries": ["KE"], "components": ["A"]} | changes


def test_the_whole_way_to_trust_with_two_officers_and_a_letter(officer, second, ready, today):
    form = officer.get(step_page(ready, "recommend_trust")).context["form"]
    assert form["countries"].value() == ["KE"]
    assert (form["until"].value() - today.date()).days == 365
    assert officer.post(step_page(ready, "recommend_trust"), recommendation(today)).url == QUEUE
    path = step_page(ready, "countersign_trust")
    letter = letter_on(second, path)
    assert letter["subject"] == "Your organization is a trusted buyer"
    preview = second.post(path, letter | {"body": letter["body"] + "\n\nWelcome."})
    assert (template_of(preview), status_of(ready)) == ("admin/buyers/case_preview.html", "RECOMMENDED")
    edited = second.post(path, letter | {"body": "Shorter.", "edit": "yes"})
    assert (template_of(edited), edited.context["form"]["body"].value()) == ("admin/buyers/case_step.html", "Shorter.")
    sent = second.post(path, letter | {"body": letter["body"] + "\n\nWelcome.", "send": "yes"})
    assert (sent.url, status_of(ready)) == (QUEUE, "TRUSTED")
    assert CaseLetter.objects.get().body == letter["body"] + "\n\nWelcome."


def test_trust_is_not_recommended_on_a_page_that_the_buyer_changed_meanwhile(officer, ready, today):
    """From the case page to the form and its post, the officer decides on what the case page showed."""
    seen = officer.get(case_page(ready)).context["stamp"]
    path = f"{step_page(ready, 'recommend_trust')}?seen={seen}"
    later = today + timedelta(seconds=1)
    actions.edit_buyer(ready.buyer, by=person("buyer"), now=later, **make.PROFILE | {"intended_end_use": "Missiles."})
    form = officer.get(path).context["form"]
    assert form["seen"].value() == seen
    refused = officer.post(path, recommendation(today, seen=seen))
    assert (refused.status_code, status_of(ready)) == (422, "OPEN")
    assert "changed after you read it" in refused.context["form"].non_field_errors()[0]
    seen = officer.get(case_page(ready)).context["stamp"]
    assert officer.post(path, recommendation(today, seen=seen)).url == QUEUE


def test_the_preview_holds_what_will_be_sent_in_hidden_fields(second, ready, recommended):
    path = step_page(ready, "countersign_trust")
    data = {"subject": "S <b>", "body": "One.\n\nTwo & “three”."}
    text = second.post(path, data).content.decode()
    assert '<input type="hidden" name="subject" value="S &lt;b&gt;" id="id_subject">' in text
    assert "One.\n\nTwo &amp; “three”." in text


def test_a_double_click_decides_once(second, ready, recommended):
    path = step_page(ready, "countersign_trust")
    data = letter_on(second, path) | {"send": "yes", "submission_key": str(uuid.uuid4())}
    first, again = second.post(path, data), second.post(path, data)
    assert first.url == QUEUE
    assert again.status_code == 302
    assert (CaseLetter.objects.count(), Submission.objects.count()) == (1, 1)
    assert entries_for(ready).filter(action="countersign_trust").count() == 1


def test_the_officer_who_recommended_does_not_countersign(officer, ready, recommended):
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


def test_hits_stop_the_countersignature_with_the_reason_on_the_page(second, ready, recommended, today, tmp_path):
    path = step_page(ready, "countersign_trust")
    letter = letter_on(second, path)
    make.clear(today, tmp_path, "County Holdings")
    refused = second.post(path, letter | {"send": "yes"})
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors() == [
        "Trust is not possible: 1 screening hit waits for a decision."
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


def test_returning_needs_a_note(second, ready, recommended):
    assert second.post(step_page(ready, "return_case"), {"note": " "}).status_code == 422
    assert second.post(step_page(ready, "return_case"), {"note": "Ask again."}).url == QUEUE
    assert (status_of(ready), [note.text for note in ready.notes.all()]) == ("OPEN", ["Ask again."])
    assert b"Ask again." in second.get(case_page(ready)).content


# --- refusing, suspending, restoring, revoking ----------------------------------------------------------------------


def test_a_refusal_asks_for_the_reason_then_drafts_the_letter(officer, ready):
    path = step_page(ready, "refuse_trust")
    assert template_of(officer.get(path)) == "admin/buyers/case_reason.html"
    assert template_of(officer.get(f"{path}?reason=WHIM")) == "admin/buyers/case_reason.html"
    letter = letter_on(officer, f"{path}?reason=OWNERSHIP")
    assert letter["reason"] == "OWNERSHIP"
    assert "We could not establish who owns or controls your organization." in letter["body"]
    assert template_of(officer.post(path, letter)) == "admin/buyers/case_preview.html"
    assert officer.post(path, letter | {"send": "yes"}).url == QUEUE
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


def test_suspending_restoring_and_revoking_each_send_a_letter(second, recent, today):
    case = make.case_at("TRUSTED", recent, now=today)
    for name, status, subject in [
        ("suspend_trust", "SUSPENDED", "Your status as a trusted buyer is suspended"),
        ("restore_trust", "TRUSTED", "Your status as a trusted buyer is restored"),
        ("revoke_trust", "REVOKED", "Your status as a trusted buyer is revoked"),
    ]:
        path = step_page(case, name)
        letter = letter_on(second, path)
        assert letter["subject"] == subject
        note = {"note": "A report in the press."} if "note" in letter else {}
        note |= {"reason": {"suspend_trust": "OTHER", "restore_trust": "MISTAKE"}.get(name, "")}
        assert second.post(path, letter | note | {"send": "yes"}).url == case_page(case)
        assert status_of(case) == status
    assert list(case.letters.order_by("pk").values_list("kind", flat=True)) == [
        "TRUSTED",
        "SUSPENDED",
        "RESTORED",
        "REVOKED",
    ]
    assert list(case.notes.values_list("about", flat=True)) == ["suspend_trust", "revoke_trust"]


def test_a_suspension_without_a_note_is_refused(second, recent, today):
    case = make.case_at("TRUSTED", recent, now=today)
    path = step_page(case, "suspend_trust")
    answer = second.post(path, letter_on(second, path) | {"reason": "OTHER", "note": "", "send": "yes"})
    assert (list(answer.context["form"].errors), status_of(case)) == (["note"], "TRUSTED")


def test_a_step_that_has_become_impossible_leads_back_with_the_reason(officer, ready, today):
    actions.withdraw_case(ready, by=person("buyer"), now=today)
    answer = officer.get(step_page(ready, "recommend_trust"), follow=True)
    assert answer.redirect_chain == [(case_page(ready), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "This is not possible while the status is “Withdrawn by the buyer”."
    ]


@pytest.mark.parametrize("state", list(CaseStatus))
def test_the_case_page_opens_in_every_state(state, officer, recent, today):
    case = make.case_at(state, recent, now=today)
    assert officer.get(case_page(case)).status_code == 200
