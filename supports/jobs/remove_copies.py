"""Job: the identical copies in an upload go; the rows they are copies of stay, so that nobody is lost."""

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.duplicates import IDENTICAL, count_repeats, niks_given_elsewhere
from supports.ingest.pipeline import lock_counts, lock_open_round
from supports.models import Finding, Repeat, Upload, first_id
from supports.removal import remove_rows


def remove_copies(run: Run) -> None:
    """Remove the rows marked as identical copies, and count anew what the upload repeats.

    Nothing is judged anew: what a copy is a copy of is no copy itself, and stays.
    """
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    with run.effects():
        sql.make_room()
        submission = lock_open_round(upload.submission_id)
        lock_counts(submission)
        own = {"support_id__gte": first_id(upload.pk), "support_id__lt": first_id(upload.pk + 1)}
        found = Finding.objects.filter(submission=submission, code=IDENTICAL, **own)
        copies = list(found.values_list("support_id", flat=True))
        run.progress("removing", 0, len(copies))
        removed = remove_rows(copies, submission)
        Repeat.objects.filter(upload=upload).update(shared=0, identical=0, theirs=0)
        count_repeats(upload, submission, niks_given_elsewhere(upload, submission, [submission.pk]))
        run.progress("done", removed, removed)
        by = User.objects.get(pk=run.job.created_by_id)
        engine.record("copies_removed", upload, by=by, rows=removed)
