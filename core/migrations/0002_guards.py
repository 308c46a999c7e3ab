from django.db import migrations

from core.guards import guard_ledger, guard_status


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE core_receipt_number", "DROP SEQUENCE core_receipt_number"),
        guard_ledger(),
        guard_status("core_storedfile", "core.storedfile"),
    ]
