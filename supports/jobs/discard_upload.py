"""Job: an upload's rows go away, and what existed only because of them."""

from collections.abc import Mapping

from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.jobs.runner import Run
from supports.duplicates import find_duplicates
from supports.locks import lock_counts, lock_open_places
from supports.matching import queue_recheck
from supports.models import Submission, Upload
from supports.removal import end_upload, remove_upload
from supports.scans.placing import queue_placing
from supports.standards import standards_of


def discard_upload(run: Run) -> None:
    """Take away the upload's rows and judge anew those that shared a NIK with them.

    With ``replaced_by`` in its parameters another upload takes its place: refuses when that one is no longer there.
    Rows that were moved to a round and handed in stay, and the upload with them.
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
        successor = _successor(run.job.params, upload.submission)
        run.progress("removing", 0, upload.rows)
        gone = {place: remove_upload(upload, place, standards_of(place)) for place in places}
        for place, (_rows, niks) in gone.items():
            find_duplicates(place, standards_of(place), sorted(set(niks)))
        removed = sum(rows for rows, _niks in gone.values())
        run.progress("done", removed, removed)
        end_upload(upload, by=by, removed=removed, successor=successor, **run.job.params)
        queue_recheck(upload.submission)
        queue_placing(upload.submission.pair)


def _successor(params: Mapping[str, int], submission: Submission) -> Upload | None:
    if "replaced_by" not in params:
        return None
    found = Upload.objects.filter(submission=submission, pk=params["replaced_by"], status="loaded").first()
    if found is None:
        raise Refused(
            "successor_gone",
            "Unggahan penggantinya sudah dibuang, sehingga tidak ada yang diganti. Unggahan ini tetap seperti semula.",
        )
    return found
