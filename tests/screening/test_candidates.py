"""Listed names found for a name, in a list of real rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening import selectors
from screening.models import CurrentRelease, ListEntry, ListName, ListRelease
from screening.names import keys, parse
from screening.selectors import COMMON, Rarity, candidates, telling_keys, token_counts
from tests.factories import screening as make

pytestmark = pytest.mark.django_db


def found(text: str, release: ListRelease, **evidence) -> dict[str, str]:
    """The tier of each entry that a name finds, by the entry's own name."""
    tiers: dict[str, str] = {}
    for candidate in candidates(text, release, **evidence):
        name = ListEntry.objects.get(pk=candidate.listed.entry_id).name
        tiers[name] = min(candidate.score.tier, tiers.get(name, "review"))  # "alert" before "review"
    return tiers


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Joseph Kony", {"KONY, Joseph": "alert"}),
        ("Josef Koni", {"KONY, Joseph": "alert"}),
        ("KONY\u200b, Jоseph", {"KONY, Joseph": "alert"}),
        ("Nicolas Maduro", {"MADURO MOROS, Nicolas": "alert"}),
        ("LABOLO Ali Mohammad", {"KONY, Ali": "alert"}),
        ("Al-Qaida", {"AL QA'IDA": "alert"}),
        ("Rosneft Oil", {"OPEN JOINT-STOCK COMPANY ROSNEFT OIL COMPANY": "alert"}),
        ("Virology Center", {"48th Central Scientific Research Institute, Sergiev Posad": "alert"}),
    ],
)
def test_a_listed_party_is_found_by_name_and_alias(query, expected, listed):
    assert found(query, listed) == expected


@pytest.mark.parametrize(
    "query",
    [
        "Umeme Grid Company",
        "Meridian Compute Inc",
        "Joseph Smith",
        "Trading Company Limited",
        "Kathryn Barr",
        "Northwind Analytics LLC",
    ],
)
def test_an_unlisted_name_finds_nobody(query, listed):
    assert found(query, listed) == {}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "\0",
        "★",
        "\u202e\u200b",
        "x" * 10_000,
        "Ж" * 10_000,
        "' OR 1=1; --",
        "%",
        "{a,b}",
        "\\",
        "ab " * 85,
        "a " * 127,
        "é\u0301" * 100,
        "\U0001f600" * 50,
    ],
)
def test_a_hostile_name_finds_nobody_and_breaks_nothing(query, listed):
    assert found(query, listed) == {}


def test_a_release_that_is_not_asked_for_gives_nothing(listed, now, tmp_path):
    smaller = [row for row in make.rows_of_extract() if "KONY, Joseph" not in row]
    path = make.written(tmp_path / "smaller.csv", [*smaller, [*smaller[-1][:-1], "another"]])
    release = make.imported(path, now=now)
    assert CurrentRelease.objects.get().release == release
    assert found("Joseph Kony", release) == {}
    assert found("Joseph Kony", listed) == {"KONY, Joseph": "alert"}


def test_one_name_takes_one_query(listed):
    token_counts(listed.pk)
    with CaptureQueriesContext(connection) as queries:
        assert len(list(candidates("Joseph Kony", listed))) == 1
    assert len(queries) == 1


def test_a_found_name_explains_itself(listed):
    (candidate,) = candidates("Josef Kony", listed)
    assert candidate.listed.name == "KONY, Joseph"
    explanation = candidate.score.explanation()
    assert [(pair["query"], pair["listed"], pair["reason"]) for pair in explanation["pairs"]] == [
        ("kony", "kony", "exact"),
        ("josef", "joseph", "sound"),
    ]
    again = next(iter(candidates("Josef Kony", listed)))
    assert again.score == candidate.score


# --- keys and rarity --------------------------------------------------------------------------------------------------


def test_the_counts_are_of_every_name_of_the_release(listed):
    counts = token_counts(listed.pk)
    names = ListName.objects.filter(entry__rows__release=listed).values_list("name", flat=True)
    assert counts["kony"] == len([name for name in names if "kony" in keys(parse(name))]) > 2


@pytest.mark.parametrize(
    ("wanted", "counts", "telling"),
    [
        ([], {}, []),
        (["a"], {}, ["a"]),
        (["a", "b"], {"a": 1, "b": COMMON}, ["a", "b"]),
        (["a", "b"], {"a": 1, "b": COMMON + 1}, ["a"]),
        (["a", "b"], {"b": COMMON + 1}, ["a", "b"]),
        (["a", "b", "c", "d", "e"], dict.fromkeys("abcde", COMMON + 1), ["a", "b", "c", "d"]),
        (["a", "b"], {"a": COMMON + 9, "b": COMMON + 1}, ["b", "a"]),
    ],
)
def test_common_keys_are_left_out_while_there_are_rarer_ones(wanted, counts, telling):
    assert telling_keys(wanted, counts) == telling


def test_rarity_falls_with_how_many_names_have_a_token():
    rarity = Rarity({"common": 90, "rare": 1}, 100)
    assert (rarity("k"), rarity("unheard")) == (0.1, 1.0)
    assert 0.05 <= rarity("common") < rarity("rare") < 1
    assert Rarity({"all": 10_000}, 100)("all") == 0.05


def test_a_missing_release_has_no_counts(listed):
    with pytest.raises(ListRelease.DoesNotExist):
        selectors.token_counts(0)
