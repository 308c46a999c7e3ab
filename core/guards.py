"""The database's own walls: what no code path, and no role that runs the portal, can get around."""

from django.db.migrations import RunSQL

# The text that a seal's hash covers. A JSON array, because it is unambiguous whatever the fields hold.
CANONICAL_ENTRY = """jsonb_build_array({previous}, {number}, {e}.id, extract(epoch FROM {e}.recorded_at), {e}.actor,
    {e}.action, {e}.subject_type, {e}.subject_id, {e}.from_state, {e}.to_state, {e}.detail, {e}.request_id)::text"""

GENESIS_HASH = "0" * 64

LEDGER = f"""
CREATE FUNCTION core_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION core_seal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head core_ledgerhead%ROWTYPE; sealed text;
BEGIN
  SELECT * INTO STRICT head FROM core_ledgerhead WHERE id = 1 FOR UPDATE;
  sealed := encode(sha256(convert_to({
    CANONICAL_ENTRY.format(previous="head.hash", number="head.number + 1", e="NEW")
}, 'UTF8')), 'hex');
  INSERT INTO core_ledgerseal (number, entry_id, previous_hash, hash)
    VALUES (head.number + 1, NEW.id, head.hash, sealed);
  UPDATE core_ledgerhead SET number = head.number + 1, hash = sealed WHERE id = 1;
  RETURN NULL;
END $$;

INSERT INTO core_ledgerhead (id, number, hash) VALUES (1, 0, '{GENESIS_HASH}');

CREATE CONSTRAINT TRIGGER seal_entry AFTER INSERT ON core_ledgerentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_seal_entry();
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON core_ledgerentry
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('the ledger only grows');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON core_ledgerentry
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('the ledger only grows');
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON core_ledgerseal
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('the ledger only grows');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON core_ledgerseal
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('the ledger only grows');
CREATE TRIGGER only_by_commit BEFORE INSERT ON core_ledgerseal FOR EACH ROW WHEN (pg_trigger_depth() = 0)
  EXECUTE FUNCTION core_refuse('entries are sealed at commit');
CREATE TRIGGER only_by_commit BEFORE INSERT OR UPDATE OR DELETE ON core_ledgerhead FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION core_refuse('entries are sealed at commit');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON core_ledgerhead
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('the ledger only grows');

CREATE FUNCTION core_guard_status() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text; recorded text;
BEGIN
  EXECUTE format('SELECT status FROM %I.%I WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO held USING NEW.id;
  IF held IS NULL THEN RETURN NULL; END IF;  -- deleted later in the same transaction
  SELECT to_state INTO recorded FROM core_ledgerentry
    WHERE subject_type = TG_ARGV[0] AND subject_id = NEW.id::text AND to_state <> '' ORDER BY id DESC LIMIT 1;
  IF recorded IS DISTINCT FROM held THEN
    RAISE EXCEPTION '% % has status %, but the ledger holds %', TG_ARGV[0], NEW.id, held, coalesce(recorded, 'nothing')
      USING ERRCODE = 'check_violation', HINT = 'Change a status through the room''s actions.';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION core_ring_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY outbox;
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT ON core_outboxmessage FOR EACH STATEMENT EXECUTE FUNCTION core_ring_outbox();
"""

UNDO_LEDGER = """
DROP TRIGGER ring ON core_outboxmessage;
DROP FUNCTION core_ring_outbox, core_guard_status;
DROP TRIGGER seal_entry ON core_ledgerentry;
DROP TRIGGER no_change ON core_ledgerentry; DROP TRIGGER no_truncate ON core_ledgerentry;
DROP TRIGGER no_change ON core_ledgerseal; DROP TRIGGER no_truncate ON core_ledgerseal;
DROP TRIGGER only_by_commit ON core_ledgerseal;
DROP TRIGGER only_by_commit ON core_ledgerhead; DROP TRIGGER no_truncate ON core_ledgerhead;
DROP FUNCTION core_seal_entry, core_refuse;
"""


def guard_ledger() -> RunSQL:
    """The ledger's triggers, the functions behind `guard_status`, and the outbox's bell."""
    return RunSQL(LEDGER, UNDO_LEDGER)


def fix_search_path() -> RunSQL:
    """Have the guards read the portal's own tables, not a session's temporary table of the same name."""
    functions = "core_refuse", "core_seal_entry", "core_guard_status"
    return RunSQL(
        "; ".join(f"ALTER FUNCTION {name} SET search_path = pg_catalog, public, pg_temp" for name in functions),
        "; ".join(f"ALTER FUNCTION {name} RESET search_path" for name in functions),
    )


def guard_status(table: str, subject: str) -> RunSQL:
    """At commit, refuse a row of `table` whose status is not what the ledger last recorded for `subject` and its id."""
    return RunSQL(
        f"CREATE CONSTRAINT TRIGGER guard_status AFTER INSERT OR UPDATE OF status ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_guard_status('{subject}')",
        f"DROP TRIGGER guard_status ON {table}",
    )


def keep_records(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE of `table`: corrections are new rows."""
    return RunSQL(
        f"CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('a record is corrected by a new row');"
        f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('a record is corrected by a new row')",
        f"DROP TRIGGER no_change ON {table}; DROP TRIGGER no_truncate ON {table}",
    )
