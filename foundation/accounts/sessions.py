"""One's own sessions and known devices: listed, and ended one by one or all at once."""

from http import HTTPStatus

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import BrowserSession, User
from foundation.errors import Refused
from foundation.workflow.engine import record


class NotOne(Refused):
    """Nothing of one's own has this number (any more)."""

    http_status = HTTPStatus.NOT_FOUND


def sessions_of(user: User) -> QuerySet[BrowserSession]:
    """The user's sessions that are still open, the latest first."""
    open_now = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return BrowserSession.objects.filter(user=user, session_key__in=open_now).order_by("-last_seen_at", "-pk")


@transaction.atomic
def end_session(user: User, row_id: int) -> None:
    """End one of one's own sessions. Refuses one that has ended already, or is another's."""
    if not _end(BrowserSession.objects.filter(user=user, pk=row_id)):
        message = _("Sesi ini sudah berakhir. Muat ulang halaman untuk melihat sesi yang masih terbuka.")
        raise NotOne("not_found", message)
    record("session_ended", user, by=user)


@transaction.atomic
def end_other_sessions(user: User, *, but: int | None) -> int:
    """End all of one's sessions but the one that is used now; how many there were."""
    count = _end(BrowserSession.objects.filter(user=user).exclude(pk=but))
    record("other_sessions_ended", user, by=user, sessions=count)
    return count


@transaction.atomic
def forget_device(user: User, device_id: int) -> None:
    """A device is no longer known. Refuses one that is not, or is another's."""
    if not user.known_devices.filter(pk=device_id).delete()[0]:
        message = _("Perangkat ini sudah tidak dikenal. Muat ulang halaman untuk melihat yang masih dikenal.")
        raise NotOne("not_found", message)
    record("device_forgotten", user, by=user, device=device_id)


def end_all_sessions(user: User) -> int:
    """End every session of a user, also those that no list knows: what signs them changes. How many were listed."""
    user.session_epoch = User.objects.select_for_update().get(pk=user.pk).session_epoch + 1
    user.save(update_fields=["session_epoch"])
    return _end(BrowserSession.objects.filter(user=user))


def forget_closed_sessions() -> None:
    """Drop the rows whose sessions are over."""
    open_now = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    BrowserSession.objects.exclude(session_key__in=open_now).delete()


def _end(rows: QuerySet[BrowserSession]) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return rows.delete()[0]
