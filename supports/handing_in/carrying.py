"""A handing-in carried out: the round is closed, hashed, counted and receipted in one transaction, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError
from django.db.models.functions import Now

from foundation import sql
from foundation.jobs.runner import Run
from foundation.storage import Receiving, receive_file
from foundation.workflow import engine
from supports.handing_in.hashing import write_leaves
from supports.handing_in.operations import refuse_wrong
from supports.handing_in.receipts import issue_receipt
from supports.handing_in.waiting import waits_for
from supports.models import HandIn, Submission
from supports.progress import counts_by_area
from supports.rounds import refuse_inactive
from supports.standards import key_scope


def carry_hand_in(run: Run) -> None:
    """Carry out the handing-in that the job is about; while it waits for files, nothing: the sweep asks again.

    Refuses when the pair no longer stands, or when what the files brought does not reach what is required.
    """
    related = ("submission__pair__election__rule_set", "submission__rule_set", "requested_by")
    asked = HandIn.objects.select_related(*related).get(pk=run.job.subject_id)
    if asked.ended_at or waits_for(asked):
        with run.effects():
            run.step = "waiting"
        return
    with leaves_file(asked.submission) as leaves:
        _carry(run, asked, leaves)


@contextmanager
def leaves_file(submission: Submission) -> Iterator[Receiving]:
    """A file for the leaves of a receipt; nothing is left of it when the work on it fails."""
    leaves = receive_file(key_scope(submission.pair.election))
    try:
        yield leaves
    except BaseException:
        # Without a database nothing can be tidied now: the sweep takes a file that nobody refers to.
        with suppress(DatabaseError):
            leaves.abort()
        raise


def _carry(run: Run, asked: HandIn, leaves: Receiving) -> None:
    with run.effects():
        submission = _hold(asked)
        refuse_inactive(submission.pair)
        refuse_wrong(submission)
        total = sum(area.submitted for area in counts_by_area(submission.pair, [submission]))
        run.progress("hashing", 0, total)
        root = write_leaves(submission, leaves.write, lambda done: run.progress("hashing", done, total))
        run.progress("signing", total, total)
        engine.move(
            submission, "submit", by=None, data={"requested_by": asked.requested_by_id, "root": root.root}
        )
        receipt = issue_receipt(asked, root, leaves.finish())
        HandIn.objects.filter(pk=asked.pk).update(ended_at=Now())
        engine.record("receipt_issued", receipt, by=None, **_told(receipt.body))
        run.progress("done", total, total)


def _hold(asked: HandIn) -> Submission:
    """The round, alone: edits and loads that hold it are waited for, later ones find it handed in."""
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR UPDATE", [asked.submission_id])
    asked.submission.refresh_from_db(fields=["status"])
    if asked.submission.status == "lapsed":
        engine.move(asked.submission, "revive", by=None)
    return asked.submission


def _told(body: dict) -> dict:
    return {name: body[name] for name in ("number", "rows", "counted", "root", "submitted_at")}
