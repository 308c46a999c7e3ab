from django.db import migrations

# As `createcachetable` would, which knows no migrations.
CREATE = """
CREATE TABLE core_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_guards_search_path")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE core_cache")]
