"""What was filled in and never handed in is erased: rows, files and scans go; the page says so before and after.

It has a retention of its own, shorter than that of what was handed in: nobody decides anything by it any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from candidates.models import Pair
from candidates.queries import now
from candidates.rule_sets import RuleSet
from foundation import sql
from foundation.attachments.operations import remove_attachment
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from foundation.storage import delete_file
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports.locks import lock_counts
from supports.matching import queue_recheck
from supports.models import PaperScan, Submission, Upload, UploadTally
from supports.removal import erase_rows
from supports.retention.terms import DRAFT_DAYS_KEPT
from supports.searchable import hold_uploads

JOB = "supports.erase_draft"


@dataclass(frozen=True)
class Erasure:
    """A round or pool that will be erased, or was: ``rows`` is known of what was."""

    submission: Submission
    at: datetime
    rows: int | None = None
    files: int | None = None

    @property
    def title(self) -> str:
        """What it is called: Awal, Cadangan dukungan."""
        if self.submission.kind == Submission.Kind.POOL:
            return Submission.Kind.POOL.label
        return RuleSet.from_json(self.submission.rule_set.body).round(self.submission.stage).title


def due_drafts(by: datetime, pair: Pair | None = None) -> dict[int, datetime]:
    """The rounds and pools to be erased by then, each with its moment."""
    found = sql.rows(
        "retention/list_drafts_to_erase", due_by=by, pair=pair.pk if pair else None, days=DRAFT_DAYS_KEPT
    )
    return dict(found)


def queue_due_drafts() -> int:
    """Have a job erase each that is due; how many were queued."""
    due = due_drafts(now())
    rounds = Submission.objects.filter(pk__in=due)
    failed = set(Job.objects.filter(kind=JOB, state="failed").values_list("subject_id", flat=True))
    queued = [one for one in rounds if one.pk not in failed]
    for one in queued:
        enqueue(JOB, lane=f"pair:{one.pair_id}", subject_id=one.pk, by=None)
    return len(queued)


def erase_draft(submission: Submission) -> int:
    """Erase a round or pool inside the caller's transaction, if it still is to be; returns how many rows it had.

    Rows of its uploads that were moved to another round stay, and those uploads and their files with them.
    """
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR UPDATE", [submission.pk])
    submission.refresh_from_db(fields=["status"])
    if submission.pk not in due_drafts(now(), submission.pair):
        return 0
    lapsed = submission.status == "lapsed"
    if lapsed:  # rows leave a draft only
        engine.move(submission, "revive", by=None, data={"why": "draft_erased"})
    lock_counts(submission)
    here = UploadTally.objects.filter(submission=submission, key="rows", n__gt=0)
    uploads = list(here.order_by("upload_id").values_list("upload_id", flat=True))
    hold_uploads(uploads)
    rows = sum(erase_rows(submission.pk, upload) for upload in uploads)
    files = _end_uploads(submission)
    scans = _remove_scans(submission)
    engine.record(
        "draft_erased", submission, by=None, rows=rows, uploads=len(uploads), files=files, scans=scans
    )
    if lapsed:
        engine.move(submission, "lapse", by=None, data={"why": "draft_erased"})
    queue_recheck(submission)
    return rows


def _end_uploads(submission: Submission) -> int:
    """The uploads of the round are discarded and their files go, but for those with rows elsewhere."""
    elsewhere = UploadTally.objects.filter(key="rows", n__gt=0).exclude(submission=submission)
    own = Upload.objects.filter(submission=submission).exclude(pk__in=elsewhere.values("upload"))
    files = 0
    for upload in own.select_related("file"):
        if upload.status in Upload.machine.move("discard").sources:
            engine.move(upload, "discard", by=None, data={"why": "draft_erased"})
        if upload.file:
            delete_file(upload.file)
            files += 1
    own.update(columns={}, mapping={})
    return files


def _remove_scans(submission: Submission) -> int:
    """The signed scans of forms that were never handed in hold the same people."""
    scans = list(PaperScan.objects.filter(submission=submission).select_related("attachment__stored_file"))
    for scan in scans:
        scan.delete()
        remove_attachment(scan.attachment)
    return len(scans)


def erasures_of(pair: Pair, latest: Submission | None, moment: datetime, *, opened: bool) -> list[Erasure]:
    """What of a pair's rounds and pool was erased, and what will be when; asked only where that can be near.

    While a window is ``opened`` for the pair nothing is: it runs from the end of the last one.
    """
    over = moment.date() > pair.election.voting_day and not opened
    if not over and pair.status == Pair.machine.initial and (latest is None or latest.status != "lapsed"):
        return []
    # What could still be handed in is not announced as lost.
    due = due_drafts(moment + timedelta(days=DRAFT_DAYS_KEPT), pair)
    rounds = {one.pk: one for one in Submission.objects.filter(pair=pair).select_related("rule_set")}
    events = Event.objects.filter(subject_kind="submission", subject_id__in=rounds, name="draft_erased")
    past = [
        Erasure(rounds[event.subject_id], event.at, event.data["rows"], event.data["files"])
        for event in events.order_by("id")
    ]
    return past + [Erasure(rounds[pk], at) for pk, at in due.items()]
