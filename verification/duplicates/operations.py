"""Deciding about the rows of a group at once: some of them, or one that stays counted and the others that do not.

Only rows that wait for whoever decides; the holder of a group's first waiting row may take the others over.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candidates.rule_sets import RuleSet
from candidates.templatetags.wording import number
from foundation import sql
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.regions.codes import area_range
from foundation.workflow import engine
from foundation.workflow.table import VERMIN
from supports.findings import effects_by_code
from supports.models import Standing, Support
from supports.removal import as_array
from verification.dealing import EVERYWHERE, hold_in_review
from verification.deciding import MOVES, checked_reasons, decide, statuses_offered, undo
from verification.duplicates.models import Group, Member
from verification.duplicates.persons import refuse_counting_twice, take_persons
from verification.models import Decision, Work
from verification.reasons import BY_CODE, BY_FINDING, Reason

MOST_MEMBERS = 1_000
PART = 1_000
# What makes a row a duplicate, and the way to say anything else.
GROUP_REASONS = ("DUPLICATE_IDENTICAL", "DUPLICATE_NIK", "DUPLICATE_ROUND", "OTHER")


def decide_members(
    group: Group, ids: Sequence[int], *, by: User, status: str, reasons: Sequence[str] = (), note: str = ""
) -> int:
    """Decide some rows of a group that wait for ``by``, all alike; all of them or none. Returns how many.

    Refuses rows of no such group or of somebody else's, reasons that are missing or of another status, and MS for a
    person whom another row counts; Conflict when the round is no longer in verification.
    """
    ids = sorted(set(ids))
    _refuse_number(ids)
    submission = group.submission
    given = checked_reasons(submission, status, reasons, note)
    _refuse_strangers(group, ids)
    with transaction.atomic():
        hold_in_review(submission)
        _decide(group, ids, by, status, given, note.strip())
        told = {"rows": len(ids), "reasons": [one.code for one in given], "digest": _digest(ids)}
        engine.record("group_decided", group, by=by, status=status, **told)
    return len(ids)


def keep_one(group: Group, support_id: int, *, by: User) -> dict[str, int]:
    """One row of a person stays counted, the others that wait for ``by`` do not; returns rows by their new status.

    What each of the others becomes, and why, is the rule's: a copy, other data, given in an earlier round. Refuses a
    telephone, a row that was decided BMS or TMS, one of somebody else's; Conflict as for single decisions.
    """
    if group.kind == Group.Kind.PHONE:
        message = _(
            "Nomor HP yang sama hanya petunjuk: orangnya bisa berbeda. Putuskan setiap baris tersendiri."
        )
        raise Refused("only_a_hint", message)
    _refuse_strangers(group, [support_id])
    kept = Standing.objects.select_related("support", "submission").get(pk=support_id)
    with transaction.atomic():
        hold_in_review(group.submission)
        done = _keep(group, kept, by)
        for (status, reason), ids in _others(group, kept, by).items():
            _decide(group, ids, by, status, [reason], "")
            done[status] = done.get(status, 0) + len(ids)
        if not done:
            message = _(
                "Tidak ada baris lain di kelompok ini yang menunggu Anda, sehingga tidak ada yang berubah."
            )
            raise Refused("nothing_to_decide", message)
        engine.record("group_kept_one", group, by=by, kept=support_id, rows=done)
    return done


def undo_members(group: Group, *, by: User) -> int:
    """Take one's own decisions about a group's rows back; they wait for the same person again, and all stay on record.

    Refuses when there is none; Conflict when the round is no longer in verification.
    """
    submission = group.submission
    asked = {"submission": submission.pk, "person": by.pk}
    with transaction.atomic():
        hold_in_review(submission)
        if _second_reader(group):
            ids = _undo_one_by_one(group, by)
        else:
            ids = [pk for (pk,) in sql.rows("duplicates/record_undone_members", group=group.pk, **asked)]
            _move(ids, "undo")
            sql.run("duplicates/give_back_members", ids=as_array(ids), **asked)
        if not ids:
            message = _("Tidak ada keputusan Anda di kelompok ini yang dapat dibatalkan.")
            raise Refused("nothing_to_undo", message)
        engine.record("group_undone", group, by=by, rows=len(ids), digest=_digest(ids))
    return len(ids)


def take_over(group: Group, *, by: User) -> int:
    """The rows of a group that wait for others, or for nobody, wait for ``by`` from now on. Returns how many.

    For the holder of the group's first waiting row alone, so that two never take from each other. Refuses anybody else,
    and where nothing is to be had in the own territory; Conflict when the rows were dealt at the same moment.
    """
    submission = group.submission
    firsts, lasts = _territory(group, by)
    asked = {"group": group.pk, "submission": submission.pk, "person": by.pk}
    asked |= {"regions": as_array(firsts), "region_ends": as_array(lasts)}
    with transaction.atomic():
        hold_in_review(submission)
        _refuse_not_first(group, by)
        freed = dict(sql.rows("duplicates/free_members", **asked))
        try:
            taken = sql.run("duplicates/hold_members", **asked)
        except IntegrityError as error:
            message = _("Baris kelompok ini baru saja dibagikan. Muat ulang halaman.")
            raise Conflict("dealt_meanwhile", message) from error
        if not taken:
            message = _(
                "Tidak ada baris lain di kelompok ini yang dapat Anda ambil alih di wilayah tugas Anda."
            )
            raise Refused("nothing_to_take_over", message)
        told = {str(holder): rows for holder, rows in freed.items()}
        engine.record("group_taken_over", group, by=by, rows=taken, taken_from=told)
    return taken


def first_holder(group: Group) -> User | None:
    """Who holds the first row of a group that waits for somebody."""
    members = Member.objects.filter(group=group).values("support_id")
    found = Work.objects.filter(submission=group.submission_id, support_id__in=members)
    first = found.select_related("holder").order_by("support_id").first()
    return first.holder if first else None


def group_reasons(status: str) -> list[Reason]:
    """The reasons that a group's rows can be given for a status."""
    return [BY_CODE[code] for code in GROUP_REASONS if status in BY_CODE[code].statuses]


