"""Keeping, reading and erasing what a user has typed into a form and not sent: the user's own, nobody else's.

A draft is no change of any record and therefore no Event; it is read by its own form only.
"""

import json
from datetime import timedelta

from django.core import signing
from django.core.cache import cache
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from foundation import seal
from foundation.accounts.models import User
from foundation.drafts.models import Draft
from foundation.errors import Refused, TooLarge, TooMany
from foundation.keys.keyring import keyring

KEPT_FOR = timedelta(days=7)
MOST_BYTES = 64 * 1024
# Saves of one user in a minute: ten open forms, each every six seconds.
MOST_A_MINUTE = 100
OF_NO_ELECTION = "accounts"
SALT = "foundation.drafts"


def ticket_of(user: User, name: str, scope: str = OF_NO_ELECTION) -> str:
    """What a form shows to have its draft kept and read: signed, and good for its user only."""
    return signing.dumps({"user": user.pk, "name": name, "scope": scope}, salt=SALT)


def _read_ticket(user: User, ticket: str) -> tuple[str, str]:
    """The form's name and scope. Raises Http404 for what was not given to this user."""
    try:
        said = signing.loads(ticket, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    if said["user"] != user.pk:
        raise Http404
    return said["name"], said["scope"]


def save_draft(user: User, ticket: str, text: str) -> None:
    """Keep what is typed in a form now, in place of what was kept before; nothing typed keeps nothing.

    Refuses what is no list of fields, what is too large, and more than a form can need. Raises Http404.
    """
    name, scope = _read_ticket(user, ticket)
    if len(text.encode()) > MOST_BYTES:
        raise TooLarge(
            "draft_too_large",
            _("Isian ini terlalu panjang untuk disimpan sementara. Simpan formulirnya sekarang."),
        )
    _refuse_too_many(user)
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, list):
        raise Refused("draft_unreadable", _("Isian sementara ini tidak dapat dibaca. Muat ulang halaman."))
    if not fields:
        Draft.objects.filter(user=user, name=name).delete()
        return
    sealed = seal.seal_text(text, user.pk, _key(user, name, scope))
    kept = {"scope": scope, "sealed": sealed, "saved_at": Now(), "expires_at": Now() + KEPT_FOR}
    Draft.objects.update_or_create(user=user, name=name, defaults=kept)


def read_draft(user: User, ticket: str) -> str | None:
    """What was typed, as the form sent it; None when nothing is kept, or no longer. Raises Http404."""
    name, scope = _read_ticket(user, ticket)
    draft = Draft.objects.filter(user=user, name=name, scope=scope, expires_at__gt=Now()).first()
    return seal.open_text(draft.sealed, user.pk, _key(user, name, scope)) if draft else None


def erase_draft(user: User, ticket: str) -> None:
    """Forget it: the form was sent. A ticket that is not the user's erases nothing."""
    try:
        name, _scope = _read_ticket(user, ticket)
    except Http404:
        return
    Draft.objects.filter(user=user, name=name).delete()


def erase_expired_drafts() -> int:
    """Forget what was never sent, after seven days; how many those were."""
    return Draft.objects.filter(expires_at__lte=Now()).delete()[0]


def browser_key(user: User) -> bytes:
    """The key that seals in the user's browser what could not be sent here; the same at every log-in."""
    return seal.derive_key(keyring(OF_NO_ELECTION).text, f"drafts in a browser of {user.pk}")


def _key(user: User, name: str, scope: str) -> bytes:
    return seal.derive_key(keyring(scope).text, f"draft {user.pk} {name}")


def _refuse_too_many(user: User) -> None:
    key = f"drafts:{user.pk}"
    try:
        count = 1 if cache.add(key, 1, timeout=60) else cache.incr(key)
    except ValueError:  # the minute ended between the two
        return
    if count > MOST_A_MINUTE:
        raise TooMany(
            "too_many_drafts",
            _("Isian sementara terlalu sering dikirim. Tunggu satu menit; isian di halaman tetap ada."),
            retry_after=60,
        )
