"""The time of a ruling ends and nothing was handed in again: the verification goes on, the named rows undecided.

What the team has mended meanwhile is there, and no receipt says so. So that every row that is verified stands under a
receipt, the system issues one where the rows are others than the last receipt's.
"""

from django.db.models.functions import Now

from candidates.queries import now
from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.operations import enqueue
from foundation.jobs.runner import Run
from foundation.storage import Receiving
from foundation.workflow import engine
from supports.handing_in.carrying import leaves_file
from supports.handing_in.hashing import Root, write_leaves
from supports.handing_in.receipts import issue_receipt, receipt_of
from supports.models import HandIn, Receipt, Submission
from verification.corrections.models import Correction
from verification.corrections.operations import HELD_ALONE
from verification.dealing import go_on
from verification.models import Review

JOB = "verification.resume_round"
DUE = "verification/list_rounds_to_resume"


def queue_due() -> None:
    """Have a job resume each round whose time has ended."""
    for (pk,) in sql.rows(DUE, job=JOB):
        pair = Submission.objects.values_list("pair_id", flat=True).get(pk=pk)
        enqueue(JOB, lane=f"pair:{pair}", subject_id=pk, by=None)


def resume(run: Run) -> None:
    """Back into verification; nothing happens where the team has time again, or the round stands elsewhere."""
    review = Review.objects.select_related(
        "submission__pair__election__rule_set", "submission__rule_set"
    ).get(submission=run.job.subject_id)
    submission = review.submission
    with leaves_file(submission) as leaves, run.effects():
        sql.value(HELD_ALONE, [submission.pk])
        submission.refresh_from_db(fields=["status"])
        if submission.status not in ("reopened", "returned") or _has_time(submission):
            leaves.abort()
            return
        receipt = _receipted(run, submission, leaves)
        data = {"receipt": receipt.number, "again": True}
        engine.move(submission, "resume", by=None, data=data)
        go_on(review, by=None)


def _has_time(submission: Submission) -> bool:
    """Whether a window was opened since it was queued."""
    return submission.pk not in {pk for (pk,) in sql.rows(DUE, job="")}


def _receipted(run: Run, submission: Submission, leaves: Receiving) -> Receipt:
    """The receipt that speaks of the rows as they are: the last one, or a new one."""
    root = write_leaves(submission, leaves.write, lambda done: run.progress("hashing", done, done))
    last = receipt_of(submission)
    if last is not None and last.body["root"] == root.root:
        leaves.abort()
        return last
    return _issue(submission, root, leaves)


def _issue(submission: Submission, root: Root, leaves: Receiving) -> Receipt:
    asked = HandIn.objects.create(
        submission=submission, requested_at=now(), requested_by=_answerable(submission), ended_at=Now()
    )
    receipt = issue_receipt(asked, root, leaves.finish())
    engine.record(
        "receipt_issued",
        receipt,
        by=None,
        number=receipt.number,
        rows=root.rows,
        root=root.root,
        why="time_ended",
    )
    return receipt


def _answerable(submission: Submission) -> User:
    """Who proposed the ruling whose time has ended."""
    made = Correction.objects.filter(review__submission=submission, reopens=True)
    return made.select_related("proposed_by").latest("pk").proposed_by
