from django.db import migrations

from core.guards import guard_status


class Migration(migrations.Migration):
    dependencies = [("consortia", "0001_initial"), ("core", "0002_guards")]

    operations = [
        guard_status("consortia_company", "consortia.company"),
        guard_status("consortia_consortium", "consortia.consortium"),
        guard_status("consortia_member", "consortia.member"),
        guard_status("consortia_invitation", "consortia.invitation"),
    ]
