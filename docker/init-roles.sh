#!/bin/sh
# Run once by the PostgreSQL image: the role that runs the portal. `manage.py prepare_database` grants it its rights.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v password="$APP_PASSWORD" <<'SQL'
CREATE ROLE portal_app LOGIN PASSWORD :'password';
SQL
