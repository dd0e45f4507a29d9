"""Rows move from the pool (cadangan) into the round that is being filled, or back; which ones, and how many."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Pair, Window
from candidates.queries import window_state
from candidates.windows import WindowState
from foundation import sql
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs import operations as jobs
from foundation.jobs.models import Job
from foundation.regions.codes import area_range
from foundation.workflow import engine
from supports.models import Submission, first_id
from supports.progress import AreaCount, counts_by_area, findings_of_round
from supports.reopening import refuse_additions
from supports.rounds import latest_round, may_receive, pool_of
from supports.rules import BY_CODE, TEAM

MOST_CHOSEN = 1_000
JOB = "supports.move_supports"
LAST_ID = (1 << 63) - 1
LAST_AREA = 9_999_999_999


@dataclass(frozen=True)
class Choice:
    """Which rows: those that fit everything that is said; without anything all of them.

    ``area`` is a region code, 0 for rows whose area is unknown; ``ids`` at most a thousand rows.
    """

    upload: int | None = None
    area: int | None = None
    finding: str | None = None
    clean: bool = False
    ids: tuple[int, ...] | None = None

    def params(self) -> dict[str, Any]:
        """As a job keeps it."""
        return asdict(self) | {"ids": list(self.ids) if self.ids is not None else None}

    @classmethod
    def of_job(cls, params: dict[str, Any]) -> "Choice":
        """What ``params`` wrote."""
        ids = params["ids"]
        return cls(**params | {"ids": tuple(ids) if ids is not None else None})

    def bound(self) -> dict[str, Any]:
        """As the statements bind it."""
        area = (0, LAST_AREA) if self.area is None else area_range(self.area) if self.area else (0, 0)
        return {
            "first": first_id(self.upload) if self.upload else 0,
            "last": first_id(self.upload + 1) if self.upload else LAST_ID,
            "area_from": area[0],
            "area_to": area[1],
            "code": BY_CODE[self.finding].number if self.finding else None,
            "clean": self.clean,
            "ids": list(self.ids) if self.ids is not None else None,
        }


@dataclass(frozen=True)
class Preview:
    """What a move would do: from where, whereto, how many rows, and how many of them are clean where they are."""

    source: Submission
    target: Submission
    rows: int
    clean: int


def preview_move(pair: Pair, choice: Choice, *, to: str = Submission.Kind.ROUND) -> Preview:
    """Count what would move. Refuses what ``move_supports`` refuses."""
    _refuse_bad_choice(choice)
    source, target = ends_of(pair, to)
    ((rows, clean),) = sql.rows("supports/count_chosen", submission=source.pk, **choice.bound())
    return Preview(source, target, rows, clean)


def move_supports(
    pair: Pair, *, by: User, choice: Choice, to: str = Submission.Kind.ROUND, expected: int | None = None
) -> Job:
    """Queue the move of the chosen rows into the round that is being filled, or (``to`` "pool") back out of it.

    Refuses when the round's window is not open, when no row is chosen, when rows of a round that was handed in before
    would leave it, and (Conflict) when other rows than the ``expected`` number would move or a move is under way.
    """
    found = preview_move(pair, choice, to=to)
    if not found.rows:
        raise Refused(
            "nothing_to_move",
            _(
                "Tidak ada baris yang cocok dengan pilihan ini, jadi tidak ada yang dipindahkan. Ubah pilihannya."
            ),
        )
    if expected is not None and expected != found.rows:
        raise number_changed(expected, found.rows)
    pool = found.source if found.target.kind == Submission.Kind.ROUND else found.target
    params = {
        "source": found.source.pk,
        "target": found.target.pk,
        "choice": choice.params(),
        "expected": found.rows,
    }
    with transaction.atomic():
        running = Job.objects.filter(kind=JOB, subject_id=pool.pk, state="running").exists()
        job = jobs.enqueue(JOB, lane=f"pair:{pair.pk}", subject_id=pool.pk, by=by, **params)
        if running or job.params != params:
            raise Conflict(
                "move_under_way",
                _("Pemindahan lain dari Cadangan sedang berjalan. Tunggu sampai selesai, lalu ulangi."),
            )
        engine.record("supports_move_requested", pool, by=by, to=found.target.stage, rows=found.rows)
    return job


def ends_of(pair: Pair, to: str) -> tuple[Submission, Submission]:
    """From where rows move whereto now. Refuses when the round is not open for it."""
    current = may_receive(pair)
    if to == Submission.Kind.ROUND:
        refuse_additions(current)
        return pool_of(pair), current
    if to != Submission.Kind.POOL:
        raise Refused(
            "target_unknown",
            _("Tujuan “%(target)s” tidak dikenal, sehingga tidak ada yang dipindahkan. Isi round atau pool.")
            % {"target": to},
            "to",
        )
    refuse_leaving(current)
    state = window_state(pair, Window.Kind.FILLING, current.stage)
    if not state.rows.every:
        message = _("Baris tidak dapat dikembalikan ke Cadangan. %(reason)s")
        raise Refused("outside_the_ruling", message % {"reason": state.reason})
    return current, pool_of(pair)


def refuse_leaving(submission: Submission) -> None:
    """Refuses to take rows out of a round that was handed in before: its rows have been given."""
    if submission.kind == Submission.Kind.ROUND and submission.status != "draft":
        raise Refused(
            "handed_in_before",
            _(
                "Putaran ini pernah diserahkan, sehingga barisnya tidak dapat dikembalikan ke Cadangan. "
                "Baris yang keliru dapat dibenahi atau dihapus."
            ),
        )


@dataclass(frozen=True)
class InPool:
    """What is in a pair's pool; ``window`` is that of the round which would take its rows."""

    pool: Submission | None
    rows: int
    rows_clean: int
    findings: dict[str, int]
    by_area: list[AreaCount]
    window: WindowState
    move: Job | None


