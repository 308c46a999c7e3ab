"""A finding in words that read well to a lawyer: what was found alike, what speaks against it, and how it adds up."""

from datetime import date

import pytest

from screening import replay, wording
from screening.engine.matcher import compare
from screening.engine.score import Listed, Query
from screening.models import ListRelease

RELEASE = ListRelease(as_of=date(2022, 5, 6), sha256="0" * 64)


def said(query: Query, listed: Listed) -> tuple[str, dict]:
    """The whole text, and the explanation behind it."""
    (score,) = compare([query], [listed])
    explanation = replay.stored(query, listed, score, RELEASE)
    return wording.sentence(explanation, listed.name), explanation


MADURO = Listed("MADURO MOROS, Nicolas", "person", 0, "1962-11-23", frozenset({"VE"}))


@pytest.mark.parametrize(
    ("query", "listed", "sentences"),
    [
        (Query("Nicolas Maduro", "person"), MADURO, ["Only in the listed name: moros."]),
        (
            Query("Nicolas Maduro", "person", date(1962, 11, 23), "VE"),
            MADURO,
            ["The same date of birth: 1962-11-23, listed as 1962-11-23.", "The same country, VE."],
        ),
        (
            Query("Nicolas Maduro Moro", "person", date(1995, 1, 1), "US"),
            MADURO,
            [
                "Other dates of birth: 1995-01-01, but listed as 1962-11-23.",
                "Another country: US, listed: VE.",
                "The name alone would alert; because of the dates of birth it is a review.",
            ],
        ),
        (
            Query("Nicolas Maduro", "person", date(1963, 1, 1)),
            MADURO,
            ["Dates of birth that may be one: 1963-01-01, listed as 1962-11-23."],
        ),
        (
            Query("Николас Мадуро Морос", "person"),
            MADURO,
            ["Theirs, “Николас Мадуро Морос”, is read in Latin letters as “nikolas maduro moros”."],
        ),
        (Query("Acme", "organization"), MADURO, ["No word of one is like a word of the other."]),
    ],
    ids=["rest", "same", "contradicted", "near", "script", "nothing"],
)
def test_each_side_and_each_evidence_is_told(query, listed, sentences):
    text, _explanation = said(query, listed)
    assert [sentence for sentence in sentences if sentence not in text] == []


def test_a_score_adds_up_in_its_words():
    text, explanation = said(Query("Nicolas Maduro", "person", date(1962, 11, 23), "VE"), MADURO)
    parts = text.split("It adds up from: ")[1].split(". The sum is ")[0].split("; ")
    assert sum(round(1000 * float(part.rsplit(" ", 1)[1])) for part in parts) == explanation["points"]
    assert f"The sum is {explanation['points'] / 1000:+.3f}, where 0 stands for the score of 50" in text


def test_facts_beside_the_name_are_told():
    shared = [{"kind": "identifier", "ours": "7736-640-919", "listed": "7736640919"}]
    explanation = said(Query("Meridian", "organization"), MADURO)[1] | {"shared": shared}
    text = wording.sentence(explanation, MADURO.name)
    assert "The same number: “7736-640-919”, listed as “7736640919”." in text


def test_an_explanation_without_facts_reads_too():
    """As the batch commands write them."""
    (score,) = compare([Query("Nicolas Maduro", "person", date(1962, 11, 23), "VE")], [MADURO])
    assert wording.sentence(score.explanation(), MADURO.name).startswith("Compared with “MADURO MOROS, Nicolas”.")
