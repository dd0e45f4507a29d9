"""Where the rules ask for a second reader: a status takes effect once two people have read the same.

Until then the row is unverified and waits in ``SecondReading``; nobody holds it until another person takes it. When the
two differ, the office takes it and decides (docs/adr/0039).
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import refusals
from candidates.rule_sets import RuleSet
from foundation import sql
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.regions.codes import area_range
from foundation.workflow import engine
from supports.models import Standing, Submission
from supports.removal import as_array
from verification.dealing import hold_in_review, refuse_own_rows
from verification.models import Decision, Review, SecondReading, Work

AT_ONCE = 100


def asks_for_two(submission: Submission, status: str) -> bool:
    """Whether this status takes effect only when a second person reads the same."""
    return status in RuleSet.from_json(submission.rule_set.body).second_reader


def forget_readings(submission: Submission, ids: Sequence[int]) -> None:
    """Rows that are decided in bulk wait for no second person any more, and for nobody who took them meanwhile."""
    if RuleSet.from_json(submission.rule_set.body).second_reader:
        SecondReading.objects.filter(pk__in=ids).delete()
        sql.run("verification/take_bulk_work", ids=as_array(ids))


def reading_of(standing: Standing) -> SecondReading | None:
    """What was read of a row so far, held until the transaction ends; nothing where no second person is waited for."""
    found = SecondReading.objects.select_for_update(of=("self",)).filter(pk=standing.support_id)
    return found.select_related("first__by", "second__by").first()


def takes_effect(reading: SecondReading | None, submission: Submission, status: str) -> bool:
    """Whether a status that a person gives now decides the row."""
    if reading is None:
        return not asks_for_two(submission, status)
    return reading.second_id is not None or reading.first.after == status


def follow(reading: SecondReading | None, decision: Decision) -> None:
    """What a row waits for, after what a person said of it."""
    if decision.takes_effect:
        SecondReading.objects.filter(pk=decision.support_id).delete()
    elif reading is None:
        SecondReading.objects.create(
            support_id=decision.support_id, submission_id=decision.submission_id, first=decision
        )
    else:
        SecondReading.objects.filter(pk=decision.support_id).update(second=decision)


def refuse_reader(reading: SecondReading | None, by: User) -> None:
    """Refuse who has read the row already."""
    if reading and by.pk in {reading.first.by_id, reading.second and reading.second.by_id}:
        message = _(
            "Baris ini sudah Anda periksa dan menunggu orang lain, sehingga tidak ada yang berubah. Lanjutkan ke "
            "baris berikutnya."
        )
        raise NotAllowed("read_by_you", message)


def waiting_for_second(submission: Submission, person: User) -> QuerySet[SecondReading]:
    """The rows that wait for a second person, for whom nobody holds them, and that this one may read."""
    found = SecondReading.objects.filter(submission=submission, second=None).exclude(first__by=person)
    return found.filter(support_id__in=_of_own_area(submission, person).values("support_id"))


def may_take_second(submission: Submission, person: User) -> bool:
    """Whether a row waits that this person may read after another."""
    if not RuleSet.from_json(submission.rule_set.body).second_reader:
        return False
    return waiting_for_second(submission, person).exists()


def disputed(submission: Submission, person: User | None = None) -> QuerySet[SecondReading]:
    """The rows of which two people read different things, for whom nobody holds them; not those ``person`` read."""
    found = SecondReading.objects.filter(submission=submission, second__isnull=False)
    if person:
        found = found.exclude(first__by=person).exclude(second__by=person)
    return found.exclude(support_id__in=Work.objects.filter(submission=submission).values("support_id"))


def _of_own_area(submission: Submission, person: User) -> QuerySet[Standing]:
    """Rows of the round that nobody holds, inside where this person verifies."""
    held = scopes(person, Permission.VERIFY)
    rows = Standing.objects.filter(submission=submission).exclude(
        support_id__in=Work.objects.filter(submission=submission).values("support_id")
    )
    if held.contains_region(submission.pair.election.region_id):
        return rows
    inside = Standing.objects.none()
    for first, end in map(area_range, held.regions):
        inside |= rows.filter(area__gte=first, area__lt=end)
    return inside


def take_second_readings(review: Review, *, by: User) -> int:
    """Take up to a hundred rows that wait for a second person. Returns how many.

    Refuses who brought rows of the round, and when none waits that somebody else has read; Conflict when the round is
    no longer in verification.
    """
    submission = review.submission
    if not scopes(by, Permission.VERIFY):
        refusals.refuse_outside(by, Permission.VERIFY, submission.pair.election.region_id)
    refuse_own_rows(submission, [by])
    message = _("Tidak ada baris yang menunggu pembacaan kedua oleh Anda di putaran ini.")
    return _take(review, waiting_for_second(submission, by), by, "second_readings_taken", message)


def take_disputed(review: Review, *, by: User) -> int:
    """An officer takes the rows of which two people read different things, to decide them. Returns how many.

    Refuses when there is none that two others have read; Conflict when the round is no longer in verification.
    """
    submission = review.submission
    for permission in (Permission.DEAL_WORK, Permission.VERIFY):
        refusals.refuse_outside(by, permission, submission.pair.election.region_id)
    refuse_own_rows(submission, [by])
    message = _("Tidak ada baris dengan dua pembacaan berbeda yang dapat Anda putus di putaran ini.")
    return _take(review, disputed(submission, by), by, "disputed_rows_taken", message)


def _take(review: Review, found: QuerySet[SecondReading], by: User, told: str, none: str) -> int:
    with transaction.atomic():
        hold_in_review(review.submission)
        free = found.select_for_update(of=("self",), skip_locked=True).order_by("support_id")
        ids = list(free.values_list("support_id", flat=True)[:AT_ONCE])
        if not ids:
            raise Refused("nothing_to_read", none)
        Work.objects.bulk_create([Work(support_id=pk, submission=review.submission, holder=by) for pk in ids])
        engine.record(told, review, by=by, rows=len(ids))
    return len(ids)


def take_reading_back(standing: Standing, reading: SecondReading, *, by: User) -> Decision:
    """Take one's own reading back before another person holds the row; it waits for oneself again.

    Refuses another person's; Conflict when somebody else holds the row by now.
    """
    mine = reading.second or reading.first
    if mine.by_id != by.pk:
        message = _("Pembacaan ini dibuat orang lain. Yang dapat dibatalkan hanya pembacaan sendiri.")
        raise Refused("not_your_decision", message)
    if Work.objects.filter(pk=standing.support_id).exists():
        message = _("Baris ini sudah diambil orang lain untuk diputus, sehingga pembacaan Anda tetap.")
        raise Conflict("taken_by_another", message)
    if reading.second_id:
        SecondReading.objects.filter(pk=reading.pk).update(second=None)
    else:
        SecondReading.objects.filter(pk=reading.pk).delete()
    Work.objects.create(support_id=standing.support_id, submission=standing.submission, holder=by)
    engine.record("reading_taken_back", standing, by=by, was=mine.after)
    return Decision.objects.create(
        submission=standing.submission,
        support_id=standing.support_id,
        before=mine.after,
        after="unverified",
        reasons=[],
        takes_effect=False,
        by=by,
    )


def wait_again(standing: Standing, last: Decision) -> None:
    """The decision that followed other people's readings is undone: the row waits as it did before it."""
    earlier = Decision.objects.filter(support_id=standing.support_id, pk__lt=last.pk).order_by("-id")
    readings: list[Decision] = []
    for one in earlier.filter(correction=None)[:2]:
        if one.takes_effect or one.after == "unverified":
            break
        readings.insert(0, one)
    if readings:
        SecondReading.objects.create(
            support_id=standing.support_id,
            submission_id=standing.submission_id,
            first=readings[0],
            second=readings[1] if len(readings) > 1 else None,
        )
