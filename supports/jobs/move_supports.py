"""Job: chosen rows move from the pool into the round that is being filled, or back."""

import hashlib

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.duplicates import CODES, earlier_rounds, find_duplicates
from supports.locks import lock_counts, lock_open_round
from supports.matching import queue_match, queue_recheck
from supports.models import Submission, Upload, UploadTally
from supports.moving import Choice, number_changed, refuse_leaving
from supports.repairs.freeing import accept_waiting, forget_gone
from supports.rounds import may_send
from supports.rules import RULES
from supports.searchable import hold_uploads, search_anew
from supports.standards import standards_of

EVERY_CODE = [rule.number for rule in RULES]


def move_supports(run: Run) -> None:
    """Move the rows all or none. They are judged by the rules of where they come to, what they leave is judged anew.

    What was asked for while the window was open is moved, as a file that came in time is loaded: a queue makes nobody
    late. Refuses when the round was handed in meanwhile, the pair stands no longer, or other rows would move.
    """
    asked = run.job.params
    pool = Submission.objects.select_related("pair__election__rule_set").get(pk=run.job.subject_id)
    choice = Choice.of_job(asked["choice"])
    with run.effects():
        sql.make_room()
        may_send(pool.pair, None)
        source, target = _held(asked["source"], asked["target"])
        held = UploadTally.objects.filter(submission=source, key="rows", n__gt=0)
        hold_uploads(held.values_list("upload_id", flat=True))
        rounds = [pool.pk, *earlier_rounds(pool)]
        run.progress("choosing", 0, asked["expected"])
        shared = sql.rows(
            "supports/list_niks_of_chosen", submission=source.pk, rounds=rounds, **choice.bound()
        )
        run.progress("moving", 0, asked["expected"])
        moved = _move(source, target, choice)
        total = sum(rows for _upload, rows, _digest in moved)
        if total != asked["expected"]:
            raise number_changed(asked["expected"], total)
        run.progress("duplicates", total, total)
        given = source if target.pk == pool.pk else target
        standards, niks = standards_of(given), [nik.replace("-", "") for (nik,) in shared]
        if forget_gone(source.pk):
            niks += accept_waiting(source, standards, set(CODES))
        find_duplicates(given, standards, sorted(set(niks)))
        run.progress("done", total, total)
        _record(run, source, target, moved)
        _queue_the_rest(source, target, [upload for upload, _rows, _digest in moved])


def _held(source_id: int, target_id: int) -> tuple[Submission, Submission]:
    """Both ends, open and held: the round first, then the pool. Refuses when the round is no longer open."""
    ends = (
        Submission.objects.filter(pk__in=(source_id, target_id))
        .order_by("-kind")
        .values_list("pk", flat=True)
    )
    held = {pk: lock_open_round(pk) for pk in ends}
    refuse_leaving(held[source_id])
    for one in held.values():
        lock_counts(one)
    return held[source_id], held[target_id]


def _move(source: Submission, target: Submission, choice: Choice) -> list[tuple[int, int, str]]:
    """(upload, rows, digest of their ids) of what moved."""
    unsound = sorted(standards_of(target).blocking - set(CODES))
    return sql.rows(
        "supports/move_chosen",
        submission=source.pk,
        target=target.pk,
        codes=CODES,
        all_codes=EVERY_CODE,
        unsound=unsound,
        **choice.bound(),
    )


def _record(run: Run, source: Submission, target: Submission, moved: list[tuple[int, int, str]]) -> None:
    by = User.objects.filter(pk=run.job.created_by_id).first()
    digest = hashlib.sha256("".join(one for *_counts, one in moved).encode()).hexdigest()
    engine.record(
        "supports_moved",
        target,
        by=by,
        rows=sum(rows for _upload, rows, _digest in moved),
        uploads=len(moved),
        source=source.stage,
        target=target.stage,
        job=run.job.pk,
        digest=digest,
    )


def _queue_the_rest(source: Submission, target: Submission, uploads: list[int]) -> None:
    """The rows are found by name where they are now; people given now are matched with other pairs, else no longer."""
    for upload in Upload.objects.filter(pk__in=uploads).select_related("submission__pair").order_by("id"):
        search_anew(upload, source)
        if target.kind == Submission.Kind.ROUND:
            queue_match(upload)
    if target.kind == Submission.Kind.POOL:
        queue_recheck(target)
