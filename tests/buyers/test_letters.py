"""Drafts: well formed in every case, and never more than the decision and its reason."""

from datetime import timedelta

import pytest
from django.utils import translation

from buyers import letters, selectors
from buyers.states import LetterKind, RefusalReason
from tests.factories import buyers as make
from tests.scenes import scene

pytestmark = pytest.mark.django_db

KINDS = [(kind, "") for kind in LetterKind if kind != LetterKind.REFUSED]
DRAFTS = KINDS + [(LetterKind.REFUSED, reason) for reason in RefusalReason]


@scene
def case(buyer, now, tmp_path):
    """Of a buyer whose owner is named like a listed party, with notes of officers: everything that must stay inside."""
    make.clear(now, tmp_path, "County Holdings", "Umeme Grid Company")
    opened = make.case_at("OPEN", buyer, now=now)
    opened.trusted_until = now + timedelta(days=30)
    opened.scope_countries, opened.scope_components = ["KE", "TZ"], ["A", "E"]
    opened.opinion = "The owner is a listed party, we are sure of it by now."
    return opened


@pytest.mark.parametrize(("kind", "reason"), DRAFTS)
def test_no_draft_discloses_anything(kind, reason, case):
    draft = letters.draft(kind, case, reason=reason)
    assert [hit.party_name for hit in case.buyer.organization.hits.order_by("party_name")] == [
        "County Holdings",
        "Umeme Grid Company",
    ]
    assert selectors.disclosed(case, f"{draft.subject}\n{draft.body}") == []
    assert case.opinion not in draft.body


@pytest.mark.parametrize(("kind", "reason"), DRAFTS)
def test_every_draft_names_the_buyer_and_its_sender(kind, reason, case):
    paragraphs = letters.draft(kind, case, reason=reason).body.split("\n\n")
    assert paragraphs[0] == "To Umeme Grid Company:"
    assert paragraphs[-1] == "International Trade Administration\nAmerican AI Exports Program"
    assert all(paragraphs)


def test_the_reasons_make_different_letters_of_the_same_frame(case):
    bodies = {letters.draft(LetterKind.REFUSED, case, reason=reason).body for reason in RefusalReason}
    assert len(bodies) == len(RefusalReason)
    assert {body.split("\n\n")[1] for body in bodies} == {
        "We looked at your registration. We cannot list your organization as a trusted buyer at this time."
    }


def test_the_letter_of_trust_says_until_when_and_for_what(case):
    body = letters.draft(LetterKind.TRUSTED, case).body
    assert body.split("\n\n")[1:3] == [
        "Your organization is a trusted buyer of the American AI Exports Program until Dec. 24, 2026.",
        "This covers deliveries to: Kenya, Tanzania. It covers these components: "
        "A – AI-optimized hardware and infrastructure; E – AI applications for specific use cases.",
    ]


def test_an_unknown_reason_is_no_letter(case):
    with pytest.raises(ValueError, match="'WHIM' is not a valid RefusalReason"):
        letters.draft(LetterKind.REFUSED, case, reason="WHIM")


def test_the_letters_read_in_another_language_without_breaking(case):
    with translation.override("ar"):
        for kind, reason in DRAFTS:
            assert letters.draft(kind, case, reason=reason).body
