"""A stored hit is derived again from what it holds, whatever list is in force by then."""

import io

import pytest
from django.core.management import CommandError, call_command

from core import outbox
from screening import replay, wording
from screening.engine.score import Query
from screening.engine.version import engine_version
from screening.models import Hit
from screening.selectors import screen, search
from tests.factories import organizations
from tests.factories import screening as make

pytestmark = pytest.mark.django_db


def told(number: int) -> list[str]:
    out = io.StringIO()
    call_command("replay_hit", number, stdout=out)
    return out.getvalue().splitlines()


def test_a_hit_comes_out_bit_for_bit(hit):
    first, words, engine = told(hit.pk)
    assert first == f"Hit {hit.pk} comes out bit for bit: alert, {hit.explanation['value']:.2f}."
    assert words.startswith("The same name as “KONY, Joseph”, word for word.")
    assert engine.startswith(f"Engine {engine_version()}, list of 2022-05-06 (")


def test_every_hit_replays_under_another_list(now, listed, tmp_path):
    names = [row[make.csl.COLUMNS.index("name")] for row in make.rows_of_extract()[1:16]]
    for name in names:
        organizations.organization(name[:-1], now=now)
    outbox.drain(now)
    hits = list(Hit.objects.all())
    assert len(hits) > 10
    rows = [*make.rows_of_extract(), make.row(source="Another List (AL)", name="Somebody Else")]
    make.imported(make.written(tmp_path / "next.csv", rows), now=now)
    for hit in hits:
        assert replay.differences(hit.explanation) == []
        total = sum(round(1000 * part.points) for part in wording.contributions(hit.explanation))
        assert total == hit.explanation["points"]


def test_what_comes_out_otherwise_is_named(hit):
    assert replay.differences(hit.explanation | {"value": 1.0, "pairs": []}) == ["pairs", "value"]
    Hit.objects.filter(pk=hit.pk).update(explanation=hit.explanation | {"points": 1})
    with pytest.raises(CommandError, match=f"Hit {hit.pk} comes out otherwise: points."):
        told(hit.pk)


def test_a_hit_of_another_engine_asks_for_that_engine(hit):
    Hit.objects.filter(pk=hit.pk).update(engine_version="before")
    with pytest.raises(CommandError, match=f"was found by engine before, and {engine_version()} is installed"):
        told(hit.pk)


def test_a_hit_that_is_none_is_told(listed):
    with pytest.raises(CommandError, match="There is no hit 999: take the number from the address of its page"):
        told(999)


@pytest.mark.parametrize(
    "name", ["Joseph Kony", "Jozef Koni", "Nicolas Maduro", "LABOLO Ali Mohammad", "Al-Qaida", "Kathryn Barr", "", "★"]
)
def test_the_database_finds_what_the_worker_finds(name, listed, django_assert_num_queries):
    kept = [(one.entry_id, one.score) for one in screen([Query(name)], listed)]
    with django_assert_num_queries(1):
        assert [(one.entry_id, one.score) for one in search(name, listed)] == kept


@pytest.mark.parametrize("reason", wording.REASONS)
def test_every_reason_and_feature_has_words(reason):
    assert str(wording.REASONS[reason]) != reason


def test_every_feature_has_words(hit):
    from screening.engine.features import FEATURES

    assert set(wording.FEATURES) == {*FEATURES, "birth_date", "country", "base"}
