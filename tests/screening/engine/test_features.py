"""What single features measure, by small pairs of names."""

import numpy as np
import pytest

from screening.engine.alignment import align
from screening.engine.book import book
from screening.engine.families import FAMILIES
from screening.engine.features import FEATURES, MOST_SLIPS, measure
from screening.engine.names import normalize, parse
from screening.engine.rarity import Rarity

NUMBER = np.array([0])
rare = Rarity({}, {})


def measured(one: str, other: str, feature: str) -> float:
    left, right = book([parse(one)], rare), book([parse(other)], rare)
    found = measure(left, NUMBER, right, NUMBER, align(left, NUMBER, right, NUMBER))
    return float(found[0, list(FEATURES).index(feature)])


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("Panli Holdings, Inc.", "PANLI HOLDINGS, INC.", 0),
        ("Panli Holdings, Ink.", "PANLI HOLDINGS, INC.", 1),
        ("Joseph Kony", "KONY, Joseph", 0),
        ("AA Trading FZKO", "A A TRADING FZCO", 1),
        ("JPINT STOCK COMPANY KOLOS", "JOINT STOCK COMPANY KOLOS", 1),
        ("Meridian Grid Works", "KONY, Joseph", MOST_SLIPS + 1),
    ],
)
def test_slips_between_whole_names_count_legal_forms_too(one, other, slips):
    assert measured(one, other, "letters_apart") == slips


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("CEMENT INDUSTRY INVE", "CEMENT INDUSTRY INVESTMENT AND DEVELOPMENT COMPANY", 20),
        ("CEMENT INDUSTRY", "CEMENT INDUSTRY INVESTMENT AND DEVELOPMENT COMPANY", 0),
        ("CEMENT INDUSTRY INVESTMENT", "CEMENT INDUSTRY INVESTMENT", 0),
        ("CEMENT INDUSTRY INVITES", "CEMENT INDUSTRY INVESTMENT", 0),
        ("CEM", "CEMENT INDUSTRY INVESTMENT", 0),
    ],
)
def test_a_name_that_is_broken_off_inside_of_a_word(one, other, letters):
    assert measured(one, other, "cut_short") == letters


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ("Sberbank", "SBERBANK OF RUSSIA", True),
        ("Mahan Airlines", "MAHAN AIR", True),
        ("OOO Mahan", "MAHAN AIR", True),
        ("Russia Sberbank", "SBERBANK OF RUSSIA", False),
        ("Grid Works", "MAHAN AIR", False),
    ],
)
def test_the_first_telling_word_of_both(one, other, is_shared):
    assert (measured(one, other, "head_shared") > 0) == is_shared


def test_families_hold_words_as_names_are_folded():
    assert [word for word in FAMILIES if normalize(word) != word] == []
