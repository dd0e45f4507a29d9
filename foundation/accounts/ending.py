"""Access ends at once: everywhere where somebody is logged in, by browser or by program."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.sessions import end_all_sessions
from foundation.errors import Conflict, Refused
from foundation.workflow.engine import record


@transaction.atomic
def end_access(user: User, *, by: User | None, reason: str) -> None:
    """End every session, token, known device and open link of a user. The account stays: it may log in anew.

    ``reason`` stands in the Event, so it names no supporter.
    """
    sessions = end_all_sessions(user)
    tokens, _by_kind = user.auth_token_set.all().delete()
    devices, _by_kind = user.known_devices.all().delete()
    user.access_links.filter(used_at=None, ended_at=None).update(ended_at=timezone.now())
    record("access_ended", user, by=by, reason=reason, sessions=sessions, tokens=tokens, devices=devices)


@transaction.atomic
def deactivate(user: User, *, by: User | None, reason: str) -> None:
    """End the access and the account: it cannot log in any more, and its address is free for another.

    Refuses one's own account, and one that was ended already.
    """
    if by is not None and by.pk == user.pk:
        message = _(
            "Akun sendiri tidak dapat dinonaktifkan. Mintalah orang lain yang berwenang melakukannya."
        )
        raise Refused("own_account", message)
    current = User.objects.select_for_update().get(pk=user.pk)
    if not current.is_active and not current.is_invited:
        raise Conflict("not_active", _("Akun ini sudah tidak aktif. Muat ulang daftar akun."))
    end_access(user, by=by, reason=reason)
    user.is_active, user.activated_at = False, current.activated_at or timezone.now()
    user.save(update_fields=["is_active", "activated_at"])
    record("user_deactivated", user, by=by, reason=reason)
