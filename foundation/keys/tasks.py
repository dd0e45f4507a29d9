"""The Celery task that keeps the storage clean. Like the others it carries no arguments and no data."""

from datetime import timedelta

from celery import shared_task

from foundation.storage import sweep_orphans

# Far above the slowest upload, and as long as a report may be fetched.
ORPHAN_AFTER = timedelta(hours=24)


@shared_task(name="foundation.keys.sweep_files")
def sweep_files() -> None:
    """Remove stored files that nothing refers to any more."""
    sweep_orphans(ORPHAN_AFTER)
