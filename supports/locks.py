"""Who waits for whom: a round is held open, then its counts are held. Rounds come before the pool, older ones first."""

from foundation import sql
from foundation.errors import Refused
from supports.models import Submission, Upload, UploadTally

OPEN = ("draft", "reopened")
# Plus the round's id: the lock under which its counts change (supports/migrations/0003_counting.py).
COUNTS_LOCK = 5_120_000_000_000


def lock_open_round(submission_id: int) -> Submission:
    """Hold the round open until the transaction ends (a submit waits). Refuses when it is not open."""
    rounds = Submission.objects.select_related("pair__election", "rule_set")
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR SHARE", [submission_id])
    submission = rounds.get(pk=submission_id)
    if submission.status not in OPEN:
        raise Refused(
            "round_closed",
            f"Putaran ini berstatus “{submission.get_status_display()}” sehingga datanya tidak dapat diubah lagi. "
            "Tunggu putaran berikutnya dibuka.",
        )
    return submission


def lock_counts(submission: Submission) -> None:
    """Be the only one who changes rows of the round until the transaction ends: before looking at a row of it.

    It is the lock that the counting trigger takes at the first change. Who looks first and takes it then may have
    seen rows that somebody is just replacing, or wait for a row whose holder waits for the lock.
    """
    sql.value("SELECT pg_advisory_xact_lock(%s)", [COUNTS_LOCK + submission.pk])


def lock_open_places(upload: Upload) -> list[Submission]:
    """Hold every open round, and the pool, that has rows of the upload. Refuses when none of them is open."""
    places = open_places(upload) or places_of(upload)[:1]
    return [lock_open_round(one.pk) for one in places]


def open_places(upload: Upload) -> list[Submission]:
    """Those of ``places_of`` whose rows may still go."""
    return [one for one in places_of(upload) if one.status in OPEN]


def places_of(upload: Upload) -> list[Submission]:
    """The rounds that have rows of the upload, the oldest first, then the pool; without rows where it was handed in."""
    held = UploadTally.objects.filter(upload=upload, key="rows", n__gt=0).values("submission")
    related = Submission.objects.select_related("pair__election__rule_set")
    places = related.filter(pk__in=held).order_by("-kind", "id")
    return list(places) or [upload.submission]
