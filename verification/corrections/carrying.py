"""Carrying out a correction in parts: single decisions beside it never wait long, and a kill loses at most one part."""

from django.db.models import F

from foundation import sql
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.models import Standing
from supports.removal import as_array
from verification.corrections.models import Correction
from verification.dealing import hold_in_review
from verification.parts import Place, drop_part, kept_parts


def carry(run: Run) -> None:
    """Take the rows that are left back; those that stand otherwise by now are passed over, and counted."""
    related = ("review__submission__pair", "proposed_by")
    correction = Correction.objects.select_related(*related).get(pk=run.job.subject_id)
    for part in kept_parts(correction.waiting.all()):
        run.progress("correcting", correction.taken_back + correction.passed_over, correction.rows)
        with run.part():
            hold_in_review(correction.review.submission, reopened=correction.reopens)
            _take_back(correction, part)
        correction.refresh_from_db(fields=["taken_back", "passed_over"])
    with run.effects():
        correction.refresh_from_db()
        run.progress("done", correction.rows, correction.rows)
        counted = {"taken_back": correction.taken_back, "passed_over": correction.passed_over}
        engine.move(correction, "finish", by=None, data={**counted, "digest": correction.token})


def _take_back(correction: Correction, part: list[Place]) -> None:
    areas, ids = map(as_array, zip(*part, strict=True))
    told = {"correction": correction.pk, "person": correction.proposed_by_id}
    recorded = [pk for (pk,) in sql.rows("corrections/record_correction", areas=areas, ids=ids, **told)]
    moved = engine.move_rows(Standing.objects.filter(pk__in=recorded), "correct")
    if moved != len(recorded):
        # A row that was recorded is held until the part ends: nothing is kept of a fault of ours.
        raise AssertionError(f"{moved} rows moved, {len(recorded)} recorded")
    drop_part(correction.waiting.all(), part)
    Correction.objects.filter(pk=correction.pk).update(
        taken_back=F("taken_back") + moved, passed_over=F("passed_over") + len(part) - moved
    )
