#!/bin/sh
# What has to be true before the portal starts. Harmless to repeat.
set -eu
python manage.py prepare_database
python manage.py migrate --no-input
python manage.py load_rules
python manage.py load_notices
python manage.py collectstatic --no-input
