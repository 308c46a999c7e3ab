"""Celery rings a bell; what has to be done stands in the outbox (core/outbox.py)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aiexports.settings")
app = Celery("aiexports")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
