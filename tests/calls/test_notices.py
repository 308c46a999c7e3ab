"""Notices: their states, who moves them, what the public sees, and the record that every installation begins with."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from calls import actions, selectors
from calls.management.commands.load_notices import PATH
from calls.models import Notice
from calls.states import NOTICE, NoticeStatus
from core.actors import System
from core.models import LedgerEntry
from tests.browsers import signed_in
from tests.database import check_deferred_guards
from tests.factories import buyers
from tests.factories import calls as make
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, REFUSED, outcome

pytestmark = pytest.mark.django_db

RECORD = System("record")
# action: (from which states, to which state, who may)
MOVES = {
    "publish_notice": ({"DRAFT"}, "PUBLISHED", {"manager", "record"}),
    "withdraw_notice": ({"PUBLISHED"}, "WITHDRAWN", {"manager"}),
}


@pytest.fixture
def cast(now) -> dict[str, object]:
    return {
        "manager": buyers.manager(now),
        "officer": buyers.officer(now),
        "evaluator": buyers.federal("evaluator", "EVALUATOR", now=now),
        "stranger": person("stranger"),
        "record": RECORD,
        "job": System("screening"),
    }


def test_the_table_covers_the_machine():
    machine = {a: ({str(s) for s in t.sources}, str(t.target)) for a, t in NOTICE.transitions.items()}
    assert machine == {action: (sources, target) for action, (sources, target, _who) in MOVES.items()}


@pytest.mark.parametrize("state", list(NoticeStatus))
def test_every_state_action_and_person(state, cast, now):
    notice = make.notice_at(state, now=now)
    assert notice.status == state
    found = {
        (action, name): outcome(
            lambda action=action, by=by: getattr(actions, action)(Notice.objects.get(pk=notice.pk), by=by, now=now)
        )
        for action in MOVES
        for name, by in cast.items()
    }
    assert found == {
        (action, name): DENIED if name not in may else DONE if state in sources else REFUSED
        for action, (sources, _target, may) in MOVES.items()
        for name in cast
    }


def test_managers_and_the_record_draft(cast, now):
    found = {
        name: outcome(lambda by=by: actions.draft_notice(by=by, now=now, slug="a", **make.NOTICE))
        for name, by in cast.items()
    }
    assert found == {name: DONE if name in {"manager", "record"} else DENIED for name in cast}


def test_publishing_notes_when(now):
    notice = make.notice_at("DRAFT", now=now)
    assert (notice.published_at, str(notice)) == (None, "The catalog opens")
    later = now + timedelta(hours=1)
    actions.publish_notice(notice, by=RECORD, now=later)
    assert Notice.objects.get().published_at == later
    assert list(LedgerEntry.objects.order_by("pk").values_list("action", "actor")) == [
        ("draft_notice", "system:record"),
        ("publish_notice", "system:record"),
    ]


def test_postgresql_refuses_a_publication_without_a_time_and_a_state_without_the_ledger(now):
    make.notice_at("DRAFT", now=now)
    check_deferred_guards()
    with pytest.raises(IntegrityError, match="a notice has a time of publication once published"), transaction.atomic():
        Notice.objects.update(status="PUBLISHED")
    with transaction.atomic():
        Notice.objects.update(status="PUBLISHED", published_at=now)
        with pytest.raises(IntegrityError, match="but the ledger holds"), transaction.atomic():
            check_deferred_guards()
        transaction.set_rollback(True)


def test_an_address_is_one_notices(now):
    make.notice_at("DRAFT", now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.notice_at("DRAFT", now=now)


def test_the_public_sees_what_is_published_the_newest_first(now):
    for slug, state, day in [("a", "PUBLISHED", 2), ("b", "DRAFT", 3), ("c", "WITHDRAWN", 4), ("d", "PUBLISHED", 1)]:
        make.notice_at(state, now=now, slug=slug, issued_date=date(2026, 4, day))
    assert [notice.slug for notice in selectors.notices()] == ["a", "d"]


# --- the record ------------------------------------------------------------------------------------------------------


def load() -> str:
    out = StringIO()
    call_command("load_notices", stdout=out)
    return out.getvalue()


def test_the_record_is_loaded_once():
    rows = json.loads(PATH.read_text())
    assert [load(), load()] == [f"{len(rows)} notices\n"] * 2
    stored = Notice.objects.order_by("pk")
    assert [(notice.slug, notice.issued_date.isoformat(), notice.status) for notice in stored] == [
        (row["slug"], row["issued_date"], "PUBLISHED") for row in rows
    ]
    assert LedgerEntry.objects.filter(subject_type="calls.notice").count() == 2 * len(rows)


def test_what_a_manager_did_with_a_notice_stays(now):
    load()
    notice = Notice.objects.order_by("pk").first()
    actions.withdraw_notice(notice, by=buyers.manager(now), now=now)
    load()
    assert Notice.objects.get(pk=notice.pk).status == "WITHDRAWN"


def test_each_notice_of_the_record_is_whole_and_says_how_certain_it_is():
    load()
    for notice in Notice.objects.all():
        notice.full_clean()
        assert notice.certainty in {"P", "S", "S2", "K"}
        assert notice.citation


def test_the_workbench_says_a_notices_status_in_words(now):
    draft, _published = make.notice_at("DRAFT", now=now, slug="draft"), make.notice_at("PUBLISHED", now=now)
    manager = signed_in(buyers.manager(now))
    listed = manager.get("/admin/calls/notice/", {"status": "DRAFT"})
    assert list(listed.context["cl"].result_list) == [draft]
    assert 'class="field-state">Draft</td>' in listed.text
    assert '<div class="readonly">Draft</div>' in manager.get(f"/admin/calls/notice/{draft.pk}/change/").text
