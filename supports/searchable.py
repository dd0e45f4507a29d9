"""What the search by name and phone looks in: files are copied there by a job after their load, single rows at once.

A load pays nothing for it. An upload's rows are copied in pieces of a few seconds; between them other work goes on.
Whoever takes rows away or replaces them first holds their upload (``hold_uploads``), so that no piece copies a row
that is just going.
"""

from collections.abc import Iterable

from django.db.models import F, QuerySet

from foundation import sql
from foundation.jobs.operations import LATER, enqueue
from supports.models import ROW_BITS, Submission, Upload, UploadTally, first_id

# Rows copied by one job: a few seconds, so that a load never waits long for a worker.
PIECE = 50_000


def queue_search(upload: Upload) -> None:
    """Rows came with a file: they are made searchable when nothing more urgent waits."""
    enqueue("supports.make_searchable", lane=LATER, subject_id=upload.pk, by=None)


def search_anew(upload: Upload, gone_from: Submission) -> None:
    """Rows of an upload moved from one round to another: they are copied once more, under the other round."""
    forget_rows(gone_from, first_id(upload.pk), first_id(upload.pk + 1))
    Upload.objects.filter(pk=upload.pk).update(searchable_to=0)
    queue_search(upload)


def copy_a_piece(upload_id: int) -> bool:
    """Make the next rows of an upload searchable; False when none is left. Inside a transaction."""
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    last = first_id(upload.pk + 1)
    first = max(upload.searchable_to, first_id(upload.pk))
    if upload.status != "loaded" or first >= last:
        return False
    copied, highest = copy_rows(first, last, PIECE)
    more = copied == PIECE
    Upload.objects.filter(pk=upload.pk).update(searchable_to=highest + 1 if more else last)
    return more


def copy_rows(first: int, last: int, limit: int = PIECE) -> tuple[int, int | None]:
    """Make rows with ids in [first, last) searchable: how many they were, and the highest id."""
    ((copied, highest),) = sql.rows("supports/make_searchable", first=first, last=last, limit=limit)
    return copied, highest


def forget_rows(submission: Submission, first: int, last: int) -> int:
    """Rows of a round with ids in [first, last) are found no longer."""
    return sql.run("supports/forget_searchable", submission=submission.pk, first=first, last=last)


def hold_uploads(ids: Iterable[int]) -> None:
    """Keep the copying of these uploads' rows waiting until the transaction ends."""
    sql.value(
        "SELECT count(*) FROM (SELECT FROM supports_upload WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE) AS held",
        [list(ids)],
    )


def not_yet_searchable(submission: Submission) -> QuerySet[Upload]:
    """The files of a round whose rows cannot all be found by name and phone yet."""
    held = UploadTally.objects.filter(submission=submission, key="rows", n__gt=0).values("upload")
    loaded = Upload.objects.filter(pk__in=held, status="loaded", source=Upload.Source.FILE)
    return loaded.filter(searchable_to__lt=(F("id") + 1) * (1 << ROW_BITS)).order_by("id")
