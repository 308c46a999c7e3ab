import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OFFICES = [
    ("DOC", "Office of the Secretary of Commerce"),
    ("ITA", "International Trade Administration"),
    ("ITA", "Advocacy Center"),
    ("BIS", "Bureau of Industry and Security"),
    ("STATE", "Department of State"),
    ("WAR", "Department of War"),
    ("ENERGY", "Department of Energy"),
    ("OSTP", "Office of Science and Technology Policy"),
    ("EXIM", "Export-Import Bank of the United States"),
    ("DFC", "U.S. International Development Finance Corporation"),
    ("USTDA", "U.S. Trade and Development Agency"),
    ("SBA", "Office of Investment and Innovation"),
]

ONLY_REVOKE = """
CREATE TRIGGER only_revoke BEFORE UPDATE ON accounts_rolegrant FOR EACH ROW WHEN (
  OLD.revoked_at IS NOT NULL
  OR (NEW.id, NEW.user_id, NEW.role, NEW.office_id, NEW.post_id, NEW.granted_by_id, NEW.granted_at)
     IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.role, OLD.office_id, OLD.post_id, OLD.granted_by_id, OLD.granted_at)
) EXECUTE FUNCTION core_refuse('a role is revoked, and given by a new row');
CREATE TRIGGER no_delete BEFORE DELETE ON accounts_rolegrant
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('a role is revoked, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON accounts_rolegrant
  FOR EACH STATEMENT EXECUTE FUNCTION core_refuse('a role is revoked, not deleted');
"""
UNDO_ONLY_REVOKE = """
DROP TRIGGER only_revoke ON accounts_rolegrant;
DROP TRIGGER no_delete ON accounts_rolegrant;
DROP TRIGGER no_truncate ON accounts_rolegrant;
"""


def add_offices(apps, schema_editor):
    office = apps.get_model("accounts", "FederalOffice")
    office.objects.using(schema_editor.connection.alias).bulk_create(
        office(agency=agency, name=name) for agency, name in OFFICES
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_federaloffice_overseaspost_loginfailure_rolegrant"),
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.DeleteModel(name="LoginFailure"),
        migrations.CreateModel(
            name="LoginFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ADDRESS", "E-mail address"),
                            ("NETWORK", "Network address"),
                            ("SECOND_STEP", "Codes of one person"),
                        ],
                        max_length=11,
                    ),
                ),
                ("key_hash", models.CharField(max_length=64)),
                ("failed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="federaloffice",
            name="agency",
            field=models.CharField(
                choices=[
                    ("DOC", "Commerce, Office of the Secretary"),
                    ("ITA", "Commerce, International Trade Administration"),
                    ("BIS", "Commerce, Bureau of Industry and Security"),
                    ("STATE", "Department of State"),
                    ("WAR", "Department of War"),
                    ("ENERGY", "Department of Energy"),
                    ("OSTP", "Office of Science and Technology Policy"),
                    ("EXIM", "Export-Import Bank"),
                    ("DFC", "International Development Finance Corporation"),
                    ("USTDA", "Trade and Development Agency"),
                    ("SBA", "Small Business Administration"),
                ],
                max_length=6,
                verbose_name="agency",
            ),
        ),
        migrations.AlterField(
            model_name="rolegrant",
            name="granted_at",
            field=models.DateTimeField(verbose_name="granted"),
        ),
        migrations.AlterField(
            model_name="rolegrant",
            name="revoked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="revoked"),
        ),
        migrations.AddIndex(
            model_name="overseaspost",
            index=django.contrib.postgres.indexes.GinIndex(fields=["countries"], name="post_countries"),
        ),
        migrations.AddConstraint(
            model_name="overseaspost",
            constraint=models.CheckConstraint(
                condition=models.Q(("countries", []), _negated=True), name="a post covers a country"
            ),
        ),
        migrations.AddIndex(
            model_name="loginfailure",
            index=models.Index(fields=["key_hash", "failed_at"], name="failure_key"),
        ),
        migrations.AddIndex(
            model_name="loginfailure",
            index=models.Index(fields=["failed_at"], name="failure_age"),
        ),
        migrations.RunPython(add_offices, migrations.RunPython.noop),
        migrations.RunSQL(ONLY_REVOKE, UNDO_ONLY_REVOKE),
    ]
