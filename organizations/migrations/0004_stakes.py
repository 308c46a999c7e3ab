from django.db import migrations

STAKES = """
INSERT INTO organizations_stake (organization_id, holder_id, share_percent, source, source_note, created_at, updated_at)
  SELECT organization_id, id, share_percent, 'DECLARED', '', created_at, updated_at
  FROM organizations_associatedparty WHERE role = 'OWNER';
"""
SHARES = """
UPDATE organizations_associatedparty party SET share_percent = round(stake.share_percent, 2)
  FROM organizations_stake stake WHERE stake.holder_id = party.id AND stake.owned_id IS NULL AND stake.held_to IS NULL;
DELETE FROM organizations_stake;
"""


class Migration(migrations.Migration):
    """What owners held was a column of theirs: each had one share, of the organization, from an unknown day on."""

    dependencies = [("organizations", "0003_owners")]

    operations = [migrations.RunSQL(STAKES, SHARES)]
