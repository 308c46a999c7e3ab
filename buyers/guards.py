"""The database's own walls around trust, for migrations."""

from django.db.migrations import RunSQL

TERMS = ["opinion", "scope_countries", "scope_components", "trusted_until", "recommended_by_id", "countersigned_by_id"]

TWO_OFFICERS = """
CREATE FUNCTION buyers_guard_two_officers() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE held buyers_vettingcase%ROWTYPE; first text; second text;
BEGIN
  SELECT * INTO held FROM buyers_vettingcase WHERE id = NEW.id;
  IF held.status IS DISTINCT FROM 'TRUSTED' THEN RETURN NULL; END IF;  -- taken back later in the same transaction
  SELECT actor INTO first FROM core_ledgerentry WHERE subject_type = 'buyers.vettingcase' AND subject_id = NEW.id::text
    AND action IN ('recommend_trust', 'amend_trust') ORDER BY id DESC LIMIT 1;
  SELECT actor INTO second FROM core_ledgerentry WHERE subject_type = 'buyers.vettingcase' AND subject_id = NEW.id::text
    AND action = 'countersign_trust' ORDER BY id DESC LIMIT 1;
  IF first IS DISTINCT FROM 'user:' || held.recommended_by_id
     OR second IS DISTINCT FROM 'user:' || held.countersigned_by_id OR first = second THEN
    RAISE EXCEPTION 'trust of case % bears two signatures that the ledger does not hold', NEW.id
      USING ERRCODE = 'check_violation', HINT = 'Recommend and countersign through the actions, as two officers.';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER two_officers AFTER INSERT OR UPDATE OF status, recommended_by_id, countersigned_by_id
  ON buyers_vettingcase DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'TRUSTED')
  EXECUTE FUNCTION buyers_guard_two_officers();
"""


def guard_two_officers() -> RunSQL:
    """At commit, refuse a trust whose two officers are not those, two different ones, who signed in the ledger."""
    return RunSQL(
        TWO_OFFICERS, "DROP TRIGGER two_officers ON buyers_vettingcase; DROP FUNCTION buyers_guard_two_officers"
    )


def guard_terms() -> RunSQL:
    """Refuse to change what was countersigned while the countersignature stands: an edit voids it."""
    old, new = (", ".join(f"{row}.{name}" for name in TERMS) for row in ("OLD", "NEW"))
    return RunSQL(
        f"CREATE TRIGGER signed_terms AFTER UPDATE OF {', '.join(TERMS)} ON buyers_vettingcase FOR EACH ROW "
        f"WHEN (OLD.countersigned_by_id IS NOT NULL AND NEW.countersigned_by_id IS NOT NULL "
        f"AND ROW({old}) IS DISTINCT FROM ROW({new})) "
        f"EXECUTE FUNCTION core_refuse('an edit voids the countersignature')",
        "DROP TRIGGER signed_terms ON buyers_vettingcase",
    )
