"""The two Celery tasks: the doorbell and the sweep. They carry no arguments and no data."""

from celery import shared_task

from foundation.jobs import runner
from foundation.jobs.operations import ring
from foundation.jobs.sweep import sweep


@shared_task(name="foundation.jobs.run_next")
def run_next() -> None:
    """Carry one job; ring again when there was one, so that the next in turn is looked for."""
    if runner.run_next():
        ring()


@shared_task(name="foundation.jobs.sweep")
def run_sweep() -> None:
    """Take back lost jobs and ring for waiting ones."""
    sweep()
