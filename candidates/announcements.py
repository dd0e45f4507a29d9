"""Pengumuman: what the commission tells everybody, its territory, or the teams of some elections."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from candidates import queries, refusals
from candidates.models import Announcement, Dismissal, Election, Pair
from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser, Scopes, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow import engine

SHOWN_ABOVE_PAGES = 3


@transaction.atomic
def announce(
    *,
    by: User,
    title: str,
    text: str,
    audience: str,
    election_ids: Iterable[int] = (),
    shown_from: datetime | None = None,
    shown_until: datetime | None = None,
    pinned: bool = False,
) -> Announcement:
    """Announce something: at once, or from ``shown_from`` on, until ``shown_until`` if it has an end.

    The territory is that of who announces. Refuses elections out of reach, none where some are asked for, and times in
    the wrong order.
    """
    moment = queries.now()
    made = Announcement(
        title=" ".join(title.split()),
        text=text.strip(),
        audience=audience,
        region=territory_of(by),
        shown_from=shown_from or moment,
        shown_until=shown_until,
        pinned=pinned,
        created_by=by,
    )
    elections = _elections(by, audience, election_ids)
    _refuse_times(made, moment)
    refusals.save(made)
    made.elections.set(elections)
    engine.record(
        "announced",
        made,
        by=by,
        title=made.title,
        audience=audience,
        region=made.region,
        elections=len(elections),
    )
    return made


@transaction.atomic
def withdraw_announcement(announcement: Announcement, *, by: User, reason: str) -> None:
    """Take an announcement back: it is shown no longer, and stays in the list with the reason.

    Refuses without a reason; Conflict when it was withdrawn already.
    """
    current = Announcement.objects.select_for_update().get(pk=announcement.pk)
    _refuse_stranger(current, by)
    if current.withdrawn_at:
        raise Conflict("announcement_withdrawn", _("Pengumuman ini sudah ditarik. Muat ulang halaman."))
    current.withdrawn_reason = " ".join(reason.split())
    refusals.refuse_without_reason(current.withdrawn_reason, "reason")
    current.withdrawn_by, current.withdrawn_at = by, queries.now()
    refusals.save(current)
    engine.record("announcement_withdrawn", current, by=by, reason=current.withdrawn_reason)
    announcement.refresh_from_db()


def dismiss(announcement: Announcement, *, by: User) -> None:
    """Show an announcement no longer above this person's pages; once is as good as twice."""
    Dismissal.objects.get_or_create(announcement=announcement, user=by)


def announcements_visible_to(user: AnyUser) -> QuerySet[Announcement]:
    """The public ones, those for the user, and those the user may withdraw; before their time only the last.

    Ended and withdrawn ones are among them: the list is a history.
    """
    held = scopes(user, Permission.VIEW_PAIR)
    found = Announcement.objects.prefetch_related("elections")
    meant = Q(audience="public") | _for(held, _near(held))
    return found.filter(Q(shown_from__lte=queries.now()) & meant | _own(user))


def shown_above_pages(user: User, moment: datetime | None = None) -> list[Announcement]:
    """Those that stand above a user's pages now (at ``moment``): pinned first, none put away. Two queries, or three."""
    moment = moment or queries.now()
    held = scopes(user, Permission.VIEW_PAIR)
    near = _near(held)
    away = Dismissal.objects.filter(announcement=OuterRef("pk"), user=user.pk)
    found = Announcement.objects.filter(
        _for(held, near) | Q(audience="public") & near,
        Q(shown_until=None) | Q(shown_until__gt=moment),
        ~Exists(away),
        shown_from__lte=moment,
        withdrawn_at=None,
    )
    return list(found.order_by(F("pinned").desc(), "-shown_from", "-id")[:SHOWN_ABOVE_PAGES])


def announcements_withdrawable_by(user: User) -> QuerySet[Announcement]:
    """The announcements of one's own office and of those below it, not yet withdrawn."""
    return Announcement.objects.filter(_own(user), withdrawn_at=None)


def territory_of(user: User) -> int:
    """Where somebody announces: the nation (0), or the widest of their regions. Refuses who may nowhere."""
    held = scopes(user, Permission.ANNOUNCE)
    if held.nation:
        return 0
    if not held.regions:
        raise NotAllowed(
            "outside_your_region", _("Peran Anda tidak mencakup pengumuman. Mintalah KPU setempat.")
        )
    return min(held.regions)


def _own(user: AnyUser) -> Q:
    """Announced from inside the territory where the user announces."""
    held = scopes(user, Permission.ANNOUNCE)
    if held.nation:
        return Q(pk__gt=0)
    inside = Q(pk__in=[])
    for code in held.regions:
        inside |= Q(region=code) | Q(region__range=(code * 100, code * 100 + 99))
    return inside


def _near(held: Scopes) -> Q:
    """Announced by the nation, or by an office around or above where the user works."""
    if held.nation:
        return Q(pk__gt=0)
    codes = {*held.regions, *_regions_of_pairs(held)}
    around = {int(str(code)[:digits]) for code in codes for digits in (2, 4) if len(str(code)) >= digits}
    return Q(region=0) | Q(region__in=around)


def _regions_of_pairs(held: Scopes) -> list[int]:
    if not held.pairs:
        return []
    return list(Pair.objects.filter(pk__in=held.pairs).values_list("election__region_id", flat=True))


def _for(held: Scopes, near: Q) -> Q:
    """What is meant for who holds a role there; ``near`` is what was announced from around (``_near``)."""
    if not held:
        return Q(pk__in=[])
    if held.nation:
        return Q(pk__gt=0)
    elections = Election.objects.filter(
        Q(pk__in=Pair.objects.filter(pk__in=held.pairs).values("election_id"))
        | Q(region_id__in=[code for code in held.regions if code < 10_000])
    )
    named = Announcement.elections.through.objects.filter(
        announcement_id=OuterRef("pk"), election_id__in=elections.order_by().values("pk")
    )
    return Q(audience="territory") & near | Q(audience="elections") & Q(Exists(named))


def _elections(by: User, audience: str, ids: Iterable[int]) -> list[Election]:
    if audience != Announcement.Audience.ELECTIONS:
        return []
    wanted = set(ids)
    found = list(elections_governed_by(by, Permission.ANNOUNCE).filter(pk__in=wanted))
    if len(found) != len(wanted) or not wanted:
        message = _("Pilih paling sedikit satu pemilihan di wilayah tugas Anda.")
        raise Refused("election_unknown", message, "elections")
    return found


def _refuse_times(made: Announcement, moment: datetime) -> None:
    times = {"shown_from": made.shown_from, "shown_until": made.shown_until}
    refusals.refuse_strange_times(**{name: at for name, at in times.items() if at})
    if made.shown_until is None:
        return
    if made.shown_until <= max(made.shown_from, moment):
        message = _(
            "Waktu berakhir sudah lewat, atau tidak lebih lambat daripada waktu mulai. Perbaiki waktunya."
        )
        raise Refused("announcement_never_shown", message, "shown_until")


def _refuse_stranger(announcement: Announcement, by: User) -> None:
    if not Announcement.objects.filter(_own(by), pk=announcement.pk).exists():
        message = _("Pengumuman ini dibuat kantor lain, sehingga hanya dapat ditarik oleh kantor itu.")
        raise NotAllowed("outside_your_region", message)
