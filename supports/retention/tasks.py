"""The Celery task that looks for what was never handed in and need no longer be kept. It carries no data."""

from celery import shared_task

from supports.retention.drafts import queue_due_drafts


@shared_task(name="supports.retention.sweep_drafts")
def sweep_unsubmitted() -> None:
    """Queue the erasure of each round and pool that is due."""
    queue_due_drafts()
