import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from core import ledger
from core.actions import move
from core.actors import System
from core.models import LedgerEntry, LedgerHead, LedgerSeal, StoredFile
from core.states import FileStatus
from tests.factories.core import stored_file

SCANNER = System("scanner")


@pytest.mark.django_db(transaction=True)
def test_entries_are_numbered_and_chained_at_commit(now):
    with transaction.atomic():
        file = stored_file(now=now)
        assert LedgerSeal.objects.count() == 0
    move(file, "release_file", by=SCANNER, now=now)

    seals = list(LedgerSeal.objects.order_by("number"))
    assert [seal.number for seal in seals] == [1, 2]
    assert seals[1].previous_hash == seals[0].hash
    assert LedgerHead.objects.get().hash == seals[1].hash
    assert ledger.verify() == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize(("alias", "refusal"), [("default", "only grows|permission denied"), ("owner", "only grows")])
def test_the_ledger_only_grows(now, statement, alias, refusal):
    stored_file(now=now)
    with pytest.raises(Exception, match=refusal), connections[alias].cursor() as cursor:
        cursor.execute(statement.format("core_ledgerentry"))
    assert LedgerEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_status_changed_past_the_actions_fails_at_commit(now):
    file = stored_file(now=now)
    with pytest.raises(IntegrityError, match="the ledger holds QUARANTINED"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(status=FileStatus.CLEAN)
    assert StoredFile.objects.get().status == FileStatus.QUARANTINED


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_status_forged_past_the_guard_is_named_by_verify(now):
    """The positive control: what the guard refuses is possible for a superuser, and then found."""
    file = stored_file(now=now)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE core_storedfile SET status = 'CLEAN'")
        cursor.execute("SET session_replication_role = origin")
    (finding,) = ledger.verify()
    assert finding.row == f"core.storedfile:{file.pk}"
    assert finding.problem == "has status CLEAN, but the ledger holds QUARANTINED"


@pytest.mark.django_db(transaction=True)
def test_the_running_role_makes_no_temporary_table():
    """In its trigger it could number entries, which the guards allow to nothing but a trigger."""
    with pytest.raises(ProgrammingError, match="permission denied to create temporary tables"):
        connection.cursor().execute("CREATE TEMPORARY TABLE seals (number int)")


FORGE = """
CREATE TEMPORARY TABLE core_ledgerentry ON COMMIT DROP AS TABLE public.core_ledgerentry;
UPDATE core_ledgerentry SET to_state = 'CLEAN';
UPDATE core_storedfile SET status = 'CLEAN';
"""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_guard_reads_the_ledger_and_no_temporary_table_of_its_name(now):
    """Tried as the owner, who may make one."""
    stored_file(now=now)
    cursor = connections["owner"].cursor()
    with pytest.raises(IntegrityError, match="the ledger holds QUARANTINED"):
        cursor.execute(FORGE)
    cursor.execute("ALTER FUNCTION core_guard_status RESET search_path")  # the positive control
    cursor.execute(FORGE)
    cursor.execute("ALTER FUNCTION core_guard_status SET search_path = pg_catalog, public, pg_temp")
    assert StoredFile.objects.get().status == FileStatus.CLEAN


@pytest.mark.django_db
def test_begin_passes_the_guard(now):
    stored_file(now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
