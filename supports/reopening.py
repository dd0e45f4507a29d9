"""Rulings and uploads: which a ruling may name, and what a file may do while it is open for some rows only.

``candidates`` knows rulings and no uploads.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from candidates import operations
from candidates.models import Pair, Ruling, Window
from candidates.queries import window_state
from candidates.thresholds import digits
from candidates.windows import WindowState
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.workflow.models import Event
from supports.models import Repeat, Submission, Upload
from supports.repairs.succession import title_of
from supports.rulings.coverage import count_uncovered
from supports.rulings.named_rows import find_named_rows, refuse_missing

NAMING = (Ruling.Covers.NAMED, Ruling.Covers.ROWS)
VERIFIED = ("in_review", "closed")
# Begun by the closing of the round before it, and nothing was ever sent to it.
UNTOUCHED = Q(status__in=("draft", "lapsed")) & ~Exists(Upload.objects.filter(submission=OuterRef("pk")))


def nameable_uploads(pair: Pair) -> QuerySet[Upload]:
    """The uploads whose rows are in a round of the pair; the latest first."""
    rounds = Upload.objects.filter(submission__pair=pair, submission__kind=Submission.Kind.ROUND)
    return rounds.filter(status="loaded").select_related("submission").order_by("-id")


def propose_ruling(
    pair: Pair,
    *,
    by: User | None,
    stage: str,
    upload_ids: Iterable[int] = (),
    rows: Sequence[str] = (),
    skip_missing: bool = False,
    **terms: Any,
) -> Ruling:
    """Propose a ruling (``candidates.operations.propose_ruling``) whose named uploads and rows are the pair's own.

    ``rows`` is a list of one row a line (``find_named_rows``), resolved now and for good. Refuses uploads that are not
    loaded in that stage's round, lines that name none of its rows unless they are to be skipped, and rows of a verified
    round behind which a later one was begun.
    """
    refuse_reopening(pair, stage, terms.get("covers", ""))
    named = set(upload_ids)
    strangers = named - set(
        nameable_uploads(pair).filter(submission__stage=stage).values_list("pk", flat=True)
    )
    if strangers:
        message = _(
            "Unggahan %(number)s tidak dimuat pada putaran itu. Sebut unggahan pasangan ini yang sudah dimuat pada "
            "putaran yang dibuka kembali."
        )
        raise Refused("upload_not_of_the_round", message % {"number": min(strangers)}, "uploads")
    listed = find_named_rows(pair, stage, rows) if rows else None
    if listed:
        refuse_missing(listed, skip=skip_missing)
        terms["row_ids"] = listed.ids
    return operations.propose_ruling(pair, by=by, stage=stage, upload_ids=named, **terms)


def open_ruling(ruling: Ruling, *, by: User | None) -> list[Window]:
    """Open a ruling's windows (``candidates.operations.open_by_ruling``); a round that was verified is reopened by it.

    Refuses where a later round was begun meanwhile.
    """
    refuse_reopening(ruling.pair, ruling.stage, ruling.covers)
    return operations.open_by_ruling(ruling, by=by)


def refuse_reopening(pair: Pair, stage: str, covers: str) -> None:
    """Refuse to name rows of a round in verification or closed behind which a later round was begun.

    What that one was asked for, and whose places its rows took, was counted from what had been decided.
    """
    found = Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND, stage=stage).select_related(
        "rule_set"
    )
    verified = found.filter(status__in=VERIFIED).first() if covers in NAMING else None
    later = later_rounds(verified).exclude(UNTOUCHED).select_related("rule_set").first() if verified else None
    if later:
        message = _(
            "Putaran %(later)s sudah mulai diisi, sehingga putaran %(title)s tidak dapat dibuka kembali untuk tim. "
            "Agar barisnya diperiksa lagi tanpa diubah tim, pakai Koreksi pada halaman verifikasinya."
        )
        raise Refused("later_round_begun", message % {"later": title_of(later), "title": title_of(verified)})


def was_reopened(submission: Submission) -> bool:
    """Whether a ruling has given rows of this round back to the team after they were verified."""
    told = Event.objects.filter(subject_kind=submission._meta.model_name, subject_id=submission.pk)
    return told.filter(name="submission_reopen").exists()


def filling_of(submission: Submission, at: datetime | None = None) -> WindowState:
    """Whether its pair may fill a round, and which rows; one that a ruling has reopened only by what rulings give."""
    own = submission.status == "reopened"
    return window_state(submission.pair, Window.Kind.FILLING, submission.stage, at=at, own=own)


def later_rounds(submission: Submission) -> QuerySet[Submission]:
    """The rounds of the pair after this one."""
    return Submission.objects.filter(
        pair=submission.pair_id, kind=Submission.Kind.ROUND, pk__gt=submission.pk
    ).order_by("pk")


def refuse_additions(submission: Submission) -> None:
    """Refuse new rows while a ruling has opened the round for those of named uploads only; the pool takes any."""
    if submission.kind == Submission.Kind.POOL:
        return
    state = filling_of(submission)
    if state.open and not state.rows.add:
        message = _("Baris baru tidak dapat ditambahkan. %(reason)s Benahi baris dari unggahan itu saja.")
        raise Refused("outside_the_ruling", message % {"reason": state.reason})


def refuse_unnamed(upload: Upload, submission: Submission, ids: pl.Series) -> None:
    """Refuse a file that mends rows which no ruling names, where one names them one by one; before the rows go.

    Judged by the moment the file was received.
    """
    if submission.kind == Submission.Kind.POOL:
        return
    state = filling_of(submission, upload.received_at)
    if not state.open or state.rows.every or not state.rows.rulings:
        return
    strangers = count_uncovered(state.rows, ids)
    if strangers:
        message = _(
            "Berkas ini memperbaiki %(rows)s baris yang tidak disebut dalam putusan, sehingga tidak dapat diubah. "
            "%(reason)s Sisakan hanya baris yang disebut, lalu unggah kembali."
        )
        raise Refused("outside_the_ruling", message % {"rows": digits(strangers), "reason": state.reason})


def refuse_uncovered(upload: Upload, submission: Submission, rows: int) -> None:
    """Refuse a file that mends what no ruling covers, and one of more ``rows`` than it mends where none may be added.

    Part of the load, when it is known what the file takes the place of; judged by the moment it was received.
    """
    if submission.kind == Submission.Kind.POOL:
        return
    state = filling_of(submission, upload.received_at)
    if not state.open or state.rows.every:
        return
    mended = dict(Repeat.objects.filter(upload=upload, replaced__gt=0).values_list("other_id", "replaced"))
    for other in Upload.objects.filter(pk__in=list(mended)).order_by("pk"):
        covered = state.rows.rulings or state.rows.may_change(other.pk, other.received_at)
        if not covered:  # where rows are named one by one, ``refuse_unnamed`` has looked at each
            message = _(
                "Berkas ini memperbaiki baris dari unggahan “%(name)s”, yang tidak dapat diubah. %(reason)s"
            )
            raise Refused("outside_the_ruling", message % {"name": other.name, "reason": state.reason})
    allowed = sum(mended.values()) + (upload.replaces.rows if upload.replaces else 0)
    if rows > allowed and not state.rows.add:
        message = _(
            "Berkas ini memuat %(rows)s baris, tetapi hanya %(mended)s di antaranya memperbaiki baris yang dibuka. "
            "%(reason)s Benahi laporan unggahan itu, lalu unggah baris-barisnya saja dengan kolom “ID baris”."
        )
        words = {"rows": digits(rows), "mended": digits(allowed), "reason": state.reason}
        raise Refused("outside_the_ruling", message % words)