def _decide(
    group: Group, ids: Sequence[int], by: User, status: str, reasons: Sequence[Reason], note: str
) -> None:
    if _second_reader(group):
        for standing in _one_by_one(ids):
            decide(standing, by=by, status=status, reasons=[one.code for one in reasons], note=note)
        return
    doubled = take_persons(group.submission, ids) if status == "MS" else set()
    taken, _each = Work.objects.filter(pk__in=ids, holder=by).delete()
    if taken != len(ids):
        message = _(
            "%(n)s dari %(all)s baris sudah diputus atau bukan bagian Anda, sehingga tidak ada yang berubah. "
            "Muat ulang halaman, lalu pilih baris yang menunggu Anda."
        )
        words = {"n": number(len(ids) - taken), "all": number(len(ids))}
        raise Refused("not_your_row", message % words)
    if doubled:
        refuse_counting_twice(Standing.objects.select_related("support", "submission").get(pk=min(doubled)))
    told = {"reasons": [one.number for one in reasons], "note": note, "person": by.pk, "bulk": None}
    decided = engine.move_recorded(
        "verification/record_bulk", VERMIN, MOVES[status], ids=as_array(ids), **told
    )
    if decided != len(ids):
        # Each of them waited for this person just now: nothing is kept of a fault of ours.
        raise AssertionError(f"{decided} rows decided, {len(ids)} taken")


def _second_reader(group: Group) -> bool:
    """Whether some status takes effect only when another person reads the same."""
    return bool(RuleSet.from_json(group.submission.rule_set.body).second_reader)


def _one_by_one(ids: Sequence[int]) -> list[Standing]:
    """Where the rules ask for a second reader each row waits for one of its own: so many at once, and no more."""
    _refuse_number(ids)
    related = ("submission__rule_set", "submission__pair__election__rule_set", "support")
    return list(Standing.objects.filter(pk__in=ids).select_related(*related).order_by("pk"))


def _move(ids: Sequence[int], name: str) -> None:
    """Rows that were recorded are held until the transaction ends: a difference is a fault of ours.

    In parts: a list of ten thousand is compared one by one where statistics do not know yet what was decided.
    """
    parts = [ids[at : at + PART] for at in range(0, len(ids), PART)]
    moved = sum(engine.move_rows(Standing.objects.filter(pk__in=part), name) for part in parts)
    if moved != len(ids):
        raise AssertionError(f"{moved} rows moved, {len(ids)} recorded")


