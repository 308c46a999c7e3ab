from django.db import migrations

from core.guards import fix_search_path


class Migration(migrations.Migration):
    dependencies = [("core", "0003_file_refusals")]

    operations = [fix_search_path()]
