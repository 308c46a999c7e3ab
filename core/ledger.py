"""The ledger: every recorded act, chained by hash in the order of commits."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from core.actors import Actor
from core.guards import CANONICAL_ENTRY, GENESIS_HASH
from core.logs import current_request_id
from core.models import LedgerEntry, LedgerHead, LedgerSeal, Stateful

BATCH = 10_000


def subject_of(obj: Model) -> tuple[str, str]:
    return obj._meta.label_lower, str(obj.pk)


def append(
    obj: Model,
    action: str,
    *,
    by: Actor,
    now: datetime,
    from_state: str = "",
    to_state: str = "",
    detail: dict[str, Any] | None = None,
) -> LedgerEntry:
    """Insert an entry; number and hash come at commit. `detail` holds ids, codes and hashes, never personal data."""
    subject_type, subject_id = subject_of(obj)
    return LedgerEntry.objects.create(
        recorded_at=now,
        actor=by.ledger_name,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        from_state=from_state,
        to_state=to_state,
        detail=json.dumps(detail or {}, sort_keys=True, ensure_ascii=False),
        request_id=current_request_id(),
    )


def entries_for(obj: Model) -> QuerySet[LedgerEntry]:
    """The acts on `obj`, oldest first."""
    subject_type, subject_id = subject_of(obj)
    return LedgerEntry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")


@dataclass(frozen=True)
class Finding:
    """What `verify` found wrong; `number` is the seal's, or 0 where the row has none."""

    number: int
    row: str
    problem: str


def verify() -> list[Finding]:
    """Recompute the chain, then compare each record's status with the ledger; empty for a true ledger.

    All of it sees one moment, whatever is appended meanwhile (except inside a caller's transaction). It cannot show that
    a superuser re-chained everything; for that, compare the head with an exported one (`manage.py verify_ledger --head`).
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [*_broken_seals(), *_unsealed_entries(), *_untold_states()]


def _broken_seals() -> Iterator[Finding]:
    previous_number, previous_hash = 0, GENESIS_HASH
    for number, stored_previous, stored_hash, entry_id, text in _seals():
        if number != previous_number + 1:
            yield Finding(number, "core.ledgerseal", f"numbers {previous_number + 1} to {number - 1} are missing")
        if text is None:
            yield Finding(number, f"core.ledgerentry:{entry_id}", "the sealed entry is missing")
        elif stored_previous != previous_hash:
            yield Finding(number, f"core.ledgerentry:{entry_id}", "does not follow the hash before it")
        elif hashlib.sha256(text.encode()).hexdigest() != stored_hash:
            yield Finding(number, f"core.ledgerentry:{entry_id}", "its text is not what was sealed")
        previous_number, previous_hash = number, stored_hash
    head = LedgerHead.objects.get()
    if (head.number, head.hash) != (previous_number, previous_hash):
        yield Finding(head.number, "core.ledgerhead", f"the head is not the last seal, #{previous_number}")


def _seals() -> Iterator[tuple[int, str, str, int, str | None]]:
    canonical = CANONICAL_ENTRY.format(previous="s.previous_hash", number="s.number", e="e")
    query = f"""SELECT s.number, s.previous_hash, s.hash, s.entry_id, CASE WHEN e.id IS NULL THEN NULL ELSE {canonical} END
        FROM core_ledgerseal s LEFT JOIN core_ledgerentry e ON e.id = s.entry_id
        WHERE s.number > %s ORDER BY s.number LIMIT {BATCH}"""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, [after])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _unsealed_entries() -> Iterator[Finding]:
    sealed = LedgerSeal.objects.values("entry_id")
    for entry in LedgerEntry.objects.exclude(pk__in=sealed).order_by("id").iterator(chunk_size=BATCH):
        yield Finding(0, f"core.ledgerentry:{entry.pk}", f"was never sealed ({entry})")


def stateful_models() -> list[type[Stateful]]:
    return [model for model in apps.get_models() if issubclass(model, Stateful)]


def _untold_states() -> Iterator[Finding]:
    for model in stateful_models():
        table, label = model._meta.db_table, model._meta.label_lower
        query = f"""SELECT t.id::text, t.status, l.to_state FROM {table} t LEFT JOIN LATERAL (
            SELECT to_state FROM core_ledgerentry WHERE subject_type = %s AND subject_id = t.id::text AND to_state <> ''
            ORDER BY id DESC LIMIT 1) l ON true WHERE l.to_state IS DISTINCT FROM t.status ORDER BY 1"""
        with connection.cursor() as cursor:
            cursor.execute(query, [label])
            for pk, status, recorded in cursor.fetchall():
                yield Finding(0, f"{label}:{pk}", f"has status {status}, but the ledger holds {recorded or 'nothing'}")


def holds_head(exported: str) -> bool:
    """Whether an exported `number:hash` is still in the chain; False for what cannot be read."""
    number, _, hash_ = exported.partition(":")
    return number.isdecimal() and LedgerSeal.objects.filter(number=int(number), hash=hash_).exists()