def look_into_pool(pair: Pair) -> InPool:
    """The counts of the pair's pool; a pool that was never filled is empty."""
    pool = Submission.objects.select_related("pair__election", "rule_set").filter(
        pair=pair, kind=Submission.Kind.POOL
    )
    pool = pool.first()
    by_area = counts_by_area(pair, [pool]) if pool else []
    latest = latest_round(pair)
    return InPool(
        pool=pool,
        rows=sum(area.submitted for area in by_area),
        rows_clean=sum(area.clean for area in by_area),
        findings=findings_of_round(pool) if pool else {},
        by_area=by_area,
        window=window_state(pair, Window.Kind.FILLING, latest.stage if latest else None),
        move=latest_move(pool) if pool else None,
    )


def latest_move(pool: Submission) -> Job | None:
    """The last move that was asked for, whatever became of it."""
    return Job.objects.filter(kind=JOB, subject_id=pool.pk).order_by("-id").first()


def number_changed(expected: int, rows: int) -> Conflict:
    """The rows are no longer those of the preview."""
    return Conflict(
        "rows_changed",
        _(
            "Jumlah baris berubah sejak pratinjau: semula %(expected)d, sekarang %(rows)d. Tidak ada yang dipindahkan; "
            "lihat pratinjaunya lagi."
        )
        % {"expected": expected, "rows": rows},
    )


def _refuse_bad_choice(choice: Choice) -> None:
    if choice.ids is not None and not 0 < len(choice.ids) <= MOST_CHOSEN:
        raise Refused(
            "rows_number",
            _(
                "Pilih 1 sampai 1.000 baris sekali jalan; untuk lebih banyak, pilih menurut wilayah atau unggahan."
            ),
            "ids",
        )
    rule = BY_CODE.get(choice.finding or "")
    if choice.finding and (rule is None or rule.audience != TEAM):
        raise Refused(
            "finding_unknown",
            _("Kode temuan “%(code)s” tidak dikenal.") % {"code": choice.finding},
            "finding",
        )
