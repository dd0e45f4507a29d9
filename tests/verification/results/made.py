"""Rounds with as many rows as the real ones had: standings alone, decided while the round is in review."""

from candidates.models import Pair
from candidates.operations import create_pair
from candidates.queries import key_scope, now
from foundation import sql
from foundation.keys.models import StoredFile
from supports.handing_in.receipts import number_of
from supports.models import AreaTally, HandIn, Receipt, Submission, first_id
from tests.factories import election
from verification.models import Review

UTARA, SELATAN, BARAT = 647401, 647402, 647403
# Bontang 2024: 16,395 = 10,011 MS + 1,324 BMS + 5,060 TMS; Perbaikan Kesatu 5,290 = 4,062 MS + 1,228 TMS.
# How they were spread over the three kecamatan is not known.
AWAL = {
    UTARA: {"MS": 4_700, "BMS": 600, "TMS": 2_300},
    SELATAN: {"MS": 4_500, "BMS": 600, "TMS": 2_500},
    BARAT: {"MS": 811, "BMS": 124, "TMS": 260},
}
PERBAIKAN_1 = {
    UTARA: {"MS": 2_000, "TMS": 600},
    SELATAN: {"MS": 1_462, "TMS": 500},
    BARAT: {"MS": 600, "TMS": 128},
}


# Behind the ids that uploads of a test have.
FAR = 1_000_000
ADD = (
    "INSERT INTO supports_standing (support_id, submission_id, area, sound, clean, vermin)"
    " SELECT id, %s, %s, true, true, 'unverified' FROM generate_series(%s, %s) AS id"
)
DECIDE = "UPDATE supports_standing SET vermin = %s WHERE submission_id = %s AND support_id BETWEEN %s AND %s"


def bontang(**more) -> Pair:
    """A pair of an election whose minimum is 13,160 in 2 of 3 kecamatan."""
    made = election(base=131_600, **more)
    return create_pair(made, by=None, name="Rangga – Melati", head="Rangga", deputy="Melati")


def made_round(
    pair: Pair, stage: str, counts: dict[int, dict[str, int]], *, status: str = "closed"
) -> Submission:
    """A round with so many rows of each status in each kecamatan; ``status`` is where it stands then."""
    submission, _ = Submission.objects.get_or_create(
        pair=pair, stage=stage, defaults={"rule_set": pair.election.rule_set}
    )
    wanted = [(area, vermin, n) for area, each in counts.items() for vermin, n in each.items()]
    first = first_id(FAR + submission.pk)
    for area, _vermin, n in wanted:
        sql.execute(ADD, [submission.pk, area * 10_000 + 1001, first, first + n - 1])
        first += n
    set_status(submission, "in_review")
    first = first_id(FAR + submission.pk)
    for _area, vermin, n in wanted:
        sql.execute(DECIDE, [vermin, submission.pk, first, first + n - 1])
        first += n
    set_status(submission, status)
    return submission


def set_status(submission: Submission, status: str) -> None:
    """Put the round there without the work that leads to it."""
    Submission.objects.filter(pk=submission.pk).update(status=status, result="")
    submission.status = status


def accounted(submission: Submission, office, *, rows: int | None = None) -> Review:
    """The round's verification, opened on a receipt that says so many rows: as many as there are."""
    if rows is None:
        rows = sum(
            one.ms + one.bms + one.tms + one.unverified
            for one in AreaTally.objects.filter(submission=submission)
        )
    election = submission.pair.election
    moment = now()
    asked = HandIn.objects.create(
        submission=submission, requested_at=moment, requested_by=office, ended_at=moment
    )
    number = number_of(election, submission.pk)
    Receipt.objects.create(
        hand_in=asked,
        election=election,
        sequence=submission.pk,
        number=number,
        leaves=StoredFile.objects.create(scope=key_scope(election)),
        body={"number": number, "rows": rows, "root": "0" * 64},
    )
    return Review.objects.create(submission=submission, rows=rows, opened_by=office)
