"""Whatever a superuser changes behind the guards is found; and nothing is found where nothing was changed."""

import random
import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from core import ledger
from core.actions import move, record
from core.actors import System
from core.models import LedgerEntry, LedgerHead, LedgerSeal
from tests.core.threads import at_once
from tests.factories.accounts import person
from tests.factories.core import stored_file

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SCANNER = System("scanner")


def history(now, number):
    """So many files, with a state, a look and mostly a decision each."""
    for each in range(number):
        file = stored_file(now=now, by=person("uploader"))
        record(file, "look_at_file", by=SCANNER, now=now, detail={"n": each})
        if each % 3:
            move(file, "release_file" if each % 2 else "refuse_file", by=SCANNER, now=now)


@contextmanager
def superuser():
    """Past every trigger, and undone at the end."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        transaction.set_rollback(True, using="owner")


COLUMNS = [
    *("recorded_at", "actor", "action", "subject_type", "subject_id"),
    *("from_state", "to_state", "detail", "request_id"),
]


def _any(cursor, table, column):
    cursor.execute(f"SELECT {column} FROM {table} ORDER BY random() LIMIT 1")  # noqa: S608
    return cursor.fetchone()[0]


def change_entry(cursor, chance):
    column, pk = chance.choice(COLUMNS), _any(cursor, "core_ledgerentry", "id")
    value = f"{column} + interval '1 microsecond'" if column == "recorded_at" else f"{column} || ' '"
    cursor.execute(f"UPDATE core_ledgerentry SET {column} = {value} WHERE id = %s", [pk])  # noqa: S608


def delete_entry(cursor, chance):
    cursor.execute("DELETE FROM core_ledgerentry WHERE id = %s", [_any(cursor, "core_ledgerentry", "id")])


def swap_entries(cursor, chance):
    cursor.execute("SELECT number, entry_id FROM core_ledgerseal ORDER BY random() LIMIT 2")
    (one, first), (two, second) = cursor.fetchall()
    cursor.execute("UPDATE core_ledgerseal SET entry_id = -1 WHERE number = %s", [one])
    cursor.execute("UPDATE core_ledgerseal SET entry_id = %s WHERE number = %s", [first, two])
    cursor.execute("UPDATE core_ledgerseal SET entry_id = %s WHERE number = %s", [second, one])


def insert_entry(cursor, chance):
    cursor.execute(
        "INSERT INTO core_ledgerentry (recorded_at, actor, action, subject_type, subject_id, from_state, to_state,"
        " detail, request_id) VALUES (now(), 'user:1', 'forged', 'core.storedfile', 'x', '', '', '{}', '')"
    )


def delete_seal(cursor, chance):
    cursor.execute("DELETE FROM core_ledgerseal WHERE number = %s", [_any(cursor, "core_ledgerseal", "number")])


def cut_end(cursor, chance):
    """The last entry with its seal."""
    cursor.execute(
        "DELETE FROM core_ledgerseal WHERE number = (SELECT max(number) FROM core_ledgerseal) RETURNING entry_id"
    )
    cursor.execute("DELETE FROM core_ledgerentry WHERE id = %s", [cursor.fetchone()[0]])


def change_hash(cursor, chance):
    column = chance.choice(["hash", "previous_hash"])
    cursor.execute(
        f"UPDATE core_ledgerseal SET {column} = md5({column}) WHERE number = %s",  # noqa: S608
        [_any(cursor, "core_ledgerseal", "number")],
    )


def renumber(cursor, chance):
    cursor.execute(
        "UPDATE core_ledgerseal SET number = number + 1000000 WHERE number = %s",
        [_any(cursor, "core_ledgerseal", "number")],
    )


def move_head(cursor, chance):
    change = chance.choice(["number = number + 1", "hash = md5(hash)"])
    cursor.execute(f"UPDATE core_ledgerhead SET {change}")  # noqa: S608


def forge_state(cursor, chance):
    cursor.execute(
        "UPDATE core_storedfile SET status = CASE status WHEN 'CLEAN' THEN 'REFUSED' ELSE 'CLEAN' END WHERE id = %s",
        [_any(cursor, "core_storedfile", "id")],
    )


def forge_record(cursor, chance):
    cursor.execute(
        "INSERT INTO core_storedfile SELECT (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid()))).*"
        " FROM core_storedfile f LIMIT 1"
    )


TAMPERINGS = [
    *(change_entry, delete_entry, swap_entries, insert_entry, delete_seal, cut_end),
    *(change_hash, renumber, move_head, forge_state, forge_record),
]


def found_by_verify(tamper, chance):
    """What `verify` finds on the superuser's own connection, before the tampering is undone."""
    with superuser() as cursor:
        tamper(cursor, chance)
        default = connections["default"]
        connections["default"] = connections["owner"]
        try:
            return ledger.verify()
        finally:
            connections["default"] = default


