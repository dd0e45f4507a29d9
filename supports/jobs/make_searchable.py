"""Job: the rows of an upload become findable by name and phone, a piece at a time."""

from foundation.jobs.runner import Run
from supports.models import Upload
from supports.searchable import copy_a_piece, queue_search


def make_searchable(run: Run) -> None:
    """Copy the next piece; the rest is a job of its own, after whatever waits."""
    with run.effects():
        if copy_a_piece(run.job.subject_id):
            queue_search(Upload.objects.get(pk=run.job.subject_id))
