import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import HEAVIEST, likeness, stem, terms
from tests.matching.facts import examples

HOSPITAL = "Radiology imaging for public hospitals"


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("hospitals", "hospital"),
        ("cities", "city"),
        ("training", "trained"),
        ("services", "service"),
        ("images", "imaging"),
        ("modernization", "modernize"),
        ("requirements", "requirement"),
    ],
)
def test_forms_of_a_word_have_one_stem(word, other):
    assert stem(word) == stem(other)


@pytest.mark.parametrize("word", ["process", "bus", "sed", "مستشفيات", "病院"])
def test_a_short_or_foreign_word_is_left_alone(word):
    assert stem(word) == word


def test_likeness_orders_texts_as_a_reader_would():
    close = likeness(terms(HOSPITAL), terms("Imaging and radiology software for a hospital"))
    far = likeness(terms(HOSPITAL), terms("Public transport scheduling"))
    assert likeness(terms(HOSPITAL), terms(HOSPITAL)) == 1000
    assert 1000 > close > far > 0
    assert likeness(terms(HOSPITAL), terms("Port cranes")) == 0


@pytest.mark.parametrize("other", ["", "the of and", "مستشفيات عامة", "…!?"])
def test_what_cannot_be_compared_is_unknown_and_not_zero(other):
    assert likeness(terms(HOSPITAL), terms(other)) is None
    assert likeness(terms(other), terms(HOSPITAL)) is None


def test_two_texts_in_one_foreign_script_are_compared():
    assert likeness(terms("مستشفيات عامة"), terms("مستشفيات خاصة")) == 500


def test_accents_and_case_do_not_matter():
    assert terms("Málaga HÔPITAL") == terms("malaga hopital")


def test_a_repeated_word_counts_less_each_time():
    weights = [next(iter(terms("data " * count).weights.values())) for count in (1, 2, 3, 4, 8, 1000)]
    assert weights == [1, 2, 2, 3, 4, HEAVIEST.bit_length()]


@examples
@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_bounded_symmetric_and_whole(one, other):
    found = likeness(terms(one), terms(other))
    assert found == likeness(terms(other), terms(one))
    assert found is None or (isinstance(found, int) and 0 <= found <= 1000)


def test_another_process_finds_the_same_weights():
    """Python's own hash() changes from process to process; a stored score must not."""
    program = f"from matching.text import terms; print(sorted(terms({HOSPITAL!r}).weights.items()))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(sorted(terms(HOSPITAL).weights.items()))
