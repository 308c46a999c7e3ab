"""What a buyer is told is not the internal state."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from buyers.released import Step, standing, timeline
from buyers.states import CASE, CaseStatus


def case(status, *, until=None, kind="FIRST"):
    return SimpleNamespace(status=status, trusted_until=until, kind=kind)


def entry(action, at):
    return SimpleNamespace(action=action, recorded_at=at)


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (None, "Not submitted"),
        ("OPEN", "Under review"),
        ("RECOMMENDED", "Under review"),
        ("ESCALATED", "Under review"),
        ("QUESTION_ASKED", "Waiting for your answer"),
        ("REFUSED", "Not trusted"),
        ("SUSPENDED", "Trust is suspended"),
        ("REVOKED", "Trust is revoked"),
        ("EXPIRED", "Trust has ended"),
        ("REPLACED", "Replaced by a newer decision"),
        ("WITHDRAWN", "Withdrawn"),
    ],
)
def test_each_state_has_a_released_word(now, status, label):
    assert standing(case(status) if status else None, now, is_trusted=False).label == label


@pytest.mark.parametrize(("kind", "label"), [("RENEWAL", "Renewal under review"), ("CHANGE", "Changes under review")])
def test_a_review_says_what_it_is_about(now, kind, label):
    assert standing(case("OPEN", kind=kind), now, is_trusted=False).label == label


def test_a_recommendation_or_an_escalation_cannot_be_told_from_a_review(now):
    assert len({standing(case(status), now, is_trusted=False) for status in ("OPEN", "ESCALATED", "RECOMMENDED")}) == 1
    entries = [entry("submit_for_vetting", now)]
    internal = [*entries, entry("recommend_trust", now), entry("return_case", now), entry("recommend_trust", now)]
    assert timeline(case("RECOMMENDED"), internal, now) == timeline(case("OPEN"), entries, now)


@pytest.mark.parametrize(
    ("ends_in", "is_trusted", "label"),
    [
        (1, True, "Trusted"),
        (1, False, "Trust is paused"),
        (0, False, "Trust has ended"),
        (-1, False, "Trust has ended"),
    ],
)
def test_a_stored_trust_counts_only_while_it_holds(now, ends_in, is_trusted, label):
    trusted = case("TRUSTED", until=now + timedelta(days=ends_in))
    assert standing(trusted, now, is_trusted=is_trusted).label == label


def test_the_timeline_of_a_review_says_what_is_now_and_what_comes(now):
    entries = [
        entry("submit_for_vetting", now),
        entry("take_case", now),
        entry("ask_question", now + timedelta(days=1)),
    ]
    assert timeline(case("QUESTION_ASKED"), entries, now) == [
        Step("Submitted for vetting", now),
        Step("An officer asked you a question", now + timedelta(days=1)),
        Step("Waiting for your answer", None, "now"),
        Step("Decision by letter", None, "next"),
    ]


def test_the_timeline_of_a_trust_ends_with_its_end(now):
    until = now + timedelta(days=9)
    trusted = case("TRUSTED", until=until)
    assert timeline(trusted, [entry("countersign_trust", now)], now) == [
        Step("Trusted", now),
        Step("Trust ends, unless it is renewed", until, "next"),
    ]
    assert timeline(trusted, [], until)[-1] == Step("Trust ended", until)


def test_no_word_for_what_stays_inside(now):
    """Each act of the machine is either released or named here as internal."""
    internal = {"recommend_trust", "return_case", "void_recommendation", "escalate_case", "answer_escalation"}
    told = {action for action in CASE.transitions if timeline(case("REFUSED"), [entry(action, now)], now)}
    assert told == set(CASE.transitions) - internal


@pytest.mark.parametrize("status", list(CaseStatus))
def test_every_state_has_a_standing(now, status):
    assert standing(case(status, until=now), now, is_trusted=True).label
