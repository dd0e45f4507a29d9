"""What a file repeats of another upload, and what the team may do about it: replace that one, or remove the copies."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.workflow import engine
from supports.duplicates import IDENTICAL
from supports.ingest.pipeline import lock_open_round
from supports.models import Repeat, Upload, UploadTally
from supports.operations import discard_upload, queue_work
from supports.rounds import may_mend, may_replace

# From this part of its rows on, an upload is said to repeat another: one in five.
LARGE_PART = 5


def repeats_of(uploads: Iterable[Upload], readable: QuerySet[Upload]) -> dict[int, list[Repeat]]:
    """What each upload has in common with others of its round, the most first; one query for all.

    Of those the reader may know of: the pool is the own pair's alone.
    """
    found: dict[int, list[Repeat]] = defaultdict(list)
    rows = Repeat.objects.filter(upload__in=[one.pk for one in uploads], other__in=readable.order_by())
    rows = rows.select_related("other__job")
    for repeat in rows.order_by("-shared", "-replaced", "other"):
        found[repeat.upload_id].append(repeat)
    return found


def worth_saying(repeats: Iterable[Repeat], rows: int) -> list[Repeat]:
    """Those that share a large part of an upload's ``rows`` with an upload that is still there."""
    return [
        one for one in repeats if one.other.status == "loaded" and one.shared * LARGE_PART >= max(rows, 1)
    ]


def copies_in(upload: Upload) -> int:
    """How many rows of the upload are identical copies of rows that stay."""
    return (
        UploadTally.objects.filter(upload=upload, submission=upload.submission_id, key=str(IDENTICAL))
        .values_list("n", flat=True)
        .first()
        or 0
    )


def replace_upload(upload: Upload, *, by: User, old: Upload) -> None:
    """Let a loaded upload take the place of an older one, which is thrown away, as a job; this one stays.

    Refuses when they are not two loaded uploads of one round, or when the rows of the old one may not change now.
    """
    if upload.status != "loaded" or upload.pk == old.pk:
        raise Refused(
            "upload_not_loaded",
            _("Unggahan “%(name)s” tidak dapat menggantikan “%(old)s”, sehingga tidak ada yang dibuang.")
            % {"name": upload.name, "old": old.name},
        )
    may_replace(old, upload.submission)
    with transaction.atomic():
        engine.record("upload_replace_requested", upload, by=by, replaces=old.pk, rows=old.rows)
        discard_upload(old, by=by, successor=upload)


def remove_copies(upload: Upload, *, by: User) -> None:
    """Take the identical copies out of an upload, as a job; every person stays counted once, by the row that stays.

    Refuses when it is not loaded, has none, or when its rows may not change now.
    """
    with transaction.atomic():
        lock_open_round(upload.submission_id)
        copies = copies_in(upload) if upload.status == "loaded" else 0
        if not copies:
            raise Refused(
                "no_copies",
                _("Unggahan “%(name)s” tidak memiliki salinan, sehingga tidak ada yang dihapus.")
                % {"name": upload.name},
            )
        may_mend(upload.submission, upload)
        queue_work("supports.remove_copies", upload, by=by)
        engine.record("copies_removal_requested", upload, by=by, rows=copies)
