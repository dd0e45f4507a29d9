"""Job: an upload's rows go away, and what existed only because of them."""

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from supports.duplicates import find_duplicates
from supports.locks import lock_counts, lock_open_places
from supports.matching import queue_recheck
from supports.models import Upload
from supports.removal import end_upload, remove_upload
from supports.standards import standards_of


def discard_upload(run: Run) -> None:
    """Take away the upload's rows and judge anew those that shared a NIK with them.

    With ``replaced_by`` in its parameters, the upload that stays is said to have taken its place. Rows that were
    moved to a round and handed in stay, and the upload with them.
    """
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    if upload.status == "discarded":
        with run.effects():
            return
    by = User.objects.get(pk=run.job.created_by_id)
    with run.effects():
        sql.make_room()
        places = lock_open_places(upload)
        for place in places:
            lock_counts(place)
        run.progress("removing", 0, upload.rows)
        gone = {place: remove_upload(upload, place, standards_of(place)) for place in places}
        for place, (_rows, niks) in gone.items():
            find_duplicates(place, standards_of(place), sorted(set(niks)))
        removed = sum(rows for rows, _niks in gone.values())
        run.progress("done", removed, removed)
        successor = Upload.objects.filter(
            submission=upload.submission, pk=run.job.params.get("replaced_by")
        ).first()
        end_upload(upload, by=by, removed=removed, successor=successor, **run.job.params)
        queue_recheck(upload.submission)
