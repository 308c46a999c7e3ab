import django.db.models.deletion
from django.db import migrations, models

CURRENT = """
UPDATE packages_designation SET designated_version_id = packages_package.current_version_id
FROM packages_package WHERE packages_package.id = packages_designation.package_id
"""


def version_field(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="packages.packageversion", **options
    )


class Migration(migrations.Migration):
    dependencies = [("packages", "0005_version_look")]

    operations = [
        migrations.AddField("designation", "designated_version", version_field(null=True)),
        migrations.RunSQL(CURRENT, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("designation", "designated_version", version_field()),
    ]
