"""One transaction: the rule, the lock, the ledger, the state."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connections

from core.actions import action, begin, issue_receipt, move, record
from core.actors import System
from core.errors import StaleVersion, UnableTo
from core.models import JobRun, LedgerEntry, Receipt, StoredFile
from core.states import FileStatus
from core.transitions import Machine, Transition
from tests.factories.accounts import person
from tests.factories.core import stored_file

SCANNER = System("scanner")


def only_scanner(by, *_subject):
    return by == SCANNER


@action(only_scanner)
def do_something(name, *, by, now):
    JobRun.objects.create(job=name, slot=now)
    if name == "break":
        raise UnableTo("It broke.")
    return name


@pytest.mark.django_db
def test_an_action_asks_its_rule_before_anything(now):
    assert do_something("fine", by=SCANNER, now=now) == "fine"
    for nobody in (System("other"), AnonymousUser(), person("someone"), System("scanner", is_active=False)):
        with pytest.raises(PermissionDenied):
            do_something("fine", by=nobody, now=now)
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
def test_an_action_is_whole_or_not_at_all(now):
    with pytest.raises(UnableTo):
        do_something("break", by=SCANNER, now=now)
    assert JobRun.objects.count() == 0


@pytest.mark.django_db
def test_a_move_writes_state_version_and_ledger_together(now):
    file = stored_file(now=now)
    later = now + timedelta(minutes=1)
    move(file, "refuse_file", by=SCANNER, now=later, changes={"refusal": "A macro."}, detail={"rule": "macro"})
    file = StoredFile.objects.get()
    assert (file.status, file.version, file.updated_at, file.refusal) == ("REFUSED", 2, later, "A macro.")
    entry = LedgerEntry.objects.last()
    assert (entry.actor, entry.action, entry.from_state, entry.to_state, entry.detail) == (
        "system:scanner",
        "refuse_file",
        "QUARANTINED",
        "REFUSED",
        '{"rule": "macro"}',
    )


@pytest.mark.django_db
def test_a_move_from_a_wrong_state_is_refused_in_words(now):
    file = move(stored_file(now=now), "release_file", by=SCANNER, now=now)
    with pytest.raises(UnableTo, match="not possible while the status is “Checked”"):
        move(file, "refuse_file", by=SCANNER, now=now)


@pytest.mark.django_db
def test_a_move_that_expects_another_version_is_refused(now):
    file = stored_file(now=now)
    with pytest.raises(StaleVersion):
        move(file, "release_file", by=SCANNER, now=now, expected_version=7)
    assert StoredFile.objects.get().status == FileStatus.QUARANTINED


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_when_the_ledger_cannot_be_written_nothing_changes(now):
    file = stored_file(now=now)
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TRIGGER broken BEFORE INSERT ON core_ledgerentry EXECUTE FUNCTION core_refuse('broken')")
    try:
        with pytest.raises(Exception, match="broken"):
            move(file, "release_file", by=SCANNER, now=now)
        assert StoredFile.objects.get().status == FileStatus.QUARANTINED
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TRIGGER broken ON core_ledgerentry")


@pytest.mark.django_db
def test_a_record_changes_no_state(now):
    file = stored_file(now=now)
    record(file, "look_at_file", by=person("reader"), now=now)
    assert [entry.to_state for entry in LedgerEntry.objects.order_by("id")] == ["QUARANTINED", ""]


@pytest.mark.django_db
def test_an_act_has_one_receipt_a_version(now):
    user = person("giver")
    file = stored_file(now=now, by=user)
    words = {"summary": "Done.", "next_step": "Wait.", "path": "/"}
    first, again = (issue_receipt(file, "accept_upload", by=user, now=now, **words) for _ in range(2))
    move(file, "release_file", by=SCANNER, now=now)
    second = issue_receipt(file, "accept_upload", by=user, now=now, **words)
    assert first == again != second
    assert Receipt.objects.count() == 2
    assert first.number.startswith("AIX-2026-")


@pytest.mark.django_db
def test_begin_refuses_a_record_that_exists(now):
    file = stored_file(now=now)
    with pytest.raises(Exception, match="duplicate key"):
        begin(file, by=SCANNER, now=now, action="accept_upload")


A, B, C = FileStatus.QUARANTINED, FileStatus.CLEAN, FileStatus.REFUSED


@pytest.mark.parametrize(
    ("transitions", "problem"),
    [
        ([Transition("go", [A], B, "x"), Transition("go", [A], C, "x")], "twice"),
        ([Transition("go", [A], B, "x")], "nothing reaches"),
        ([Transition("go", ["MOON"], B, "x"), Transition("no", [A], C, "x")], "unknown states"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(transitions, problem):
    with pytest.raises(ValueError, match=problem):
        Machine("test", FileStatus, initial=A, transitions=transitions)


def test_a_table_draws_itself(now):
    machine = Machine(
        "test", FileStatus, initial=A, transitions=[Transition("go", [A], B, "x"), Transition("no", [A, B], C, "y")]
    )
    assert machine.mermaid() == (
        "stateDiagram-v2\n    [*] --> QUARANTINED\n    QUARANTINED --> CLEAN: go (x)\n"
        "    QUARANTINED --> REFUSED: no (y)\n    CLEAN --> REFUSED: no (y)"
    )
    assert machine.available(StoredFile(status=B), now) == ["no"]
