"""The database's own walls around the owners: no more than the whole, no circle, under one lock.

A change takes the lock before it looks, so that two changes at once cannot each be possible and together be not.
"""

from django.db.migrations import RunSQL

ADVISORY_OWNERSHIP = 14323
"""The class of our advisory lock; the outbox has 14320, matching 14321 and 14322."""

OWNERS = """
-- Whoever owns, and what is owned: an organization (o12) or a party that is only named (p34).
CREATE VIEW organizations_owning AS
  SELECT stake.id AS stake,
    CASE WHEN holder.registered_id IS NULL THEN 'p' || holder.id ELSE 'o' || holder.registered_id END AS owner,
    CASE WHEN stake.owned_id IS NULL THEN 'o' || stake.organization_id ELSE 'p' || stake.owned_id END AS owned,
    daterange(stake.held_from, stake.held_to) AS during,
    stake.share_percent AS share
  FROM organizations_stake stake JOIN organizations_associatedparty holder ON holder.id = stake.holder_id;

CREATE FUNCTION organizations_refuse_impossible(changed bigint) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE new organizations_owning%ROWTYPE; total numeric;
BEGIN
  PERFORM pg_advisory_xact_lock(:lock, 0);
  SELECT * INTO new FROM organizations_owning WHERE stake = changed;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT max(held) INTO total FROM (
    SELECT (SELECT sum(other.share) FROM organizations_owning other
      WHERE other.owned = new.owned AND other.during @> coalesce(lower(one.during), '-infinity'::date)) AS held
    FROM organizations_owning one WHERE one.owned = new.owned) days;
  IF total > 100 THEN
    RAISE EXCEPTION 'stakes of % percent: nobody owns more than the whole', total USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    WITH RECURSIVE walk(node, during) AS (
      SELECT new.owned, new.during
      UNION
      SELECT next.owned, walk.during * next.during FROM walk JOIN organizations_owning next ON next.owner = walk.node
      WHERE walk.during && next.during)
    SELECT FROM walk WHERE node = new.owner)
  THEN
    RAISE EXCEPTION 'a circle of owners: nobody owns a part of itself' USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE FUNCTION organizations_guard_holding() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM organizations_associatedparty party WHERE party.id IN (NEW.holder_id, NEW.owned_id)
      AND (party.organization_id <> NEW.organization_id OR party.role <> 'OWNER')) THEN
    RAISE EXCEPTION 'holder and held are owners in the same organization' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM organizations_associatedparty party WHERE party.id = NEW.owned_id
      AND (party.kind <> 'ENTITY' OR party.registered_id IS NOT NULL)) THEN
    RAISE EXCEPTION 'only an entity that is not registered here has owners named here' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_TABLE_NAME = 'organizations_stake' THEN
    PERFORM organizations_refuse_impossible(NEW.id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION organizations_guard_party() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.kind <> 'ENTITY' OR NEW.registered_id IS NOT NULL OR NEW.role <> 'OWNER') AND (
      EXISTS (SELECT FROM organizations_stake WHERE owned_id = NEW.id)
      OR EXISTS (SELECT FROM organizations_control WHERE owned_id = NEW.id)) THEN
    RAISE EXCEPTION 'only an entity that is not registered here has owners named here' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM organizations_refuse_impossible(stake.id) FROM organizations_stake stake WHERE stake.holder_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER guard_holding AFTER INSERT OR UPDATE ON organizations_stake
  FOR EACH ROW EXECUTE FUNCTION organizations_guard_holding();
CREATE TRIGGER guard_holding AFTER INSERT OR UPDATE ON organizations_control
  FOR EACH ROW EXECUTE FUNCTION organizations_guard_holding();
CREATE TRIGGER guard_party AFTER UPDATE OF kind, role, registered_id, organization_id ON organizations_associatedparty
  FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind OR OLD.role IS DISTINCT FROM NEW.role
    OR OLD.registered_id IS DISTINCT FROM NEW.registered_id OR OLD.organization_id IS DISTINCT FROM NEW.organization_id)
  EXECUTE FUNCTION organizations_guard_party();
"""

UNDO_OWNERS = """
DROP TRIGGER guard_party ON organizations_associatedparty;
DROP TRIGGER guard_holding ON organizations_control;
DROP TRIGGER guard_holding ON organizations_stake;
DROP FUNCTION organizations_guard_party, organizations_guard_holding, organizations_refuse_impossible;
DROP VIEW organizations_owning;
"""


def guard_owners() -> RunSQL:
    """The triggers on stakes, controls and their parties."""
    return RunSQL(OWNERS.replace(":lock", str(ADVISORY_OWNERSHIP)), UNDO_OWNERS)
