from django.db import migrations

from core.guards import guard_status


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("organizations_invitation", "organizations.invitation"),
    ]
