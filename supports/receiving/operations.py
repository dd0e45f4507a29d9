"""Receiving a round: claimed, counted on paper and in Silon side by side, then accepted, completed or returned.

A statement without a copy of the KTP-el, or without a signature or thumb print, is not counted (KPU Kabupaten, 2020).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.queries import now
from candidates.rule_sets import RuleSet
from candidates.thresholds import digits
from foundation import sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from supports.handing_in.receipts import receipt_of
from supports.models import Receipt, Reception, Submission
from supports.papers.scans import papers_ready
from supports.progress import areas_kept

Decision = Reception.Decision
MOVES = {
    Decision.ACCEPTED: ("accept",),
    Decision.COMPLETING: ("accept", "complete"),
    Decision.RETURNED: ("return",),
}
MOST = 2**31 - 1


@dataclass(frozen=True)
class Counted:
    """What was claimed and counted on paper in one area."""

    code: int
    claimed: int
    counted: int


def receive_round(
    receipt: Receipt,
    *,
    by: User,
    decision: str,
    minutes_number: str,
    areas: Sequence[Counted],
    reasons: str = "",
) -> Reception:
    """Decide about what was handed in. The numbers are the office's own, one for each area of the receipt.

    Refuses an unknown decision, minutes without a number, numbers that are missing or negative, a return or a
    difference without reasons, accepting what is short of the minimum or the spread on paper, and completion where
    the rule set knows none; Conflict when it was decided already, or another receipt stands for the round.
    """
    submission = receipt.hand_in.submission
    refusals.refuse_outside(by, Permission.RECEIVE_ROUND, submission.pair.election.region_id)
    number, reasons = " ".join(minutes_number.split()), reasons.strip()
    compared = _compared(receipt.body, areas)
    _refuse_incomplete(decision, number, reasons, compared)
    if decision != Decision.RETURNED:
        _refuse_short(receipt.body, compared, areas_kept(submission))
    with transaction.atomic():
        _hold(receipt, submission)
        moment = now()
        reception = Reception.objects.create(
            receipt=receipt,
            decision=decision,
            minutes_number=number,
            areas=compared,
            reasons=reasons,
            papers_missing=papers_ready(submission).sentence[:500],
            completes_until=_completes_until(submission, moment) if decision == Decision.COMPLETING else None,
            decided_at=moment,
            decided_by=by,
        )
        for move in MOVES[Decision(decision)]:
            engine.move(submission, move, by=by, data={"minutes": number, "receipt": receipt.number})
    return reception


def _hold(receipt: Receipt, submission: Submission) -> None:
    """Two officers who decide at once wait for each other here. Conflict for the second, and for an older receipt."""
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR UPDATE", [submission.pk])
    submission.refresh_from_db(fields=["status"])
    latest = receipt_of(submission)
    if latest is None or latest.pk != receipt.pk or Reception.objects.filter(receipt=receipt).exists():
        message = _("Penyerahan %(number)s sudah diputus. Muat ulang halaman untuk melihat keputusannya.")
        raise Conflict("already_received", message % {"number": receipt.number})


def _completes_until(submission: Submission, moment: datetime) -> datetime:
    hours = RuleSet.from_json(submission.rule_set.body).completing_hours
    if not hours:
        message = _(
            "Aturan putaran ini tidak mengenal masa pelengkapan. Terima, atau kembalikan dengan alasan."
        )
        raise Refused("no_completion", message, "decision")
    return moment + timedelta(hours=hours)


def _compared(body: Mapping[str, Any], areas: Sequence[Counted]) -> list[dict[str, Any]]:
    """One line for each area of the receipt. Refuses strangers, gaps and impossible numbers."""
    given = {one.code: one for one in areas}
    if len(given) != len(areas) or set(given) != {one["code"] for one in body["by_area"]}:
        message = _("Isi satu angka untuk setiap wilayah pada tanda terima, tanpa yang lain.")
        raise Refused("areas_do_not_fit", message, "areas")
    for one in areas:
        if not (0 <= one.counted <= one.claimed <= MOST):
            message = _(
                "Yang dihitung (%(counted)s) tidak boleh lebih banyak daripada yang dinyatakan pasangan calon "
                "(%(claimed)s). Periksa angka wilayah %(code)s."
            )
            words = {"counted": digits(one.counted), "claimed": digits(one.claimed), "code": one.code}
            raise Refused("count_impossible", message % words, "areas")
    return [
        {
            "code": one["code"],
            "name": one["name"],
            "claimed": given[one["code"]].claimed,
            "counted": given[one["code"]].counted,
            "in_silon": one["rows"],
        }
        for one in body["by_area"]
    ]


def _refuse_incomplete(decision: str, number: str, reasons: str, areas: Sequence[Mapping[str, Any]]) -> None:
    if decision not in Decision.values:
        raise Refused(
            "decision_unknown",
            _("Pilih keputusan: terima, terima dengan pelengkapan, atau kembalikan."),
            "decision",
        )
    if not number:
        raise Refused("minutes_without_number", _("Nomor berita acara belum diisi."), "minutes_number")
    if reasons:
        return
    if decision == Decision.RETURNED:
        message = _(
            "Alasan pengembalian belum diisi. Tulis apa yang kurang dan di mana, agar dapat dibenahi."
        )
        raise Refused("return_without_reasons", message, "reasons")
    if any(one["counted"] != one["in_silon"] for one in areas):
        message = _("Hitungan fisik berbeda dari Silon. Tulis penjelasannya, atau kembalikan dukungan ini.")
        raise Refused("difference_without_reasons", message, "reasons")


def _refuse_short(body: Mapping[str, Any], areas: Sequence[Mapping[str, Any]], kept: Set[int]) -> None:
    """``kept`` are the areas that earlier rounds cover already."""
    counted = sum(one["counted"] for one in areas)
    covered = len(kept | {one["code"] for one in areas if one["code"] and one["counted"]})
    if counted >= body["asked"] and covered >= body["min_spread"]:
        return
    message = _(
        "Yang dihitung %(counted)s di %(covered)s wilayah, kurang dari yang diminta: %(asked)s di %(spread)s wilayah. "
        "Dukungan ini dikembalikan dengan alasannya, bukan diterima."
    )
    words = {"counted": digits(counted), "asked": digits(body["asked"]), "covered": covered}
    raise Refused("paper_short", message % {**words, "spread": body["min_spread"]}, "decision")
