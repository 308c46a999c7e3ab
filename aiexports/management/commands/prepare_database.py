from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from psycopg import sql

GRANTS = """
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
"""


class Command(BaseCommand):
    help = "As the owner: let the role that runs the portal read and write rows, and nothing more. Repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        app = settings.DATABASES["default"]["USER"]
        if app == settings.DATABASES["owner"]["USER"]:
            self.stderr.write("DATABASE_URL and DATABASE_OWNER_URL name the same role: nothing to grant.")
            return
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql.SQL(GRANTS).format(app=sql.Identifier(app)).as_string(cursor.connection))
        self.stdout.write(f"The role {app} may read and write rows.")
