"""Carrying out a bulk decision, or its undoing, in parts: single decisions beside it never wait long."""

from django.db.models import F

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from foundation.workflow import engine
from foundation.workflow.table import VERMIN
from supports.models import Standing
from supports.removal import as_array
from verification.dealing import hold_in_review
from verification.deciding import MOVES
from verification.duplicates.persons import give_up_persons, take_persons
from verification.models import Bulk, Decision
from verification.parts import drop_part, kept_parts, parts
from verification.second_reading import forget_readings


def carry(run: Run) -> None:
    """Decide the rows that still wait.

    Passed over, and counted, are those that somebody decided meanwhile and those that would count a person twice;
    these go on waiting for whoever holds them.
    """
    bulk = _bulk(run)
    for part in kept_parts(bulk.waiting.all()):
        run.progress("deciding", bulk.decided + bulk.passed_over + bulk.doubled, bulk.rows)
        with run.part():
            hold_in_review(bulk.review.submission)
            drop_part(bulk.waiting.all(), part)
            _decide(bulk, [pk for _area, pk in part])
        bulk.refresh_from_db(fields=["decided", "passed_over", "doubled"])
    with run.effects():
        bulk.refresh_from_db()
        run.progress("done", bulk.rows, bulk.rows)
        told = {"decided": bulk.decided, "passed_over": bulk.passed_over, "doubled": bulk.doubled}
        engine.move(bulk, "finish", by=None, data=told)


def _decide(bulk: Bulk, ids: list[int]) -> None:
    # Whoever decides a single row takes person, Work and Standing in this order, too: two never wait for each other.
    doubled = take_persons(bulk.review.submission, ids) if bulk.after == "MS" else set()
    due = [pk for pk in ids if pk not in doubled]
    forget_readings(bulk.review.submission, due)
    sql.run("verification/take_bulk_work", ids=as_array(due))
    told = {"reasons": bulk.reasons, "note": bulk.note, "person": bulk.proposed_by_id, "bulk": bulk.pk}
    made = engine.move_recorded(
        "verification/record_bulk", VERMIN, MOVES[bulk.after], ids=as_array(due), **told
    )
    # Somebody may have read one, and another have taken it, before their turn came.
    forget_readings(bulk.review.submission, due)
    if bulk.after == "MS" and made < len(due):
        # Somebody decided one of them meanwhile.
        others = Standing.objects.filter(pk__in=due).exclude(vermin="MS")
        give_up_persons(list(others.values_list("pk", flat=True)))
    Bulk.objects.filter(pk=bulk.pk).update(
        decided=F("decided") + made,
        passed_over=F("passed_over") + len(due) - made,
        doubled=F("doubled") + len(doubled),
    )


def undo(run: Run) -> None:
    """Take every decision of it back, where nobody decided anew; the rows wait to be dealt."""
    bulk = _bulk(run)
    by = User.objects.get(pk=run.job.created_by_id)
    first = Decision.objects.filter(bulk=bulk, after=bulk.after)
    seen = 0
    for ids in parts(bulk.review.submission, first):
        run.progress("undoing", seen, bulk.decided)
        with run.part():
            hold_in_review(bulk.review.submission)
            _take_back(bulk, ids, by)
        seen += len(ids)
    with run.effects():
        bulk.refresh_from_db()
        run.progress("done", bulk.decided, bulk.decided)
        engine.move(bulk, "end_undo", by=None, data={"taken_back": bulk.taken_back, "decided": bulk.decided})


def _take_back(bulk: Bulk, ids: list[int], by: User) -> None:
    recorded = sql.rows("verification/record_undone_bulk", ids=as_array(ids), person=by.pk, bulk=bulk.pk)
    made = _move(recorded, "undo")
    Bulk.objects.filter(pk=bulk.pk).update(taken_back=F("taken_back") + made)


def _bulk(run: Run) -> Bulk:
    related = ("review__submission__pair", "review__submission__rule_set", "proposed_by")
    return Bulk.objects.select_related(*related).get(pk=run.job.subject_id)


def _move(recorded: list[tuple], name: str) -> int:
    """A row that was recorded is held until the part ends: a difference is a fault of ours, and nothing is kept."""
    ids = [pk for (pk,) in recorded]
    moved = engine.move_rows(Standing.objects.filter(pk__in=ids), name)
    if moved != len(ids):
        raise AssertionError(f"{moved} rows moved, {len(ids)} recorded")
    return moved
