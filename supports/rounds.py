"""Which round, or pool, of a pair takes rows now, and whose rows may be mended, removed or replaced in it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import rule_sets
from candidates.models import Pair, Window
from candidates.queries import window_state
from candidates.windows import WindowState
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from supports.handing_in.waiting import refuse_asked_for
from supports.locks import OPEN
from supports.models import Submission, Upload
from supports.reopening import filling_of
from supports.repairs.succession import begin_next, why_none
from supports.rulings.coverage import first_uncovered, refuse_decided, rows_asked_for


def current_round(pair: Pair) -> Submission:
    """The round of the pair that is being filled; the first one is made when there is none yet, the next one when the
    latest is closed and its rules let another come.

    Refuses when every round has been handed in.
    """
    latest = latest_round(pair)
    if latest is None:
        rules = rule_sets.RuleSet.from_json(pair.election.rule_set.body)
        latest, _created = Submission.objects.get_or_create(
            pair=pair, stage=rules.rounds[0].key, defaults={"rule_set": pair.election.rule_set}
        )
    if latest.status not in OPEN:
        raise _closed(latest)
    return latest


def _closed(submission: Submission) -> Refused:
    """Why a round takes nothing any more; of one that lapsed the window tells since when."""
    if submission.status == "returned":
        message = _(
            "Putaran ini dikembalikan oleh KPU, sehingga datanya belum dapat diubah. Buka halaman Serahkan dukungan, "
            "lalu pilih “Isi kembali” selama masa pengisian dibuka."
        )
        return Refused("round_returned", message)
    if submission.status == "lapsed":
        state = window_state(submission.pair, Window.Kind.FILLING, submission.stage)
        if not state.open:
            message = _("%(reason)s Putaran ini tidak diserahkan sampai masa penyerahan berakhir.")
            return Refused("round_closed", message % {"reason": state.reason})
    if submission.status == "closed" and (sentence := why_none(submission)):
        return Refused("no_round_comes", f"{sentence} {_('Datanya tidak dapat diubah lagi.')}")
    message = _(
        "Putaran ini berstatus “%(status)s” sehingga datanya tidak dapat diubah lagi. "
        "Tunggu putaran berikutnya dibuka."
    )
    return Refused("round_closed", message % {"status": submission.get_status_display()})


def latest_round(pair: Pair) -> Submission | None:
    """The last round of the pair that was begun, if any; one that lapsed lives again once a window is open for it, and
    behind a closed one the next begins if one comes.
    """
    rounds = Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND)
    latest = rounds.select_related("rule_set").order_by("-id").first()
    if latest is None:
        return None
    latest.pair = pair
    revive_if_open(latest)
    return begin_next(latest) or latest


def catch_up(latest: Submission) -> bool:
    """What ``latest_round`` does, for who has read the latest round already; whether anything is other than it was."""
    return revive_if_open(latest) or begin_next(latest) is not None


def revive_if_open(submission: Submission) -> bool:
    """Let a lapsed round live again as soon as a window is open for it, as the sweep does; whether it did."""
    if submission.status != "lapsed" or submission.pair.status != "active":
        return False
    kinds = (Window.Kind.FILLING, Window.Kind.HANDING_IN)
    if not any(window_state(submission.pair, kind, submission.stage).open for kind in kinds):
        return False
    try:
        engine.move(submission, "revive", by=None)
    except Conflict:  # the sweep was first
        submission.refresh_from_db(fields=["status"])
    return True


def pool_of(pair: Pair) -> Submission:
    """The pair's pool (cadangan): checked like a round, handed in never; made when there is none yet."""
    pool, _created = Submission.objects.get_or_create(
        pair=pair,
        stage=rule_sets.POOL,
        defaults={"kind": Submission.Kind.POOL, "rule_set": pair.election.rule_set},
    )
    return pool


def may_send(pair: Pair, target: str | None) -> None:
    """Before a body is read: refuses what could not be taken whatever is in it.

    Without a target the body may still name the pool, which has no window.
    """
    if target is None:
        refuse_inactive(pair)
    else:
        may_receive(pair, target)


