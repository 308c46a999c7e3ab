from django.db import migrations

from core.guards import guard_status, keep_records


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("matching_introduction", "matching.introduction"),
        keep_records("matching_threadmessage"),
        keep_records("matching_modelversion"),
    ]
