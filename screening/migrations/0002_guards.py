from django.db import migrations

from core.guards import guard_status, keep_records


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("screening_hit", "screening.hit"),
        keep_records("screening_listentry"),
        keep_records("screening_listname"),
        keep_records("screening_listrelease"),
        keep_records("screening_releaseentry"),
        keep_records("screening_screeningrun"),
    ]
