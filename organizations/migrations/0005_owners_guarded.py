from django.db import migrations

from core.guards import guard_status
from organizations.guards import guard_owners


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_stakes"), ("core", "0002_guards")]

    operations = [
        migrations.RemoveField(model_name="associatedparty", name="share_percent"),
        guard_owners(),
        guard_status("organizations_ownershipfinding", "organizations.ownershipfinding"),
    ]
