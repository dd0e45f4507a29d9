"""The Celery task that looks for rulings in force. It carries no data."""

from celery import shared_task

from verification.reopening.sweep import sweep_reopenings


@shared_task(name="verification.reopening.sweep")
def sweep() -> None:
    """Reopen the rounds whose named rows a ruling gives back to the team, and resume those that were not handed in."""
    sweep_reopenings()
