"""What a score promises: it adds up, it never falls with more likeness, one name and many give the same, exact alerts."""

import itertools
import json
import math
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine.features import FEATURES
from screening.engine.matcher import Matcher, compare
from screening.engine.model import SIGNS, models
from screening.engine.names import parse
from screening.engine.rarity import rarity
from screening.engine.score import Listed, Query
from screening.engine.version import engine_version
from tests.factories import screening as make

ROWS = [row[make.csl.COLUMNS.index("name")] for row in make.rows_of_extract()[1:]]
KINDS = {"person": "person", "organization": "organization"}


def scored(query: str, listed: str, kind: str = "person", *, country: str = "", **facts):
    (score,) = compare([Query(query, kind, None, country)], [Listed(listed, kind, **facts)])
    return score


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher([Listed(name, "", number) for number, name in enumerate(ROWS)])


names = st.sampled_from(ROWS) | st.text(max_size=40) | st.text("abcdeiklmnorst ,.", max_size=40)


@settings(max_examples=60, deadline=None)
@given(names, names, st.sampled_from(["person", "organization", ""]))
def test_contributions_add_up_to_the_score(query, listed, kind):
    score = scored(query, listed, kind)
    total = sum(round(1000 * points) for points in score.contributions.values())
    assert total == score.points
    assert score.value == round(100 / (1 + math.exp(-score.points / 1000)), 2)


@pytest.mark.parametrize("kind", KINDS)
def test_curves_never_fall(kind):
    model = models()[kind]
    assert len(model.curves) == len(FEATURES)
    for curve, sign in zip(model.curves, SIGNS, strict=True):
        assert np.all(np.diff(curve.points) >= 0)
        assert np.all(np.diff(curve.cuts) > 0)
        assert len(curve.points) == len(curve.cuts) + 1
        assert curve.points[0] == 0 if sign > 0 else curve.points[-1] == 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0, 100), min_size=len(FEATURES), max_size=len(FEATURES)),
    st.integers(0, len(FEATURES) - 1),
    st.floats(0, 50),
    st.sampled_from(sorted(KINDS)),
)
def test_more_likeness_never_lowers_the_score(features, number, more, kind):
    row = np.array(features)
    better = row.copy()
    better[number] += more * SIGNS[number]
    before, after = models()[kind].contributions(np.stack([row, better])).sum(axis=1)
    assert after >= before


def test_better_pairs_score_higher():
    ladder = ["Joseph Kony", "Jozef Kony", "Joseph Konrad", "Maria Jones"]
    points = [scored(name, "KONY, Joseph").points for name in ladder]
    assert points == sorted(points, reverse=True)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ROWS), st.sampled_from(["person", "organization", ""]))
def test_an_exact_name_always_alerts(name, kind):
    """In any order of its words; a legal form of several words, such as "open joint stock company", is one."""
    words = [token.said for token in parse(name).tokens]
    for order in itertools.islice(itertools.permutations(words), 3):
        assert scored(" ".join(order), name, kind).tier == "alert"


@pytest.mark.parametrize("born", [date(1990, 1, 1), date(1962, 11, 23), None])
def test_an_exact_name_alerts_in_spite_of_the_birth_date(born):
    query = [Query("Nicolas Maduro Moros", "person", born)]
    (score,) = compare(query, [Listed("MADURO MOROS, Nicolas", "person", born="1962-11-23")])
    assert score.tier == "alert"


def test_birth_dates_promote_and_demote():
    def tier(born: date | None) -> str:
        query = [Query("Nicolas Maduro", "person", born)]
        (score,) = compare(query, [Listed("MADURO MOROS, Nicolas", "person", born="1962-11-23")])
        return score.tier

    assert [tier(born) for born in (date(1962, 11, 23), date(1964, 1, 1), None)] == ["alert"] * 3
    assert tier(date(1990, 1, 1)) != "alert"


@pytest.mark.parametrize(("country", "points"), [("VE", 0.3), ("FR", -0.3), ("", None)])
def test_a_country_is_weak_evidence(country, points):
    score = scored("Nicolas Maduro", "MADURO MOROS, Nicolas", country=country, countries=frozenset({"VE"}))
    assert score.contributions.get("country") == points
    assert score.tier == "alert"


def everything(found) -> list:
    return [(hit.query, hit.listed, hit.score) for hit in found]


def test_one_name_and_many_give_the_same(matcher):
    queries = [Query(name[:-1] if number % 3 else name, "", None) for number, name in enumerate(ROWS)]
    together = everything(matcher.screen(queries))
    one_by_one = [
        (number, listed, score)
        for number, query in enumerate(queries)
        for _, listed, score in everything(matcher.screen([query]))
    ]
    assert together == one_by_one
    assert len({number for number, _, _ in together}) > len(ROWS) * 0.9


def test_a_pair_by_itself_gives_what_screening_gave(matcher):
    for hit in matcher.screen([Query(name) for name in ROWS[::5]]):
        (score,) = compare([Query(ROWS[::5][hit.query])], [matcher.listed[hit.listed]])
        assert score == hit.score


def test_every_listed_name_finds_itself(matcher):
    found = {(hit.query, hit.listed) for hit in matcher.screen([Query(name) for name in ROWS]) if hit.score.exact}
    same = {number for number, listed in found if ROWS[number] == ROWS[listed]}
    assert same == set(range(len(ROWS)))


def test_nothing_is_found_for_nothing(matcher):
    assert matcher.screen([]) == []
    assert matcher.screen([Query(""), Query("★"), Query("x" * 5_000), Query("a " * 200)]) == []
    assert Matcher([]).screen([Query("Joseph Kony")]) == []


def test_another_process_gives_the_same_to_the_last_bit():
    """Hashes of words differ from process to process; nothing that is stored may."""
    code = (
        "import json; from screening.engine.matcher import compare; from screening.engine.score import *;"
        "print(json.dumps([s.explanation() for s in compare([Query('Jozef al Koni Ltd')], [Listed('KONY, Joseph')])]))"
    )
    run = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert run[0] == run[1]
    assert json.loads(run[0])[0]["value"] == scored("Jozef al Koni Ltd", "KONY, Joseph", "").value


def test_the_version_names_all_that_a_score_depends_on(other_weights):
    before = engine_version()
    undo = other_weights("{}")
    assert engine_version() != before
    undo()
    assert engine_version() == before
    assert len(before) == 12


def test_rarity_falls_with_how_many_bear_a_word():
    table = rarity()
    assert table.bits("muhammad") < table.bits("maduro") < table.bits("qwertzuiop")
    assert table.weight("ltd", "form") < table.weight("ltd", "core")
    assert (table.is_known("muhammad"), table.is_known("qwertzuiop")) == (True, False)
