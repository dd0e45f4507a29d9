"""Rulings and uploads: which a ruling may name, and what a file may do while it is open for some rows only.

``candidates`` knows rulings and no uploads.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import operations
from candidates.models import Pair, Ruling, Window
from candidates.queries import window_state
from candidates.thresholds import digits
from foundation.accounts.models import User
from foundation.errors import Refused
from supports.models import Repeat, Submission, Upload


def nameable_uploads(pair: Pair) -> QuerySet[Upload]:
    """The uploads whose rows are in a round of the pair; the latest first."""
    rounds = Upload.objects.filter(submission__pair=pair, submission__kind=Submission.Kind.ROUND)
    return rounds.filter(status="loaded").select_related("submission").order_by("-id")


def propose_ruling(
    pair: Pair, *, by: User | None, stage: str, upload_ids: Iterable[int] = (), **terms: Any
) -> Ruling:
    """Propose a ruling (``candidates.operations.propose_ruling``) whose named uploads are the pair's own.

    Refuses uploads that are not loaded in that stage's round.
    """
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
    return operations.propose_ruling(pair, by=by, stage=stage, upload_ids=named, **terms)


def refuse_additions(submission: Submission) -> None:
    """Refuse new rows while a ruling has opened the round for those of named uploads only; the pool takes any."""
    if submission.kind == Submission.Kind.POOL:
        return
    state = window_state(submission.pair, Window.Kind.FILLING, submission.stage)
    if state.open and not state.rows.add:
        message = _("Baris baru tidak dapat ditambahkan. %(reason)s Benahi baris dari unggahan itu saja.")
        raise Refused("outside_the_ruling", message % {"reason": state.reason})


def refuse_uncovered(upload: Upload, submission: Submission, rows: int) -> None:
    """Refuse a file that mends what no ruling covers, and one of more ``rows`` than it mends where none may be added.

    Part of the load, when it is known what the file takes the place of; judged by the moment it was received.
    """
    if submission.kind == Submission.Kind.POOL:
        return
    state = window_state(submission.pair, Window.Kind.FILLING, submission.stage, at=upload.received_at)
    if not state.open or state.rows.every:
        return
    mended = dict(Repeat.objects.filter(upload=upload, replaced__gt=0).values_list("other_id", "replaced"))
    for other in Upload.objects.filter(pk__in=list(mended)).order_by("pk"):
        if not state.rows.may_change(other.pk, other.received_at):
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
