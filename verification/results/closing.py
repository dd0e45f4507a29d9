"""Closing a round: everything due is decided, so what came of it is counted, frozen, hashed, and told to the pair."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import refusals, zones
from candidates.queries import now
from candidates.thresholds import digits
from foundation import sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from supports.desk.outcome import repair_after
from supports.handing_in.receipts import receipt_of, title_of
from supports.models import Receipt, Submission
from supports.repairs.succession import begin_next
from verification.models import Review
from verification.results.canonical import NUMBERS, sha256_of
from verification.results.models import RecapRow, Result
from verification.results.readiness import Readiness, readiness_of
from verification.results.sums import Sum, sum_of
from verification.results.telling import tell_result


class NotReady(Refused):
    """Something still stands in the way of closing; ``missing`` names each of it."""

    def __init__(self, readiness: Readiness) -> None:
        reasons = readiness.reasons()
        message = _("Putaran ini belum dapat ditutup. %(reasons)s")
        super().__init__(reasons[0][0], message % {"reasons": " ".join(said for _code, said in reasons)})
        self.more = {"missing": [{"code": code, "message": said} for code, said in reasons]}


def close_round(review: Review, *, by: User, minutes_number: str = "") -> Result:
    """Close a round whose rows are all decided; its result is version 1, or the next one after a correction. The round
    that comes after it begins. A ``minutes_number`` is printed on the minutes, else it is left to be written by hand.

    Refuses while rows wait, a bulk decision is not ended or an earlier round is open, and rows that are others than
    the receipt says; Conflict when the round is not in verification.
    """
    submission = review.submission
    refusals.refuse_outside(by, Permission.CLOSE_ROUND, submission.pair.election.region_id)
    with transaction.atomic():
        _hold(submission)
        readiness = readiness_of(review)
        if not readiness.ready:
            raise NotReady(readiness)
        result = _freeze(review, by, " ".join(minutes_number.split()))
        told = {
            "minutes_number": result.minutes_number,
            "version": result.version,
            "sha256": result.sha256,
            **{name: getattr(result, name) for name in NUMBERS},
        }
        engine.move(submission, "close", by=by, data=told, result=result.outcome)
        tell_result(result)
        begin_next(submission)
    return result


def outcome_of(submission: Submission, added: Sum) -> str:
    """MS when number and spread are met, else BMS where a round for repair follows, else TMS."""
    if added.met:
        return "MS"
    return "BMS" if repair_after(submission.pair, submission.stage) else "TMS"


def by_area_of(result: Result) -> list[dict[str, Any]]:
    """The recap of a result, a line for each area in the order of their codes."""
    names = ("area", "district", "village", *NUMBERS)
    return list(result.recap.order_by("area").values(*names))


def _hold(submission: Submission) -> None:
    """Whoever decides a row holds the round too, and is waited for here. Conflict when it is not in verification."""
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR UPDATE", [submission.pk])
    submission.refresh_from_db(fields=["status", "result"])
    if submission.status != "in_review":
        message = _(
            "Putaran ini tidak sedang diverifikasi, sehingga tidak dapat ditutup. Muat ulang halaman."
        )
        raise Conflict("not_in_review", message)


def _freeze(review: Review, by: User, minutes_number: str) -> Result:
    submission = review.submission
    sql.make_room()
    recap = sql.dicts("results/count_recap", submission=submission.pk)
    numbers = {name: sum(line[name] for line in recap) for name in NUMBERS}
    receipt = _receipt_that_says(submission, numbers["submitted"])
    added = sum_of(submission)
    if added.here != numbers["ms"]:
        raise RuntimeError(
            f"round {submission.pk}: {numbers['ms']} rows are MS, and {added.here} are counted"
        )
    outcome, version, moment = outcome_of(submission, added), review.results.count() + 1, now()
    head = {
        "version": version,
        "outcome": outcome,
        "closed_at": zones.local(moment, submission.pair.election.zone).isoformat(timespec="microseconds"),
    }
    body = _said(submission, receipt) | head | numbers | {"sum": added.as_json()}
    result = Result.objects.create(
        review=review,
        version=version,
        outcome=outcome,
        **numbers,
        body=body,
        sha256=sha256_of(body, recap),
        minutes_number=minutes_number,
        closed_at=moment,
        closed_by=by,
    )
    RecapRow.objects.bulk_create([RecapRow(result=result, **line) for line in recap])
    return result


def _said(submission: Submission, receipt: Receipt) -> dict[str, Any]:
    """Of whom and what, in the names of this day."""
    pair, election = submission.pair, submission.pair.election
    return {
        "election": {"id": election.pk, "name": election.name, "region": election.region_id},
        "pair": {"id": pair.pk, "name": pair.name, "head": pair.head, "deputy": pair.deputy},
        "submission": submission.pk,
        "stage": submission.stage,
        "stage_title": title_of(submission),
        "receipt": receipt.number,
        "root": receipt.body["root"],
    }


def _receipt_that_says(submission: Submission, rows: int) -> Receipt:
    """The latest receipt. Refuses when it speaks of another number of rows than there are, or is missing."""
    receipt = receipt_of(submission)
    if receipt is None or receipt.body["rows"] != rows:
        message = _(
            "Tanda terima menyebut %(said)s baris, padahal ada %(rows)s baris. Putaran ini tidak dapat ditutup: "
            "periksa tanda terimanya dengan program pemeriksa, lalu hubungi KPU RI."
        )
        said = digits(receipt.body["rows"]) if receipt else "–"
        raise Refused("receipt_differs", message % {"said": said, "rows": digits(rows)})
    return receipt
