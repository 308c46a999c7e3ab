"""Celery rings a bell; what has to be done stands in the outbox (core/outbox.py)."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, task_prerun, worker_process_init
from django.db import close_old_connections

from aiexports.orphans import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aiexports.settings")
app = Celery("aiexports")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
@beat_embedded_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """The worker's child processes end with it, also when it is killed."""
    die_with_parent(os.getppid())


@task_prerun.connect
def check_connections(**kwargs: Any) -> None:
    """Connections are kept between tasks (CELERY_DB_REUSE_MAX); the server may have gone meanwhile."""
    close_old_connections()
