"""A need's life, and the news that it makes for matching."""

from datetime import timedelta

import pytest

from buyers import actions
from buyers.models import Need
from core.errors import StaleVersion, UnableTo
from core.ledger import entries_for
from tests.factories import buyers as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


def test_a_need_is_a_draft_first(buyer, now, news):
    need = make.need(buyer, now=now)
    assert (need.status, need.version, need.posted_at, need.created_at) == ("DRAFT", 1, None, now)
    assert news("buyers.need_posted") == []


def test_posting_closing_and_posting_again_are_news(buyer, now, news):
    need = make.need_at("POSTED", buyer, now=now)
    later = now + timedelta(days=1)
    actions.close_need(need, by=person("buyer"), now=later)
    actions.post_need(need, by=person("buyer"), now=later)
    assert news("buyers.need_posted") == [{"need": need.pk, "version": 2}, {"need": need.pk, "version": 4}]
    assert news("buyers.need_closed") == [{"need": need.pk, "version": 3}]
    assert need.posted_at == later


def test_a_need_without_components_is_not_posted(buyer, now, news):
    need = make.need(buyer, now=now, components=[])
    with pytest.raises(UnableTo, match="Choose at least one component"):
        actions.post_need(need, by=person("buyer"), now=now)
    assert news("buyers.need_posted") == []


def test_editing_a_posted_need_takes_it_out_until_it_is_posted_anew(buyer, now, news):
    need = make.need_at("POSTED", buyer, now=now)
    actions.edit_need(need, by=person("buyer"), now=now, title="Grid and water forecasting")
    assert (need.status, need.title, need.version) == ("DRAFT", "Grid and water forecasting", 3)
    assert news("buyers.need_closed") == [{"need": need.pk, "version": 3}]


@pytest.mark.parametrize("state", ["DRAFT", "CLOSED"])
def test_editing_what_was_not_posted_is_no_news(state, buyer, now, news):
    need = make.need_at(state, buyer, now=now)
    before = news("buyers.need_closed")
    actions.edit_need(need, by=person("buyer"), now=now, title="Other")
    assert news("buyers.need_closed") == before
    assert need.status == "DRAFT"


def test_the_ledger_knows_which_fields_not_what_they_say(buyer, now):
    need = make.need(buyer, now=now)
    actions.edit_need(need, by=person("buyer"), now=now, title="Other", budget_usd=5, text=need.text)
    assert entries_for(need).last().detail == '{"fields": ["budget_usd", "title"]}'


def test_two_people_editing_are_told(buyer, now):
    need = make.need(buyer, now=now)
    actions.edit_need(need, by=person("buyer"), now=now, expected_version=1, title="Hers")
    with pytest.raises(StaleVersion, match="Somebody changed this"):
        actions.edit_need(need, by=person("buyer"), now=now, expected_version=1, title="His")
    assert Need.objects.get(pk=need.pk).title == "Hers"
