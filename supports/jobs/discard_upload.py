"""Job: an upload's rows go away, and what existed only because of them."""

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.duplicates import find_duplicates
from supports.ingest.pipeline import lock_counts, lock_open_round
from supports.matching import queue_recheck
from supports.models import Upload
from supports.removal import remove_upload
from supports.standards import standards_of


def discard_upload(run: Run) -> None:
    """Take away the upload's rows and judge anew those that shared a NIK with them.

    With ``replaced_by`` in its parameters, the upload that stays is said to have taken its place.
    """
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    if upload.status == "discarded":
        with run.effects():
            return
    by = User.objects.get(pk=run.job.created_by_id)
    with run.effects():
        sql.make_room()
        submission = lock_open_round(upload.submission_id)
        lock_counts(submission)
        standards = standards_of(submission)
        run.progress("removing", 0, upload.rows)
        removed, niks = remove_upload(upload, submission, standards)
        find_duplicates(submission, standards, sorted(set(niks)))
        run.progress("done", removed, removed)
        successor = Upload.objects.filter(submission=submission, pk=run.job.params.get("replaced_by")).first()
        data = {"rows": removed, **run.job.params}
        engine.move(upload, "discard", by=by, data=data, successor=successor)
        queue_recheck(submission)
