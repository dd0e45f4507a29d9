"""Job: an upload's rows go away, and what existed only because of them."""

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.duplicates import find_duplicates, niks_given_elsewhere
from supports.ingest.pipeline import lock_counts, lock_open_round
from supports.matching import queue_recheck
from supports.models import Upload, first_id
from supports.rules import RULES
from supports.standards import standards_of


def discard_upload(run: Run) -> None:
    """Take away rows, standings and findings of the upload; judge anew the rows that shared a NIK with them."""
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    if upload.status == "discarded":
        with run.effects():
            return
    by = User.objects.get(pk=run.job.created_by_id)
    with run.effects():
        sql.make_room()
        submission = lock_open_round(upload.submission_id)
        lock_counts(submission)
        rows = {"submission": submission.pk, "first": first_id(upload.pk), "last": first_id(upload.pk + 1)}
        run.progress("duplicates", 0, upload.rows)
        niks = niks_given_elsewhere(upload, submission, [submission.pk])
        run.progress("removing", 0, upload.rows)
        sql.run("supports/remove_findings", codes=[rule.number for rule in RULES], **rows)
        sql.run("supports/remove_standings", **rows)
        removed = sql.run("supports/remove_supports", **rows)
        find_duplicates(submission, standards_of(submission), niks)
        run.progress("done", removed, removed)
        engine.move(upload, "discard", by=by, data={"rows": removed})
        queue_recheck(submission)
