from django.db import migrations

from core.guards import guard_status


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("calls_notice", "calls.notice"),
    ]
