"""Standings alone, spread over the kelurahan of Jakarta and decided; then the round is closed, and read."""

import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.test import Client
from django.urls import reverse

from bench import database
from bench.failed import Failed
from bench.scene import officer_of
from candidates.models import Election, Pair
from candidates.operations import create_election, create_pair
from candidates.queries import key_scope, now
from foundation import sql
from foundation.accounts.models import User
from foundation.keys.models import StoredFile
from foundation.regions.models import Region
from silon.embedded.keep import say
from supports.handing_in.receipts import number_of
from supports.models import HandIn, Receipt, Submission, first_id
from verification.models import Review
from verification.results.closing import close_round
from verification.results.models import RecapRow, Result
from verification.results.paper import minutes_pdf

JAKARTA, OK = 31, 200
ADD = """
INSERT INTO supports_standing (support_id, submission_id, area, sound, clean, vermin)
SELECT id, %(round)s, (%(areas)s::bigint[])[(hashint8(id) & 65535) %% cardinality(%(areas)s::bigint[]) + 1],
       true, true, 'unverified'
  FROM generate_series(%(first)s, %(last)s) AS id
"""
DECIDE = """
UPDATE supports_standing
   SET vermin = CASE WHEN support_id %% 10 < 5 THEN 'MS' WHEN support_id %% 10 < 7 THEN 'BMS' ELSE 'TMS' END
 WHERE submission_id = %(round)s
"""


@dataclass(frozen=True)
class Recapped:
    """``close_s``: locks, recap, hash and Event; ``recap_s``: the rows counted alone, the median of five."""

    rows: int
    districts: int
    villages: int
    recap_s: float
    close_s: float
    page_ms: float
    minutes_s: float
    load_average: float


def run(rows: int, out: Path) -> int:
    """Measure, print, write."""
    load_before = os.getloadavg()[0]
    say("Preparing the database …")
    database.prepare()
    election = _jakarta()
    office = officer_of(election)
    review = _decided_round(election, rows, office)
    found = _measure(review, office, load_before)
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(asdict(found), indent=1) + "\n")
    for name, value in asdict(found).items():
        print(f"{name:>18}  {value}")
    return 0


def _jakarta() -> Election:
    return create_election(
        by=None,
        name="Pemilihan Gubernur Jakarta 2024",
        level="gubernur",
        region_id=JAKARTA,
        rule_set="pkpu8-2024",
        base=8_252_897,
        voting_day=date(2024, 11, 27),
    )


def _decided_round(election: Election, rows: int, office: User) -> Review:
    pair = create_pair(election, by=None, name="Rangga – Melati", head="Rangga", deputy="Melati")
    submission = Submission.objects.create(pair=pair, stage="awal", rule_set=election.rule_set)
    low, high = JAKARTA * 10**8, (JAKARTA + 1) * 10**8
    areas = list(Region.objects.filter(pk__range=(low, high), current=True).values_list("pk", flat=True))
    say(f"{rows:,} rows in {len(areas)} kelurahan …")
    first = first_id(submission.pk)
    sql.execute(ADD, {"round": submission.pk, "areas": areas, "first": first, "last": first + rows - 1})
    _put(submission, "in_review")
    sql.execute(DECIDE, {"round": submission.pk})
    sql.execute("ANALYZE supports_standing")
    return _accounted(pair, submission, office, rows)


def _put(submission: Submission, status: str) -> None:
    sql.execute("UPDATE supports_submission SET status = %s WHERE id = %s", [status, submission.pk])


def _accounted(pair: Pair, submission: Submission, office: User, rows: int) -> Review:
    moment = now()
    asked = HandIn.objects.create(
        submission=submission, requested_at=moment, requested_by=office, ended_at=moment
    )
    number = number_of(pair.election, 1)
    leaves = StoredFile.objects.create(scope=key_scope(pair.election))
    body = {"number": number, "rows": rows, "root": "0" * 64}
    Receipt.objects.create(
        hand_in=asked, election=pair.election, sequence=1, number=number, leaves=leaves, body=body
    )
    return Review.objects.create(submission=submission, rows=rows, opened_by=office)


def _measure(review: Review, office: User, load_before: float) -> Recapped:
    review = Review.objects.select_related("submission__pair__election", "submission__rule_set").get(
        pk=review.pk
    )
    counted = [
        _timed(lambda: sql.rows("results/count_recap", submission=review.submission_id)) for _ in range(5)
    ]
    close_s = _timed(lambda: close_round(review, by=office))
    result = Result.objects.get(review=review)
    lines = RecapRow.objects.filter(result=result).values_list("area", flat=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(office)
    _asked(client, review)  # the first page of a process compiles its templates
    return Recapped(
        rows=result.submitted,
        districts=len({area // 10_000 for area in lines}),
        villages=len(lines),
        recap_s=round(statistics.median(counted), 2),
        close_s=round(close_s, 2),
        page_ms=round(_timed(lambda: _asked(client, review)) * 1000),
        minutes_s=round(_timed(lambda: minutes_pdf(result)), 2),
        load_average=round(load_before, 1),
    )


def _asked(client: Client, review: Review) -> None:
    answer = client.get(reverse("round_result", args=[review.submission_id]))
    if answer.status_code != OK:
        raise Failed(f"The page of the result answered {answer.status_code}.")


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
