"""The Celery task that looks after rounds. Like the others it carries no arguments and no data."""

from celery import shared_task

from supports.handing_in.sweep import sweep_rounds


@shared_task(name="supports.sweep_rounds")
def sweep() -> None:
    """Lapse what was not handed in in time, and go on with what waited for files."""
    sweep_rounds()
