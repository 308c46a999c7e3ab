"""How alike two names are, and why: tokens, alignment, features, the score that adds up, and the evidence of birth."""

import json
import math
from datetime import date

import pytest

from screening import scoring
from screening.names import Token, parse
from screening.scoring import Pair, align, birth_evidence, compare, features, likeness


def rare(_token: str) -> float:
    return 0.8


def token(word: str) -> Token:
    (found,) = parse(word).tokens
    return found


@pytest.mark.parametrize(
    ("query", "listed", "similarity", "reason"),
    [
        ("kony", "kony", 1.0, "exact"),
        ("k", "k", 0.6, "exact"),
        ("k", "kony", 0.5, "initial"),
        ("kony", "k", 0.5, "initial"),
        ("123", "123", 1.0, "exact"),
        ("gaddafi", "qadhafi", 0.85, "sound"),
        ("maduro", "madura", 0.9333, "sound"),
        ("madurol", "maduro", 0.8571, "edit"),
        ("madrid", "madril", 0.8333, "edit"),
        ("technologies", "techno", 0.75, "prefix"),
        ("maria", "mariana", 0.75, "prefix"),
        ("technologies", "technology", 0.78, "similar"),
    ],
)
def test_two_tokens_are_alike_for_a_reason(query, listed, similarity, reason):
    assert likeness(token(query), token(listed)) == Pair(query, listed, similarity, reason)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("k", "maduro"),
        ("123", "124"),
        ("12", "abc"),
        ("abc", "12"),
        ("abc", "abd"),
        ("smith", "jones"),
        ("catherine", "katarina"),
    ],
)
def test_two_tokens_are_not_alike(query, listed):
    assert likeness(token(query), token(listed)) is None


@pytest.mark.parametrize(
    ("query", "listed", "expected"),
    [
        ("Joseph Kony", "KONY, Joseph", [("joseph", "joseph"), ("kony", "kony")]),
        ("Hua Wei Technologies", "Huawei Technologies", [("huawei", "huawei"), ("technologies", "technologies")]),
        ("Huawei Technologies", "Hua Wei Technologies", [("huawei", "huawei"), ("technologies", "technologies")]),
        ("Joseph Joseph", "Joseph", [("joseph", "joseph")]),
        ("Joseph", "Maduro", []),
        ("", "Kony", []),
    ],
)
def test_tokens_are_aligned_one_to_one_and_neighbors_may_be_run_together(query, listed, expected):
    pairs = align(parse(query).core, parse(listed).core)
    assert sorted((pair.query, pair.listed) for pair in pairs) == expected


def test_the_best_pair_is_taken_first():
    pairs = align(parse("Jozef Joseph").core, parse("Joseph Jozef").core)
    assert {(pair.query, pair.listed, pair.reason) for pair in pairs} == {
        ("jozef", "jozef", "exact"),
        ("joseph", "joseph", "exact"),
    }


NAMES = ["Joseph Kony", "Hua Wei", "J. Smith", "Al Co", "A B", "Ольга", "48th Institute", ""]


@pytest.mark.parametrize("query", NAMES)
@pytest.mark.parametrize("listed", NAMES)
def test_features_lie_between_0_and_1_and_the_score_adds_up(query, listed):
    one, other = parse(query), parse(listed)
    values = features(one, other, align(one.core, other.core), rare)
    assert set(values) == set(scoring.weights()["features"])
    assert all(0 <= value <= 1 for value in values.values())
    score = compare(one, other, rare)
    logit = sum(score.contributions.values())
    assert math.isclose(score.value, 100 / (1 + math.exp(-logit)), abs_tol=0.01)
    assert json.loads(json.dumps(score.explanation()))["value"] == score.value


def test_no_weight_is_negative_so_that_likeness_never_lowers_a_score():
    weights = scoring.weights()
    assert min(weights["features"].values()) >= 0
    assert 0 < weights["review"] < weights["alert"] < 100
    assert scoring.engine_version() == weights["version"] == "223a289141f5"


def test_what_is_left_over_is_named():
    score = compare(parse("Joseph Kony Trading"), parse("KONY, Joseph Rao"), rare)
    assert (score.unmatched_query, score.unmatched_listed) == (("trading",), ("rao",))
    score = compare(parse("Hua Wei Technologies"), parse("Huawei Technologies"), rare)
    assert (score.unmatched_query, score.unmatched_listed) == ((), ())


