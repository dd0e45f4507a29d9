"""One person decides one row: MS, BMS or TMS, with reasons; and may undo it with a trace."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.rule_sets import RuleSet
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from supports.models import Standing, Submission
from verification import second_reading
from verification.dealing import hold_in_review
from verification.duplicates.persons import give_up_persons, refuse_counting_twice, take_persons
from verification.models import Decision, Work
from verification.reasons import BY_CODE, OTHER, Reason

MOVES = {"MS": "pass", "BMS": "ask", "TMS": "fail"}
MOST_NOTE = 500


def statuses_offered(submission: Submission) -> tuple[str, ...]:
    """MS and TMS; BMS between them where a later round admits rows that were mended."""
    rules = RuleSet.from_json(submission.rule_set.body)
    keys = [one.key for one in rules.rounds]
    later = rules.rounds[keys.index(submission.stage) + 1 :]
    mended = {"repaired_bms", "repaired_other"}
    return ("MS", "BMS", "TMS") if any(one.admits & mended for one in later) else ("MS", "TMS")


def decide(
    standing: Standing, *, by: User, status: str, reasons: Sequence[str] = (), note: str = ""
) -> Decision:
    """Decide about a row that waits for ``by``; ``reasons`` are codes of ``verification.reasons``.

    Where the rules ask for a second reader it takes effect when another person reads the same. Refuses a row of
    somebody else's, a status that the round does not know, reasons that are missing or of another status, and MS where
    another row counts the same person; Conflict when it was decided meanwhile, or the round is no longer in
    verification.
    """
    submission = standing.submission
    given = checked_reasons(submission, status, reasons, note)
    with transaction.atomic():
        hold_in_review(submission)
        doubled = take_persons(submission, [standing.pk]) if status == "MS" else set()
        reading = second_reading.reading_of(standing)
        second_reading.refuse_reader(reading, by)
        _take(standing, by)
        if doubled:
            refuse_counting_twice(standing)
        effective = second_reading.takes_effect(reading, submission, status)
        told = {"reasons": [one.code for one in given]}
        if effective:
            engine.move(standing, MOVES[status], by=by, data=told)
        else:
            give_up_persons([standing.pk])
            engine.record("row_read", standing, by=by, status=status, **told)
        decision = Decision.objects.create(
            submission=submission,
            support_id=standing.support_id,
            before="unverified",
            after=status,
            reasons=[one.number for one in given],
            note=note.strip(),
            takes_effect=effective,
            by=by,
        )
        second_reading.follow(reading, decision)
    return decision


def undo(standing: Standing, *, by: User) -> Decision:
    """Take one's own last decision about a row back; it waits for the same person again, and both stay on record.

    Refuses another person's; Conflict when it is not decided, or the round is no longer in verification.
    """
    with transaction.atomic():
        hold_in_review(standing.submission)
        if reading := second_reading.reading_of(standing):
            return second_reading.take_reading_back(standing, reading, by=by)
        before = standing.vermin
        last = Decision.objects.filter(support_id=standing.support_id).order_by("-id").first()
        if last is not None and last.by_id != by.pk:
            message = _("Keputusan ini dibuat orang lain. Yang dapat dibatalkan hanya keputusan sendiri.")
            raise Refused("not_your_decision", message)
        engine.move(standing, "undo", by=by, data={"was": before})
        if last:
            second_reading.wait_again(standing, last)
        Work.objects.create(support_id=standing.support_id, submission=standing.submission, holder=by)
        return Decision.objects.create(
            submission=standing.submission,
            support_id=standing.support_id,
            before=before,
            after="unverified",
            reasons=[],
            by=by,
        )


def _take(standing: Standing, by: User) -> None:
    """The row leaves the work of whoever decides it. Refuses one that waits for somebody else, or for nobody."""
    taken, _each = Work.objects.filter(support_id=standing.support_id, holder=by).delete()
    if taken:
        return
    current = Standing.objects.only("vermin").get(pk=standing.pk)
    if current.vermin != "unverified":
        message = _("Baris ini sudah diputus %(status)s. Muat ulang halaman untuk melihat keadaan terakhir.")
        raise Conflict("already_decided", message % {"status": current.vermin})
    message = _(
        "Baris ini bukan bagian Anda, sehingga tidak ada yang berubah. Putuskan baris yang dibagikan kepada Anda."
    )
    raise Refused("not_your_row", message)


def checked_reasons(submission: Submission, status: str, codes: Sequence[str], note: str) -> list[Reason]:
    if status not in statuses_offered(submission):
        message = _("Putaran ini tidak mengenal status “%(status)s”. Pilih salah satu: %(known)s.")
        known = ", ".join(statuses_offered(submission))
        raise Refused("status_not_offered", message % {"status": status, "known": known}, "status")
    given = [BY_CODE.get(code) for code in dict.fromkeys(codes)]
    if any(one is None or status not in one.statuses for one in given) or (status == "MS" and given):
        message = _("Alasan yang dipilih tidak berlaku untuk %(status)s. Pilih dari daftar alasannya.")
        raise Refused("reason_not_for_status", message % {"status": status}, "reasons")
    if status != "MS" and not given:
        message = _("Pilih sedikitnya satu alasan untuk %(status)s.")
        raise Refused("reason_missing", message % {"status": status}, "reasons")
    if OTHER in given and not note.strip():
        raise Refused("note_missing", _("Tulis alasannya pada catatan."), "note")
    if len(note.strip()) > MOST_NOTE:
        message = _("Catatan paling panjang %(most)s huruf.")
        raise Refused("note_too_long", message % {"most": MOST_NOTE}, "note")
    return given
