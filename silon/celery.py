"""The doorbell: Celery carries no data, it only makes a worker look at the Job table."""

import os

# Polars reads it when it is imported. Parser, worker and database share the processors already: more threads in one
# of them only wait for each other, and make each row dearer by a tenth.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from celery import Celery
from celery.signals import worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from foundation.memory import keep_blocks
from supports.ingest.read import keep_spare

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silon.settings")

app = Celery("silon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "foundation.jobs",
        "foundation.keys",
        "foundation.accounts",
        "supports",
        "supports.retention",
        "foundation.drafts",
        "verification.reopening",
    ]
)


@worker_init.connect
def _verify_key(**_: object) -> None:
    """A worker with a wrong key must not start: it would seal what nobody can open."""
    from foundation.keys.startup import verify_kek  # noqa: PLC0415 — Django is set up only now

    try:
        verify_kek()
    except (ImproperlyConfigured, DatabaseError) as error:
        # Celery logs any other exception of a signal handler and starts nevertheless.
        raise SystemExit(str(error)) from error


@worker_process_init.connect
def _prepare_process(**_: object) -> None:
    """What carries the jobs works on whole columns, and has the next file's parser waiting."""
    keep_blocks()
    keep_spare()
