"""Finding the groups of a round: once, by a job, when its verification begins; the rounds are frozen by then.

A round that a ruling gives back to its team loses them, and they are found again when its verification goes on.
"""

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates import refusals
from foundation import sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict
from foundation.jobs import operations as jobs
from foundation.jobs.runner import Run
from supports.duplicates import earlier_rounds
from supports.models import Submission
from supports.rules import BY_CODE
from verification.duplicates.models import Grouping

JOB = "verification.find_groups"
PHONE = BY_CODE["PHONE_SHARED"].number
# An area's ten digits, cut to what counts for the spread: kecamatan; kabupaten/kota for a governor.
WIDTHS = {"gubernur": 1_000_000}
KECAMATAN = 10_000
HELD = "SELECT status FROM supports_submission WHERE id = %s FOR NO KEY UPDATE"


def queue_grouping(submission: Submission, *, by: User | None) -> None:
    """Have the groups of a round found. Found once they stay: asked again, nothing happens."""
    grouping, _new = Grouping.objects.get_or_create(submission=submission)
    if grouping.found_at is None:
        lane = f"pair:{submission.pair_id}"
        grouping.job = jobs.enqueue(JOB, lane=lane, subject_id=submission.pk, by=by)
        grouping.save(update_fields=["job"])


def find_again(submission: Submission, *, by: User) -> None:
    """The office has the groups found where that was never done or its job stopped. Conflict when they are there."""
    refusals.refuse_outside(by, Permission.DEAL_WORK, submission.pair.election.region_id)
    grouping = Grouping.objects.filter(submission=submission).select_related("job").first()
    if grouping and (grouping.found_at or is_at_work(grouping)):
        message = _("Kelompok ganda putaran ini sudah atau sedang disusun. Muat ulang halaman.")
        raise Conflict("groups_found", message)
    queue_grouping(submission, by=by)


def is_at_work(grouping: Grouping) -> bool:
    """Whether its job waits or runs."""
    return grouping.job is not None and grouping.job.state in ("queued", "running")


def find_groups(run: Run) -> None:
    """Write the groups of a round down, all in one transaction; decisions about its rows wait for that once."""
    submission = Submission.objects.select_related("pair__election").get(pk=run.job.subject_id)
    earlier = earlier_rounds(submission)
    width = WIDTHS.get(submission.pair.election.level, KECAMATAN)
    with run.effects():
        run.progress("grouping")
        # Who decides holds the round FOR SHARE: what waits is counted while nobody does.
        status = sql.value(HELD, [submission.pk])
        held = Grouping.objects.filter(submission=submission, found_at=None)
        if status == "in_review" and held.update(found_at=Now()):
            sql.make_room()
            asked = {"submission": submission.pk, "width": width}
            sql.run("duplicates/find_groups", earlier=earlier, **asked)
            sql.run("duplicates/find_phone_groups", codes=[PHONE], **asked)
            # What asks for one group is planned by how many rows groups have, not by an empty table.
            sql.execute("ANALYZE duplicates_group, duplicates_member, duplicates_grouparea")


def forget_groups(submission: Submission) -> None:
    """The groups of a round go, inside the caller's transaction: its rows will be others."""
    if Grouping.objects.filter(submission=submission).update(found_at=None, job=None):
        sql.run("duplicates/forget_groups", submission=submission.pk)
