"""Tables of states: what they allow, in words when they do not."""

from datetime import timedelta

import pytest
from django.utils import translation

from core.actions import move
from core.actors import System
from core.errors import UnableTo
from core.models import StoredFile
from core.states import STORED_FILE, FileStatus
from core.transitions import Machine, Transition
from tests.factories.core import stored_file

A, B, C = FileStatus.QUARANTINED, FileStatus.CLEAN, FileStatus.REFUSED


def after_noon(_obj, now):
    return "" if now.hour >= 12 else "Come back in the afternoon."


def has_name(obj, _now):
    return "" if obj.name else "Give it a name."


GUARDED = Machine(
    "test",
    FileStatus,
    initial=A,
    transitions=[
        Transition("go", [A], B, "x", guards=[after_noon, has_name]),
        Transition("stop", [A, B], C, "x"),
    ],
)


@pytest.mark.parametrize(
    ("status", "hours", "name", "refusal"),
    [
        (A, 0, "n", ""),
        (A, -1, "n", "Come back in the afternoon."),
        (A, 0, "", "Give it a name."),
        (A, -1, "", "Come back in the afternoon."),
        (B, -1, "", "This is not possible while the status is “Checked”."),
        (C, 0, "n", "This is not possible while the status is “Refused”."),
    ],
)
def test_state_comes_before_guards_and_the_first_guard_speaks(now, status, hours, name, refusal):
    assert GUARDED.refusal(StoredFile(status=status, name=name), "go", now + timedelta(hours=hours)) == refusal


def test_what_is_available_leaves_out_what_a_guard_forbids(now):
    file = StoredFile(status=A, name="n")
    assert GUARDED.available(file, now) == ["go", "stop"]
    assert GUARDED.available(file, now - timedelta(hours=1)) == ["stop"]
    assert GUARDED.available(StoredFile(status=C), now) == []


def test_an_unknown_action_is_a_defect(now):
    with pytest.raises(KeyError):
        GUARDED.refusal(StoredFile(status=A), "fly", now)


def test_an_unknown_first_state_is_refused():
    with pytest.raises(ValueError, match="unknown states"):
        Machine("test", FileStatus, initial="MOON", transitions=[Transition("go", [A], B, "x")])


@pytest.mark.django_db
def test_a_guard_is_asked_about_the_row_as_it_is_now_not_as_it_was_read(now, monkeypatch):
    monkeypatch.setattr(StoredFile, "machine", GUARDED)
    file = stored_file(now=now, name="n")
    StoredFile.objects.filter(pk=file.pk).update(name="")
    with pytest.raises(UnableTo, match="Give it a name"):
        move(file, "go", by=System("x"), now=now)


@pytest.mark.django_db
@pytest.mark.parametrize("status", FileStatus)
@pytest.mark.parametrize("action", ["release_file", "refuse_file"])
def test_the_table_of_files(now, status, action):
    file = stored_file(now=now)
    if status != A:
        move(file, {B: "release_file", C: "refuse_file"}[status], by=System("x"), now=now)
    if status == A:
        assert move(file, action, by=System("x"), now=now).status == STORED_FILE.transitions[action].target
    else:
        with pytest.raises(UnableTo):
            move(file, action, by=System("x"), now=now)


def test_a_refusal_is_in_the_readers_language(now):
    with translation.override("en-us"):
        assert StoredFile(status=B).get_status_display() == "Checked"


def test_the_table_shows_where_each_act_leads_from_each_state():
    assert GUARDED.table().splitlines() == [
        "| act | by | `QUARANTINED` | `CLEAN` | `REFUSED` |",
        "|---|---|---|---|---|",
        "| `go` | x | `CLEAN` | – | – |",
        "| `stop` | x | `REFUSED` | `REFUSED` | – |",
    ]
