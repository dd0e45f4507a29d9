"""The job that destroys the identities of an election: keys, rows, what was searched by, files; then the certificate.

Every step is committed by itself and can be done again: after a kill the next attempt goes on where the rows stop. The
keys go first, so that from the first commit on nothing that was sealed opens any more, here or in any copy.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from candidates.models import Election
from candidates.queries import key_scope
from foundation import sql
from foundation.drafts.models import Draft
from foundation.jobs.models import Job
from foundation.jobs.runner import Lost, Run
from foundation.keys.models import StoredFile, StoredPart
from foundation.keys.operations import destroy_keys
from foundation.sealed_files import delete
from foundation.workflow import engine
from supports.models import PairMatch, Submission, Support, Upload, first_id
from supports.retention.certifying import issue_certificate
from supports.retention.models import Destruction, LegalHold
from supports.retention.refusals import refuse_held

PORTION = 50_000
LAST = 1 << 62


def carry_destruction(run: Run) -> None:
    """Destroy what the approved destruction is about. Refuses while a hold stands and nothing was destroyed yet."""
    related = ("election", "proposed_by", "approved_by")
    destruction = Destruction.objects.select_related(*related).get(pk=run.job.subject_id)
    if destruction.finished_at:
        with run.effects():
            return
    _destroy_keys(run, destruction)
    rounds = list(Submission.objects.filter(pair__election=destruction.election).values_list("pk", flat=True))
    _erase_rows(run, destruction, rounds)
    _erase_around(run, destruction.election, rounds)
    files = _erase_files(run, destruction.election)
    with run.effects():
        if Support.objects.filter(submission__in=rounds).exists():
            raise RuntimeError(f"election {destruction.election_id} still has rows")
        Destruction.objects.filter(pk=destruction.pk).update(finished_at=Now())
        destruction.refresh_from_db()
        certificate = issue_certificate(destruction, files=files)
        engine.record("identities_destroyed", certificate, by=None, number=certificate.number)
        run.progress("done", destruction.seen["rows"], destruction.seen["rows"])


def _destroy_keys(run: Run, destruction: Destruction) -> None:
    """The point of no return, unless it is passed already."""
    run.progress("keys")
    with transaction.atomic():
        _hold(run)
        Election.objects.select_for_update().get(pk=destruction.election_id)
        current = Destruction.objects.select_for_update().get(pk=destruction.pk)
        if current.keys_destroyed_at is None:
            refuse_held(list(LegalHold.objects.filter(election=current.election_id, second_lifted_at=None)))
            destroy_keys(key_scope(destruction.election), by=destruction.approved_by)
            Destruction.objects.filter(pk=current.pk).update(keys_destroyed_at=Now())


def _erase_rows(run: Run, destruction: Destruction, rounds: list[int]) -> None:
    """Portion by portion, each committed: what is gone is not looked for again."""
    done, total = 0, destruction.seen["rows"]
    for first in _portions(rounds):
        run.progress("rows", done, total)
        with transaction.atomic():
            _hold(run)
            done += sql.run("retention/erase_rows", submissions=rounds, first=first, last=first + PORTION)


def _portions(rounds: list[int]) -> Iterator[int]:
    """Where the ranges of ids begin that together hold every row that is left."""
    uploads = Upload.objects.filter(submission__in=rounds).order_by("pk").values_list("pk", flat=True)
    for upload in list(uploads):
        rows = Support.objects.filter(pk__gte=first_id(upload), pk__lt=first_id(upload + 1))
        ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
        yield from range(ends["first"] or 0, (ends["last"] or -1) + 1, PORTION)


def _erase_around(run: Run, election: Election, rounds: list[int]) -> None:
    """What is kept beside the rows to find and compare people, and what was typed and never sent."""
    for number, submission in enumerate(rounds):
        run.progress("search", number, len(rounds))
        with transaction.atomic():
            _hold(run)
            sql.run("supports/forget_searchable", submission=submission, first=0, last=LAST)
    with transaction.atomic():
        _hold(run)
        PairMatch.objects.filter(election=election).delete()
        Draft.objects.filter(scope=key_scope(election)).delete()
        sql.run("retention/forget_samples", submissions=rounds)
    for path in settings.ERASED_WITH_IDENTITIES:
        run.progress("notes")
        with transaction.atomic():
            _hold(run)
            import_string(path)(election)


def _erase_files(run: Run, election: Election) -> int:
    """The sealed bytes leave the storage; that there was a file, its size and hash stay. Returns how many files."""
    files = list(StoredFile.objects.filter(scope=key_scope(election)).order_by("pk"))
    parts: dict[str, list[StoredPart]] = {}
    for part in StoredPart.objects.filter(file__scope=key_scope(election)):
        parts.setdefault(part.file_id, []).append(part)
    for number, file in enumerate(files):
        run.progress("files", number, len(files))
        for one in (file, *parts.get(file.pk, [])):
            delete(one.name)
    return sum(file.stored_at is not None for file in files)


def _hold(run: Run) -> None:
    """Only whoever holds the attempt goes on. Raises Lost."""
    held = Job.objects.filter(pk=run.job.pk, attempt=run.job.attempt, state="running")
    if not held.select_for_update(no_key=True).exists():
        raise Lost
