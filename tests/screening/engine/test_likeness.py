"""Two words: how alike, and by what reason; and which words of two names belong together."""

import numpy as np
import pytest

from screening.engine.alignment import align
from screening.engine.book import book, words_of
from screening.engine.likeness import REASONS, likeness
from screening.engine.names import parse
from screening.engine.rarity import KNOWN, Rarity

rare = Rarity({}, {})
NUMBER = np.array([0])


def alike(one: str, other: str, kind: str = "core", *, rarity: Rarity = rare) -> tuple[float, str]:
    found, reason = likeness(
        words_of([(one, kind)], rarity), NUMBER, words_of([(other, kind)], rarity), NUMBER, np.array([True])
    )
    assert 0 <= found[0] <= 1
    return float(found[0]), REASONS[reason[0]]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("kony", "kony", "exact"),
        ("qadhafi", "gaddafi", "sound"),
        ("mhmd", "muhammad", "sound"),
        ("zwahry", "zawahiri", "sound"),
        ("estcn", "estacion", "sound"),
        ("marbella", "marbellx", "edit"),
        ("metallurgia", "metalurgiche", "similar"),
        ("trad", "trading", "prefix"),
        ("j", "joseph", "initial"),
        ("isma", "ismailovich", "prefix"),
        ("is", "ismailovich", "initial"),
        ("urnar", "umar", "scan"),
        ("technologies", "tech", "variant"),
        ("airlines", "air", "variant"),
        ("zavod", "plant", "variant"),
        ("mykola", "nikolay", "variant"),
        ("kony", "smith", "none"),
        ("123", "124", "none"),
        ("kim", "lim", "none"),
        ("li", "lin", "none"),
    ],
)
def test_words_are_alike_by_one_reason(one, other, reason):
    assert alike(one, other)[1] == alike(other, one)[1] == reason
    assert alike(one, other)[0] == pytest.approx(alike(other, one)[0])


def test_an_exact_word_is_more_alike_than_a_sound_and_that_than_an_initial():
    order = [alike("joseph", other)[0] for other in ("joseph", "jozef", "j", "kony")]
    assert order == sorted(order, reverse=True)
    assert (order[0], order[-1]) == (1.0, 0.0)


def test_two_names_that_many_bear_are_no_slips_of_one_another():
    known = Rarity({"mario": KNOWN, "marlo": KNOWN}, {})
    assert alike("marcos", "marcas")[0] > alike("mario", "marlo", rarity=known)[0]


@pytest.mark.parametrize("kind", ["form", "acronym"])
def test_of_a_legal_form_or_an_acronym_only_the_whole_counts(kind):
    assert alike("limited", "limitex", kind)[0] == 0


def aligned(one: str, other: str) -> list[tuple[str, str, str]]:
    left, right = book([parse(one)], rare), book([parse(other)], rare)
    found = align(left, NUMBER, right, NUMBER)
    texts = left.words.texts[left.word[found.query_unit]], right.words.texts[right.word[found.listed_unit]]
    return [(a, b, REASONS[reason]) for a, b, reason in zip(*texts, found.reason, strict=True)]


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        ("Joseph Kony", "KONY, Joseph", [("joseph", "joseph", "exact"), ("kony", "kony", "exact")]),
        ("Jozef Kony", "KONY, Joseph", [("jozef", "joseph", "sound"), ("kony", "kony", "exact")]),
        ("Ssang Yong Co", "SSANGYONG", [("ssangyong", "ssangyong", "exact")]),
        ("Abdulrahman Ali", "'ABD AL-RAHMAN, Ali", [("abdulrahman", "abdalrahman", "sound"), ("ali", "ali", "exact")]),
        ("IRGC", "Islamic Revolutionary Guard Corps", [("irgc", "irgc", "acronym")]),
        ("J. Kony", "KONY, Joseph", [("j", "joseph", "initial"), ("kony", "kony", "exact")]),
        ("Ali Ali", "ALI, Hasan", [("ali", "ali", "exact")]),
        ("Meridian", "KONY, Joseph", []),
        ("", "KONY, Joseph", []),
    ],
)
def test_words_that_belong_together(one, other, pairs):
    assert aligned(one, other) == pairs


def test_no_token_is_matched_twice():
    left, right = book([parse("Ali Al Ali Abd al Ali")], rare), book([parse("Abdal Ali Ali")], rare)
    found = align(left, NUMBER, right, NUMBER)
    for side, units in ((left, found.query_unit), (right, found.listed_unit)):
        held = [place for unit in units for place in range(side.place[unit], side.place[unit] + side.width[unit])]
        assert len(held) == len(set(held))
