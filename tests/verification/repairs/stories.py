"""What the published stories share: people of a region as files, and a round handed in, received, decided, counted."""

import io
from datetime import timedelta

import polars as pl

from candidates.models import Window
from candidates.operations import open_window
from candidates.queries import now
from supports.handing_in.operations import hand_in
from supports.handing_in.receipts import receipt_of
from supports.listing import Filter
from supports.models import AreaTally, Submission
from supports.receiving.operations import Counted, receive_round
from supports.synthetic import pieces
from tests.factories import loaded, work
from verification.bulk import approve_bulk, preview_bulk, propose_bulk
from verification.dealing import open_review

STATUSES = ("ms", "bms", "tms")


def people(places, first, number, seed=7):
    """So many people of some places from that number on; another number is another person."""
    return pl.concat(pieces(first + number, places, seed=seed, defects=False)).slice(first)


def brought(team, frame, name):
    """A frame of rows, uploaded by the team and loaded; the filter that shows exactly its rows."""
    out = io.BytesIO()
    frame.write_csv(out)
    made = loaded(*team, out.getvalue(), name)
    assert (made.status, made.rows) == ("loaded", frame.height)
    return whole(made)


def whole(upload):
    """The filter that shows the rows of an upload."""
    return Filter(upload=upload.pk)


def open_windows(election, *stages):
    """Both windows of these rounds, open now."""
    moment = now()
    span = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=1)}
    for stage in stages:
        for kind in Window.Kind.values:
            open_window(election, by=None, stage=stage, kind=kind, **span)


def round_of(pair, stage):
    related = Submission.objects.select_related("pair__election__rule_set", "rule_set")
    return related.get(pair=pair, stage=stage)


def in_review(team, stage, office):
    """Hand a round in, accept what its receipt says, and open its verification."""
    hand_in(team[0], by=team[1])
    work()
    receipt = receipt_of(round_of(team[0], stage))
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=office, decision="accepted", minutes_number=f"BA-{stage}", areas=areas)
    return open_review(round_of(team[0], stage), by=office)


def decided(review, office, second, decisions):
    """Decide the rows of each filter in bulk, proposed by one and approved by another; the bulk decisions, done."""
    made = []
    for wanted, (status, *reasons) in decisions.items():
        token = preview_bulk(review.submission, wanted).token
        bulk = propose_bulk(review, wanted, by=office, status=status, reasons=reasons, token=token)
        approve_bulk(bulk, by=second)
        made.append(bulk)
    work()
    for bulk in made:
        bulk.refresh_from_db()
        assert bulk.status == "done"
    return made


def verified(team, stage, office, second, decisions):
    """A round handed in, accepted, and every row of it decided."""
    review = in_review(team, stage, office)
    decided(review, office, second, decisions)
    return review.submission


def numbers_of(submission):
    """(MS, BMS, TMS) of a round."""
    areas = AreaTally.objects.filter(submission=submission).values_list(*STATUSES)
    return tuple(map(sum, zip(*areas, strict=True)))


def rows_by_area(submission):
    """How many rows lie in each area that counts for the spread, in the order of their codes."""
    areas = AreaTally.objects.filter(submission=submission).order_by("code")
    return tuple(map(sum, areas.values_list("unverified", *STATUSES)))
