from django.db import migrations

from core.guards import guard_status, keep_records


class Migration(migrations.Migration):
    dependencies = [("buyers", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("buyers_vettingcase", "buyers.vettingcase"),
        guard_status("buyers_need", "buyers.need"),
        keep_records("buyers_caseletter"),
        keep_records("buyers_checklistfinding"),
    ]