# --- known pairs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "listed", "tier"),
    [
        ("Joseph Kony", "KONY, Joseph", "alert"),
        ("Josef Koni", "KONY, Joseph", "alert"),
        ("Joseph Konny", "KONY, Joseph", "alert"),
        ("K\u200bony Joseph", "KONY, Joseph", "alert"),
        ("Joseph\tKony", "KONY, Joseph", "alert"),
        ("Nicolas Maduro", "MADURO MOROS, Nicolas", "alert"),
        ("Nicolás Mаduro", "MADURO MOROS, Nicolas", "alert"),
        ("Moammar Qaddafi", "QADHAFI, Muammar", "alert"),
        ("Muammar Gaddafi", "QADHAFI, Muammar", "review"),
        ("Huawei Technologies Company Limited", "HUAWEI TECHNOLOGIES CO., LTD.", "alert"),
        ("Hua wei Technologies Co Ltd", "HUAWEI TECHNOLOGIES CO., LTD.", "alert"),
        ("Huawei Technology Co", "HUAWEI TECHNOLOGIES CO., LTD.", "alert"),
        ("Rosneft Oil", "ROSNEFT OIL COMPANY", "alert"),
        ("Rosobоronexport", "Rosoboronexport", "alert"),
    ],
)
def test_known_pairs_are_found(query, listed, tier):
    assert compare(parse(query), parse(listed), rare).tier == tier


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("Joseph Smith", "KONY, Joseph"),
        ("Maria Kony", "KONY, Joseph"),
        ("Nicolas Sarkozy", "MADURO MOROS, Nicolas"),
        ("Acme Trading Co", "HUAWEI TECHNOLOGIES CO., LTD."),
        ("Technologies Co Ltd", "HUAWEI TECHNOLOGIES CO., LTD."),
        ("Meridian Compute Inc", "MERIDIAN AIRWAYS INC"),
        ("Umeme Grid Company", "ROSNEFT OIL COMPANY"),
        ("", "KONY, Joseph"),
        ("KONY, Joseph", ""),
        ("", ""),
    ],
)
def test_known_strangers_are_clear(query, listed):
    score = compare(parse(query), parse(listed), rare)
    assert (score.tier, score.exact) == ("clear", False)


@pytest.mark.parametrize("name", ["Ltd", "Al Co", "K", "Zephyr", "محمد", "Joseph Kony"])
def test_an_exact_name_always_alerts(name):
    score = compare(parse(name), parse(name.upper()), lambda _token: 0.05)
    assert (score.tier, score.exact) == ("alert", True)


# --- birth dates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "listed", "points"),
    [
        (None, "1962-11-23", 0.0),
        (date(1962, 11, 23), "", 0.0),
        (date(1962, 11, 23), "unknown", 0.0),
        (date(1962, 11, 23), "1962-11-23", 2.0),
        (date(1962, 11, 23), "1961; 1962-11-23", 2.0),
        (date(1962, 11, 24), "1962-11-23", 0.0),
        (date(1960, 1, 1), "1962-11-23", 0.0),
        (date(1964, 12, 31), "1962-11-23", 0.0),
        (date(1959, 12, 31), "1962-11-23", -3.0),
        (date(1965, 1, 1), "1962-11-23", -3.0),
        (date(1969, 1, 1), "circa 1967", 0.0),
        (date(1970, 1, 1), "circa 1967", -3.0),
        (date(1955, 1, 1), "1950 to 1960", 0.0),
        (date(1948, 1, 1), "1950 to 1960", 0.0),
        (date(1962, 1, 1), "1950 to 1960", 0.0),
        (date(1947, 1, 1), "1950 to 1960", -3.0),
        (date(1963, 1, 1), "1950 to 1960", -3.0),
        (date(1955, 1, 1), "1960 to 1950", 0.0),
        (date(1955, 1, 1), "1950; 1960", -3.0),
    ],
)
def test_what_a_birth_date_says(born, listed, points):
    assert birth_evidence(born, listed) == points


@pytest.mark.parametrize(
    ("query", "born", "tier"),
    [
        ("Nicolas Maduro Moros", None, "alert"),  # exact
        ("Nicolas Maduro Moros", date(1990, 1, 1), "alert"),  # exact in spite of the date
        ("Nicolas Maduro Moro", None, "alert"),
        ("Nicolas Maduro Moro", date(1962, 11, 23), "alert"),
        ("Nicolas Maduro Moro", date(1990, 1, 1), "review"),
        ("Nicolas Maduro", date(1990, 1, 1), "clear"),
    ],
)
def test_a_birth_date_promotes_and_demotes(query, born, tier):
    listed = parse("MADURO MOROS, Nicolas")
    assert compare(parse(query), listed, rare, born=born, listed_born="1962-11-23").tier == tier


@pytest.mark.parametrize(
    ("born", "tier"),
    [(None, "review"), (date(1942, 6, 7), "alert"), (date(1942, 1, 1), "review"), (date(1990, 1, 1), "clear")],
)
def test_an_equal_birth_date_makes_an_alert_of_a_likeness(born, tier):
    score = compare(parse("Muammar Gaddafi"), parse("QADHAFI, Muammar"), rare, born=born, listed_born="1942-06-07")
    assert score.tier == tier