def _undo_one_by_one(group: Group, by: User) -> list[int]:
    members = Member.objects.filter(group=group).values("support_id")
    made = Decision.objects.filter(support_id__in=members, submission=group.submission_id).order_by("id")
    last = {one.support_id: one for one in made}
    own = [
        pk for pk, one in last.items() if one.by_id == by.pk and one.after != "unverified" and not one.bulk_id
    ]
    for standing in _one_by_one(own) if own else ():
        undo(standing, by=by)
    return sorted(own)


def _keep(group: Group, kept: Standing, by: User) -> dict[str, int]:
    if kept.vermin == "MS":
        return {}
    if kept.vermin != "unverified" or kept.submission_id != group.submission_id:
        message = _(
            "Baris ini tidak dapat tetap dihitung karena statusnya %(status)s di putarannya. Pilih baris lain."
        )
        raise Refused("not_to_be_kept", message % {"status": kept.get_vermin_display()})
    _decide(group, [kept.pk], by, "MS", [], "")
    return {"MS": 1}


def _others(group: Group, kept: Standing, by: User) -> dict[tuple[str, Reason], list[int]]:
    """The rows of a group that wait for ``by`` but the kept one, by what they become and why."""
    members = Member.objects.filter(group=group).values("support_id")
    held = Work.objects.filter(submission=group.submission_id, holder=by, support_id__in=members)
    waiting = set(held.exclude(pk=kept.pk).values_list("support_id", flat=True))
    if kept.submission_id != group.submission_id:
        parts = {"DUPLICATE_ROUND": waiting}
    else:
        same = Support.objects.filter(nik=kept.support.nik, digest=kept.support.digest)
        copies = waiting & set(same.filter(submission=group.submission_id).values_list("pk", flat=True))
        parts = {"DUPLICATE_IDENTICAL": copies, "DUPLICATE_NIK": waiting - copies}
    return {_outcome(group, code): sorted(ids) for code, ids in parts.items() if ids}


def _outcome(group: Group, code: str) -> tuple[str, Reason]:
    """What a finding leads to in this round, and its reason; where it only warns, the gravest its reason knows."""
    reason, offered = BY_FINDING[code], statuses_offered(group.submission)
    effect = effects_by_code(group.submission)[code]
    known = [one for one in (effect, "TMS", "BMS") if one in reason.statuses and one in offered]
    return known[0], reason


def _territory(group: Group, by: User) -> tuple[list[int], list[int]]:
    """The areas that somebody verifies in: everything, also unknown areas, where that is the whole election."""
    held = scopes(by, Permission.VERIFY)
    if held.contains_region(group.submission.pair.election.region_id):
        return [EVERYWHERE[0]], [EVERYWHERE[1]]
    ranges = [area_range(code) for code in held.regions]
    return [first for first, _last in ranges], [last for _first, last in ranges]


def _refuse_not_first(group: Group, by: User) -> None:
    holder = first_holder(group)
    if holder is None or holder.pk != by.pk:
        message = _(
            "Yang dapat mengambil alih kelompok ini hanya pemegang baris pertamanya yang menunggu: %(name)s."
        )
        raise Refused("not_the_first_holder", message % {"name": holder or _("belum ada")})


def _refuse_number(ids: Sequence[int]) -> None:
    if not ids or len(ids) > MOST_MEMBERS:
        message = _("Pilih sedikitnya satu dan paling banyak %(most)s baris kelompok ini.")
        raise Refused("no_members", message % {"most": number(MOST_MEMBERS)}, "supports")


def _refuse_strangers(group: Group, ids: Sequence[int]) -> None:
    known = Member.objects.filter(group=group, support_id__in=ids).values_list("support_id", flat=True)
    if len(set(known)) != len(ids):
        message = _("Ada baris yang bukan anggota kelompok ini. Muat ulang halaman, lalu pilih lagi.")
        raise Refused("not_a_member", message, "supports")


def _digest(ids: Iterable[int]) -> str:
    """Stands for exactly these rows in an Event."""
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:40]
