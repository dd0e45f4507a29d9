"""One handing-in as a team asks for it: the round closed, every row hashed, the receipt signed."""

import time
from datetime import timedelta

from bench.failed import Failed
from bench.loading import wait
from bench.measured import HandedIn
from bench.memory import PeakMemory
from bench.processes import Worker
from bench.scene import STAGE, operator_of
from candidates.models import Election, Window
from candidates.operations import open_window
from candidates.queries import now
from supports.handing_in.operations import hand_in
from supports.models import Receipt, Upload


def measure_hand_in(upload_id: int, worker: Worker) -> HandedIn:
    """Hand in the round of an upload. Raises Failed when the receipt is not that of its rows."""
    upload = Upload.objects.select_related("submission__pair__election").get(pk=upload_id)
    pair = upload.submission.pair
    _let_in(pair.election)
    pair.election.refresh_from_db()
    operator = operator_of(pair)
    with PeakMemory(worker) as memory:
        began = time.perf_counter()
        asked = hand_in(pair, by=operator).hand_in
        steps = wait(asked.job, worker)
        seconds = time.perf_counter() - began
    receipt = Receipt.objects.get(hand_in=asked)
    if receipt.body["rows"] != upload.rows:
        raise Failed(f"The receipt says {receipt.body['rows']} rows, {upload.rows} were loaded.")
    peaks = tuple(round(peak / 1e6, 1) for peak in memory.rss.values())
    return HandedIn(rows=upload.rows, seconds=seconds, steps=steps, peaks_mb=peaks)


def _let_in(election: Election) -> None:
    """Handing in is open, and what the file holds is enough."""
    moment = now()
    span = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=30)}
    open_window(election, by=None, stage=STAGE, kind=Window.Kind.HANDING_IN, **span)
    enough = {"override_minimum": 1, "override_spread": 1, "override_decree": "Pengukuran"}
    Election.objects.filter(pk=election.pk).update(**enough)
