"""A pair whose first round is closed, and the round in which it mends."""

from datetime import timedelta

from candidates.models import Window
from candidates.operations import open_window
from candidates.queries import now, rules_of
from foundation.workflow import engine
from supports.handing_in.receipts import receipt_of
from supports.models import Standing, Submission
from supports.receiving.operations import Counted, receive_round
from tests.factories import person
from tests.verification.rounds import in_review

SOUTH = {"district": "Bontang Selatan", "village": "Tanjung Laut"}
# Minimum 3 in 2 of 3 kecamatan.
ROWS = [person(1), person(2), person(3, **SOUTH), person(4), person(5)]
MOVES = {"MS": "pass", "BMS": "ask", "TMS": "fail"}


def open_perbaikan(election, *, kinds=Window.Kind.values, stage="perbaikan_1"):
    """The windows of the repair round, open now."""
    moment = now()
    span = {"opens_at": moment - timedelta(hours=1), "closes_at": moment + timedelta(days=5)}
    for kind in kinds:
        open_window(election, by=None, stage=stage, kind=kind, **span)


def decide(submission, statuses):
    """Decide the rows of a round in the order of their ids."""
    ids = list(
        Standing.objects.filter(submission=submission).order_by("support_id").values_list("pk", flat=True)
    )
    assert len(ids) == len(statuses)
    for status, move in MOVES.items():
        chosen = [pk for pk, given in zip(ids, statuses, strict=True) if given == status]
        engine.move_rows(Standing.objects.filter(pk__in=chosen), move)


def close(submission, office, result):
    """Close a round in verification with a result."""
    engine.move(submission, "close", by=office, result=result)


def closed(statuses=("MS", "BMS", "BMS", "TMS", "BMS"), result="BMS", rows=ROWS, **more):
    """Team, office and the closed first round; the windows of Perbaikan Kesatu are open."""
    team, office, review = in_review(list(rows), **more)
    decide(review.submission, statuses)
    close(review.submission, office, result)
    comes = rules_of(team[0].election).rounds[1].key
    open_perbaikan(team[0].election, stage=comes)
    return team, office, review.submission


def repair_round(team):
    """The repair round of the pair."""
    related = Submission.objects.select_related("pair__election__rule_set", "rule_set")
    return related.get(pair=team[0], stage="perbaikan_1")


def received(team, office):
    """The office accepts the repair round as its receipt says."""
    receipt = receipt_of(repair_round(team))
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=office, decision="accepted", minutes_number="BA-2/2024", areas=areas)
