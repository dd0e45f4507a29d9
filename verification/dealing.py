"""Opening the administrative verification of a round, dealing its rows to people, and taking rows back.

Everything due is dealt, nothing twice: a row waits for one person or for nobody, and a deal takes all of its areas that
wait for nobody (verification/sql/deal_rows.sql).
"""

from collections.abc import Sequence
from secrets import randbits

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.queries import now
from candidates.territory import area_range
from foundation import sql
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from supports.models import Reception, Submission, Upload, UploadTally
from verification.duplicates.grouping import queue_grouping
from verification.models import Deal, Review, Share, Work
from verification.queries import verifiers_of
from verification.rolls.matching import queue_matching

MOST_PEOPLE = 5_000
EVERYWHERE = (0, 99_99_99_9999 + 1)
ALL_ROWS = """
SELECT coalesce(sum(n), 0) FROM supports_tally
 WHERE submission_id = %s AND key IN ('unverified', 'MS', 'BMS', 'TMS')
"""


def open_review(submission: Submission, *, by: User) -> Review:
    """Begin the administrative verification of a round that was accepted; a job finds its groups of duplicates.

    One that a ruling had reopened (docs/adr/0040) goes on with what was decided, and its new rows wait.
    Refuses while the pair may still complete it; Conflict when it stands elsewhere or was begun.
    """
    refusals.refuse_outside(by, Permission.DEAL_WORK, submission.pair.election.region_id)
    with transaction.atomic():
        if submission.status == "completing":
            _refuse_completing(submission)
        review = _begun(submission, by)
        go_on(review, by=by)
    return review


def _begun(submission: Submission, by: User) -> Review:
    again = Review.objects.filter(submission=submission).first()
    engine.move(submission, "review", by=by, data={"again": True} if again else {})
    return again or Review.objects.create(submission=submission, rows=0, opened_by=by)


def go_on(review: Review, *, by: User | None) -> None:
    """Count the rows of a round whose verification begins, or goes on after a ruling; jobs look at them."""
    submission = review.submission
    review.rows = sql.value(ALL_ROWS, [submission.pk])
    review.save(update_fields=["rows"])
    queue_grouping(submission, by=by)
    queue_matching(submission, by=by)


def _refuse_completing(submission: Submission) -> None:
    latest = Reception.objects.filter(receipt__hand_in__submission=submission).order_by("-id").first()
    if latest and latest.completes_until and latest.completes_until > now():
        message = _("Masa pelengkapan pasangan ini belum berakhir, sehingga verifikasi belum dapat dimulai.")
        raise Refused("still_completing", message)


def deal_rows(
    review: Review, *, by: User, people: Sequence[User], area: int = 0, way: str = "village"
) -> Deal:
    """Deal the rows of an area (0: all) that nobody holds to these people, as evenly as they can be.

    Refuses nobody, too many, people who may not verify there or whose own rows are in the round, and when nothing is
    due; Conflict when another deal took rows meanwhile, or the round is no longer in verification.
    """
    submission = review.submission
    refusals.refuse_outside(by, Permission.DEAL_WORK, area or submission.pair.election.region_id)
    people = list(dict.fromkeys(people))
    first, end = _range(submission, area)
    _refuse_people(submission, people, area)
    with transaction.atomic():
        hold_in_review(submission)
        span = {"submission": submission.pk, "area_from": first, "area_to": end - 1}
        (due,) = sql.rows("verification/count_due", **span)[0]
        if not due:
            message = _(
                "Tidak ada baris yang menunggu dibagi di wilayah ini: semuanya sudah dibagi atau diputus."
            )
            raise Refused("nothing_due", message)
        dealt = _deal(people, way, span)
        if dealt != due:
            raise Conflict("dealt_meanwhile", _dealt_meanwhile())
        deal = Deal.objects.create(
            review=review, area=area, way=way, rows=dealt, people=len(people), dealt_by=by
        )
        engine.record("rows_dealt", deal, by=by, area=area, way=way, rows=dealt, people=len(people))
    return deal


def _deal(people: Sequence[User], way: str, span: dict[str, int]) -> int:
    sql.make_room()
    holders = [person.pk for person in people]
    try:
        return sql.run(
            "verification/deal_rows",
            holders=holders,
            mixed=way == Deal.Way.RANDOM,
            seed=randbits(62),
            **span,
        )
    except IntegrityError as error:
        raise Conflict("dealt_meanwhile", _dealt_meanwhile()) from error