def missed(number, seed):
    chance = random.Random(seed)
    rounds = [chance.choice(TAMPERINGS) for _ in range(number)]
    return [tamper.__name__ for tamper in rounds if not found_by_verify(tamper, chance)]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_each_kind_of_tampering_is_found(now, tamper):
    history(now, 4)
    assert found_by_verify(tamper, random.Random(1)) != []


def test_two_hundred_tamperings_are_found(now):
    history(now, 10)
    assert missed(200, seed=14320) == []
    assert ledger.verify() == []


@pytest.mark.long
def test_a_thousand_tamperings_are_found_in_a_longer_ledger(now):
    history(now, 200)
    assert missed(1000, seed=14321) == []


def appending_meanwhile(now, threads, each):
    """Verify again and again while others append; what was found, and how often it was looked."""
    files = [stored_file(now=now, by=person("uploader")) for _ in range(threads)]
    waiting, found, looks = list(files), [], 0
    lock, done = threading.Lock(), threading.Event()

    def append():
        with lock:
            file = waiting.pop()
        for _ in range(each):
            with transaction.atomic():
                record(file, "look_at_file", by=SCANNER, now=now)
                record(file, "look_again", by=SCANNER, now=now)

    writers = threading.Thread(target=lambda: (at_once(threads, append), done.set()))
    writers.start()
    while not done.is_set():
        found += ledger.verify()
        looks += 1
    writers.join()
    return found + ledger.verify(), looks


def test_appends_at_the_same_time_raise_no_false_alarm(now):
    found, looks = appending_meanwhile(now, threads=4, each=40)
    assert found == []
    assert looks >= 2
    numbers = list(LedgerSeal.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, LedgerEntry.objects.count() + 1))


@pytest.mark.long
def test_many_appends_at_the_same_time_raise_no_false_alarm(now):
    found, _looks = appending_meanwhile(now, threads=8, each=1000)
    assert found == []
    assert LedgerHead.objects.get().number == 8 + 8 * 1000 * 2


# --- the command ---


def test_a_true_ledger_is_told_with_its_head(now, capsys):
    history(now, 2)
    call_command("verify_ledger")
    head = LedgerHead.objects.get()
    told = capsys.readouterr().out
    assert told == f"The ledger is true: 5 entries, head 5:{head.hash}\n"
    call_command("verify_ledger", head=f"5:{head.hash}")


@pytest.mark.parametrize("head", ["5:" + "0" * 64, "6:x", "", ":", "x:y", "five"])
def test_an_exported_head_has_to_be_in_the_chain(now, capsys, head):
    """So that a superuser who chained everything anew is found out too."""
    history(now, 2)
    if head:
        with pytest.raises(CommandError, match="1 findings"):
            call_command("verify_ledger", head=head)
        assert f"the exported head {head} is not in the chain" in capsys.readouterr().err


def test_an_untrue_ledger_names_the_row(now, capsys):
    history(now, 1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE core_ledgerentry SET actor = 'user:7' WHERE action = 'look_at_file' RETURNING id")
        entry = cursor.fetchone()[0]
        cursor.execute("SET session_replication_role = origin")
    with pytest.raises(CommandError, match="The ledger is not true: 1 findings"):
        call_command("verify_ledger")
    assert capsys.readouterr().err == f"#2 core.ledgerentry:{entry}: its text is not what was sealed\n"


def test_no_role_can_number_entries_itself(now):
    history(now, 1)
    for alias in ("default", "owner"):
        with pytest.raises(IntegrityError, match="entries are sealed at commit"), connections[alias].cursor() as cursor:
            cursor.execute("UPDATE core_ledgerhead SET number = 0")
