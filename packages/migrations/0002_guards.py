from django.db import migrations

from core.guards import guard_status, keep_records


class Migration(migrations.Migration):
    dependencies = [("packages", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("packages_package", "packages.package"),
        keep_records("packages_packageversion"),
        keep_records("packages_versionsupplier"),
    ]