def _dealt_meanwhile() -> str:
    return _(
        "Baris di wilayah ini baru saja dibagi orang lain. Muat ulang halaman untuk melihat pembagiannya."
    )


def _range(submission: Submission, area: int) -> tuple[int, int]:
    """The areas of a deal; every row, also of no known area, when none is named. Refuses a stranger."""
    if not area:
        return EVERYWHERE
    if not str(area).startswith(str(submission.pair.election.region_id)) or len(str(area)) > 10:
        message = _("Wilayah %(area)s bukan bagian pemilihan ini. Pilih salah satu wilayahnya.")
        raise Refused("area_outside", message % {"area": area}, "area")
    return area_range(area)


def _refuse_people(submission: Submission, people: Sequence[User], area: int) -> None:
    if not people or len(people) > MOST_PEOPLE:
        message = _("Pilih sedikitnya satu dan paling banyak %(most)s verifikator.")
        raise Refused("nobody_to_deal_to", message % {"most": MOST_PEOPLE}, "people")
    where = area or submission.pair.election.region_id
    for person in people:
        if not person.is_active or not scopes(person, Permission.VERIFY).contains_region(where):
            message = _("%(name)s tidak bertugas memeriksa di wilayah ini. Pilih orang lain.")
            raise Refused("not_a_verifier_there", message % {"name": person}, "people")
    refuse_own_rows(submission, people)


def refuse_own_rows(submission: Submission, people: Sequence[User]) -> None:
    """Refuse people who brought rows of a round: they never verify it."""
    own = uploaders_of(submission) & {person.pk for person in people}
    for person in people:
        if person.pk in own:
            message = _(
                "%(name)s pernah memasukkan baris ke putaran ini, sehingga tidak boleh memeriksanya. Pilih orang lain."
            )
            raise Refused("own_rows", message % {"name": person}, "people")


def free_verifiers_of(submission: Submission, area: int) -> list[User]:
    """Everybody whose work is verifying and to whom the rows of an area (0: all) may be dealt, by name."""
    own = uploaders_of(submission)
    return [person for person in verifiers_of(submission, area, offices=False) if person.pk not in own]


def uploaders_of(submission: Submission) -> set[int]:
    """The people who brought rows of a round: they never verify it."""
    held = UploadTally.objects.filter(submission=submission, key="rows", n__gt=0).values("upload")
    brought = Upload.objects.filter(pk__in=held, received_by__isnull=False).order_by()
    return set(brought.values_list("received_by", flat=True).distinct())


def take_back(review: Review, *, by: User, person: User) -> int:
    """Take the rows that wait for a person back, to be dealt anew; what they decided stays. Returns how many.

    Refuses when none waits; Conflict when the round is no longer in verification.
    """
    submission = review.submission
    refusals.refuse_outside(by, Permission.DEAL_WORK, submission.pair.election.region_id)
    with transaction.atomic():
        hold_in_review(submission)
        taken, _each = Work.objects.filter(submission=submission, holder=person).delete()
        if not taken:
            message = _("Tidak ada baris yang menunggu %(name)s di putaran ini.")
            raise Refused("nothing_to_take_back", message % {"name": person})
        engine.record("rows_taken_back", review, by=by, person=person.pk, rows=taken)
    return taken


def hold_in_review(submission: Submission, *, reopened: bool = False) -> None:
    """Keep the round in verification, or where that is right too reopened, until this transaction ends. Conflict when
    it is elsewhere.
    """
    status = sql.value("SELECT status FROM supports_submission WHERE id = %s FOR SHARE", [submission.pk])
    if status != "in_review" and not (reopened and status == "reopened"):
        message = _(
            "Putaran ini tidak sedang diverifikasi, sehingga tidak ada yang berubah. Muat ulang halaman."
        )
        raise Conflict("not_in_review", message)


def left_for(submission: Submission, person: User) -> int:
    """How many rows of a round wait for a person."""
    return (
        Share.objects.filter(submission=submission, holder=person).values_list("left", flat=True).first() or 0
    )
