"""Whose a scan is. Asked of the pair's own rows alone: a scan named for another pair's row has no row here.

What a round takes: until it is handed in, everything received before; while it is completed (completing), documents
that a row lacks; afterwards nothing. The moment of receipt counts, not the moment a job comes to it.
"""

from datetime import datetime

from candidates.models import Pair
from foundation import sql
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from supports.models import HandIn, Submission, Upload, first_id
from supports.scans.cards import compare_cards
from supports.scans.models import Scan

JOB = "supports.place_scans"
OPEN = ("draft", "returned", "reopened")
ALWAYS, NEVER = "infinity", "-infinity"


def lane_of(pair: Pair) -> str:
    """The lane of a pair's scans: they are long work, and no load of rows waits behind them."""
    return f"scans:{pair.pk}"


def queue_placing(pair: Pair) -> Job | None:
    """Have the scans that wait for their rows looked at again; nothing while the pair has none."""
    if not Scan.objects.filter(pair=pair).exists():
        return None
    return enqueue(JOB, lane=lane_of(pair), subject_id=pair.pk, by=None)


def place_scans(pair: Pair) -> int:
    """Give scans their rows, end what they replace, mark what is repeated, list and count; how many were placed."""
    sql.make_room()
    moved = [pk for (pk,) in sql.rows("scans/follow_rows", pair=pair.pk)]
    rounds = list(Submission.objects.filter(pair=pair).order_by("id"))
    placed = sql.rows("scans/place_scans", pair=pair.pk, **_spans(pair), **_places(rounds))
    supports = sorted({support for _scan, support in placed if support is not None})
    followed = Scan.objects.filter(pk__in=moved, support__isnull=False).values_list("support_id", flat=True)
    settle(pair, [*moved, *(scan for scan, support in placed if support is not None)], supports)
    compare_cards(sorted(set(followed)))
    latest = [one.pk for one in rounds if one.kind == Submission.Kind.ROUND][-1:]
    for submission in latest:
        sql.run("scans/list_lacks", pair=pair.pk, submission=submission)
    sql.run("scans/count_scans", pair=pair.pk, submissions=[one.pk for one in rounds], listed=latest)
    return len(supports)


def settle(pair: Pair, scans: list[int], supports: list[int]) -> None:
    """After scans came to rows or left them: what is replaced ends, what is repeated is marked, cards are compared."""
    if supports:
        sql.run("scans/end_older_scans", supports=supports)
        compare_cards(supports)
    if scans:
        sql.run("scans/mark_repeated_scans", pair=pair.pk, ids=scans)


def _places(rounds: list[Submission]) -> dict[str, list]:
    """For each round of the pair until when it takes scans, and whether it is being completed."""
    asked: dict[int, datetime] = dict(
        HandIn.objects.filter(submission__in=rounds, error_code="")
        .order_by("id")
        .values_list("submission_id", "requested_at")
    )
    return {
        "submissions": [one.pk for one in rounds],
        "untils": [ALWAYS if one.status in OPEN else str(asked.get(one.pk, NEVER)) for one in rounds],
        "completings": [one.status == "completing" for one in rounds],
    }


def _spans(pair: Pair) -> dict[str, list[int]]:
    uploads = list(Upload.objects.filter(submission__pair=pair).order_by("id").values_list("pk", flat=True))
    return {"firsts": [first_id(pk) for pk in uploads], "lasts": [first_id(pk + 1) for pk in uploads]}
