from datetime import UTC, datetime

from django.db import migrations, models

BUYER = {
    "SECTOR": 220,
    "BUDGET": 160,
    "DELIVERY": 120,
    "TEXT": 120,
    "LANGUAGES": 100,
    "STANDARDS": 100,
    "CAPACITY": 100,
    "FINANCING": 80,
}
VENDOR = {"DEAL_SIZE": 280, "MARKET": 220, "FIT": 200, "LICENSE": 180, "READINESS": 120}


def add_start_weights(apps, schema_editor):
    apps.get_model("matching", "ModelVersion").objects.using(schema_editor.connection.alias).create(
        number=1,
        buyer_weights=BUYER,
        vendor_weights=VENDOR,
        authority="Start weights of the operator; no published rule",
        certainty="GAP",
        effective_from=datetime(2022, 1, 1, tzinfo=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="modelversion",
            name="certainty",
            field=models.CharField(
                choices=[
                    ("P", "Primary text"),
                    ("S", "Secondary source"),
                    ("S2", "A note quoting a secondary source"),
                    ("K", "General knowledge, not confirmed"),
                    ("GAP", "No published rule found; set by the operator"),
                ],
                max_length=3,
                default="GAP",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(add_start_weights, migrations.RunPython.noop, elidable=False),
    ]
