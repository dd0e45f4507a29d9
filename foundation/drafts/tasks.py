"""The Celery task that forgets drafts nobody sent."""

from celery import shared_task

from foundation.drafts.operations import erase_expired_drafts


@shared_task(name="foundation.drafts.sweep_drafts")
def sweep_drafts() -> None:
    """Erase what has expired."""
    erase_expired_drafts()