def may_receive(pair: Pair, target: str = Submission.Kind.ROUND, *, at: datetime | None = None) -> Submission:
    """Where rows would go to now: the round that is being filled, or the pool. Refuses an unknown target.

    The pool refuses only when the pair no longer stands; a round as ``may_change`` does.
    """
    if target == Submission.Kind.POOL:
        refuse_inactive(pair)
        return pool_of(pair)
    if target != Submission.Kind.ROUND:
        raise Refused(
            "target_unknown",
            _("Tujuan “%(target)s” tidak dikenal, sehingga tidak ada yang disimpan. Isi round atau pool.")
            % {"target": target},
            "target",
        )
    return may_change(pair, at=at)


def may_mend(submission: Submission, upload: Upload, row: int | None = None) -> None:
    """Refuses when the rows of the upload, or the one ``row``, may not be mended or removed now in this round.

    In the pool they always may.
    """
    if submission.kind == Submission.Kind.POOL:
        refuse_inactive(submission.pair)
    else:
        may_change(submission.pair, upload, row=row)


def refuse_inactive(pair: Pair) -> None:
    """Refuses when the pair no longer stands."""
    if pair.status != "active":
        raise Refused(
            "pair_not_active",
            _(
                "Bakal pasangan calon ini berstatus “%(status)s”, sehingga tidak dapat mengunggah. Hubungi KPU."
            )
            % {"status": pair.get_status_display()},
        )


def may_change(
    pair: Pair, upload: Upload | None = None, *, row: int | None = None, at: datetime | None = None
) -> Submission:
    """The round whose rows may change now: rows be added, or with ``upload`` those of that upload mended and removed
    (all of them, or the one ``row``).

    Refuses when the pair no longer stands, when its window is not open, and when a ruling opened it for other rows.
    ``at`` is another moment than now by which the window is judged.
    """
    submission, state = _open_round(pair, at)
    if upload is not None:
        rows = rows_asked_for(submission, upload, row)
        _refuse_outside(state, [upload], rows)
        refuse_decided(submission, rows)
    return submission


def _open_round(pair: Pair, at: datetime | None = None) -> tuple[Submission, WindowState]:
    refuse_inactive(pair)
    submission = current_round(pair)
    refuse_asked_for(submission, at)
    state = filling_of(submission, at)
    if not state.open:
        raise Refused("window_closed", state.reason)
    return submission, state


def _refuse_outside(state: WindowState, uploads: Iterable[Upload], rows: QuerySet) -> None:
    """Refuses when a ruling opened the window for other rows. What a file brings is seen when it is loaded."""
    upload = first_uncovered(state.rows, uploads, rows)
    if upload is not None:
        message = _("Baris dari unggahan “%(name)s” tidak dapat diubah atau dihapus. %(reason)s")
        if state.rows.rulings:
            message = _(
                "Baris dari unggahan “%(name)s” yang tidak disebut dalam putusan tidak dapat diubah atau dihapus. "
                "%(reason)s"
            )
        raise Refused("outside_the_ruling", message % {"name": upload.name, "reason": state.reason})


def why_closed(submission: Submission, uploads: Iterable[Upload], rows: QuerySet) -> Refused | None:
    """Why these ``rows`` (each with its ``support_id``), of these uploads, cannot be changed now, if so."""
    try:
        if submission.kind == Submission.Kind.POOL:
            refuse_inactive(submission.pair)
            return None
        _latest, state = _open_round(submission.pair)
        _refuse_outside(state, uploads, rows)
        refuse_decided(submission, rows)
    except Refused as refusal:
        return refusal
    return None if submission.status in OPEN else _closed(submission)


def may_replace(old: Upload, submission: Submission, *, at: datetime | None = None) -> None:
    """Refuse to replace an upload of another round, one that is not loaded, and one whose rows may not change now."""
    if old.submission_id != submission.pk:
        raise Refused(
            "upload_of_another_round",
            _("Unggahan “%(name)s” bukan bagian dari putaran ini, sehingga tidak ada yang diganti.")
            % {"name": old.name},
            "replaces",
        )
    if old.status != "loaded":
        raise Refused(
            "upload_not_loaded",
            _(
                "Unggahan “%(name)s” berstatus “%(status)s”, sehingga tidak ada yang diganti. Hanya unggahan yang "
                "selesai dimuat dapat diganti; unggah berkas ini tanpa mengganti."
            )
            % {"name": old.name, "status": old.get_status_display()},
            "replaces",
        )
    if submission.kind == Submission.Kind.POOL:
        refuse_inactive(submission.pair)
    else:
        may_change(submission.pair, old, at=at)
