"""Removing all rows of a round that a filter shows: first looked at with their number, then carried out by a job.

``token`` stands for exactly the rows that were looked at; when they are others meanwhile, nothing is removed.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import BitXor
from django.db import transaction
from django.db.models import BigIntegerField, Count, F, Func, QuerySet
from django.utils.translation import gettext as _

from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs import operations as jobs
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from foundation.regions.models import Region
from foundation.workflow import engine
from foundation.workflow.table import VERMIN
from supports.duplicates import CODES, find_duplicates, pools_with_rows
from supports.listing import Filter, Row, matching, rows_of
from supports.locks import lock_counts, lock_open_round
from supports.matching import queue_recheck
from supports.models import ROW_BITS, Submission, Upload
from supports.removal import as_array, remove_rows
from supports.repairs.freeing import accept_waiting
from supports.rounds import why_closed
from supports.rules import BY_CODE, COMMISSION
from supports.scans.placing import queue_placing
from supports.standards import standards_of

KIND = "supports.remove_supports"
EXAMPLES = 10
BATCH = 20_000
WANTED = ("finding", "area", "status", "upload")


@dataclass(frozen=True)
class Preview:
    """What a removal would take away: how many rows, some of them, and the token that stands for them."""

    count: int
    token: str
    examples: list[Row]


def preview_removal(submission: Submission, wanted: Filter) -> Preview:
    """Look at the rows a filter shows. Refuses when no filter is set, or the rows cannot be changed now."""
    _refuse(submission, wanted)
    count, token = fingerprint(submission, wanted)
    ids = matching(submission, wanted).order_by("support_id").values_list("support_id", flat=True)[:EXAMPLES]
    return Preview(count, token, rows_of(list(ids), submission, wanted.audience))


def request_removal(submission: Submission, wanted: Filter, *, by: User, count: int, token: str) -> Job:
    """Queue the removal of the rows that were looked at; asked again after a lost reply, it is the same job.

    Refuses when the rows cannot be changed now; Conflict when they are no longer those that were looked at.
    """
    kept: dict[str, Any] = {name: getattr(wanted, name) for name in WANTED}
    if wanted.own is not None:
        kept["own"] = list(wanted.own)
    params = {"count": count, "token": token, "filter": kept}
    before = Job.objects.filter(kind=KIND, subject_id=submission.pk, params=params)
    same = before.exclude(state__in=["failed", "cancelled"]).first()
    if same:
        return same
    with transaction.atomic():
        _refuse(submission, wanted)
        lock_open_round(submission.pk)
        if not count:
            raise Refused(
                "nothing_to_remove", _("Tidak ada baris yang cocok, sehingga tidak ada yang dihapus.")
            )
        if (count, token) != fingerprint(submission, wanted):
            raise _changed()
        lane = f"pair:{submission.pair_id}"
        job = jobs.enqueue(KIND, lane=lane, subject_id=submission.pk, by=by, **params)
        if job.params != params:
            raise Conflict(
                "removal_waiting",
                _(
                    "Penghapusan lain pada putaran ini masih menunggu dikerjakan, sehingga yang ini belum "
                    "diminta. Tunggu sampai selesai, lalu ulangi."
                ),
            )
        engine.record("removal_requested", submission, by=by, rows=count, filter=params["filter"])
    return job


def removals_of(submissions: QuerySet[Submission], *, asked_by: User | None = None) -> QuerySet[Job]:
    """The jobs that remove or removed rows of these rounds; with ``asked_by`` those that this person asked for."""
    found = Job.objects.filter(kind=KIND, subject_id__in=submissions.values("pk"))
    return found.filter(created_by=asked_by) if asked_by else found


def carry_removal(run: Run) -> None:
    """Take the rows away, judge anew those that shared a NIK with them, and write down what was done."""
    params = run.job.params
    by = User.objects.get(pk=run.job.created_by_id)
    with run.effects():
        sql.make_room()
        submission = lock_open_round(run.job.subject_id)
        lock_counts(submission)
        wanted = Filter(**params["filter"], audience=COMMISSION)
        if (params["count"], params["token"]) != fingerprint(submission, wanted):
            raise _changed()
        niks = _remove_all(run, submission, wanted, params["count"])
        run.progress("duplicates", params["count"], params["count"])
        standards = standards_of(submission)
        niks |= set(accept_waiting(submission, standards, set(CODES)))
        find_duplicates(submission, standards, sorted(niks))
        run.progress("done", params["count"], params["count"])
        engine.record(
            "supports_removed",
            submission,
            by=by,
            rows=params["count"],
            digest=params["token"],
            filter=params["filter"],
        )
        queue_recheck(submission)
        queue_placing(submission.pair)


def _remove_all(run: Run, submission: Submission, wanted: Filter, count: int) -> set[str]:
    """Remove the rows in batches; the sealed NIKs that other rows still have."""
    niks: set[str] = set()
    found = matching(submission, wanted).order_by("support_id").values_list("support_id", flat=True)
    done = 0
    while ids := list(found[:BATCH]):
        run.progress("removing", done, count)
        niks |= _remove(submission, ids)
        done += len(ids)
    return niks


def _remove(submission: Submission, ids: list[int]) -> set[str]:
    rounds = [submission.pk, *pools_with_rows(submission)]
    of = {"submission": submission.pk, "rounds": rounds, "first": 0, "last": 0}
    niks = sql.rows("supports/list_niks_left", ids=as_array(ids), **of)
    remove_rows(ids, submission)
    return {nik.replace("-", "") for (nik,) in niks}


def fingerprint(submission: Submission, wanted: Filter) -> tuple[int, str]:
    """How many rows the filter shows, and a number that only these rows have."""
    mixed = Func(F("support_id"), 512, function="hashint8extended", output_field=BigIntegerField())
    found = matching(submission, wanted).aggregate(n=Count("support_id"), mixed=BitXor(mixed))
    return found["n"], f"{found['n']}-{(found['mixed'] or 0) & (1 << 64) - 1:016x}"


def _refuse(submission: Submission, wanted: Filter) -> None:
    if not any(getattr(wanted, name) not in (None, "") for name in WANTED):
        raise Refused(
            "filter_missing",
            _(
                "Belum ada saringan, sehingga tidak ada yang dihapus. Pilih temuan, wilayah, atau berkas yang barisnya "
                "hendak dihapus."
            ),
            field="filter",
        )
    closed = why_closed(submission, _touched(submission, wanted), matching(submission, wanted))
    if closed:
        raise closed


def _touched(submission: Submission, wanted: Filter) -> QuerySet[Upload]:
    """The uploads that the rows came with."""
    of_row = F("support_id").bitrightshift(ROW_BITS)
    ids = matching(submission, wanted).order_by().values_list(of_row, flat=True).distinct()
    return Upload.objects.filter(pk__in=list(ids))


def _changed() -> Conflict:
    return Conflict(
        "rows_changed",
        _(
            "Baris yang cocok dengan saringan ini sudah berubah sejak dilihat, sehingga tidak ada yang dihapus. Lihat "
            "lagi jumlahnya, lalu ulangi."
        ),
    )


def in_words(submission: Submission, wanted: Filter) -> list[str]:
    """What the filter shows, as people say it."""
    words = []
    if wanted.finding:
        words.append(_("temuan “%(title)s”") % {"title": BY_CODE[wanted.finding].title})
    if wanted.area is not None:
        words.append(_("wilayah %(name)s") % {"name": _area_name(wanted.area)})
    if wanted.status:
        words.append(_("status “%(title)s”") % {"title": VERMIN.states[wanted.status]})
    if wanted.upload:
        name = Upload.objects.filter(submission__pair=submission.pair, pk=wanted.upload).values_list(
            "name", flat=True
        )
        words.append(_("berkas %(name)s") % {"name": name.first() or wanted.upload})
    return words


def _area_name(code: int) -> str:
    region = Region.objects.filter(pk=code).first()
    return region.name if region else _("yang belum diketahui atau di luar daerah")
