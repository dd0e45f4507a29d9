"""Tokens for programs: named, limited in scope and time, shown once, taken back by their owner."""

from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.matrix import TOKEN_SCOPES
from foundation.accounts.models import ApiToken, User
from foundation.errors import Refused
from foundation.workflow.engine import record

DAYS = (1, 7, 30, 90)  # what the page offers
MOST_DAYS = DAYS[-1]
MOST_TOKENS = 50
SCOPE_TITLES = {
    "": gettext_lazy("Semua yang boleh dilakukan akun ini"),
    "read": gettext_lazy("Hanya membaca"),
}
# Enough of the digest to tell one's own tokens apart; the token itself cannot be made of it.
NUMBER_DIGITS = 16


class TokenGone(Refused):
    """No token of one's own has this number (any more)."""

    http_status = HTTPStatus.NOT_FOUND


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The user's living tokens, the latest first."""
    return user.auth_token_set.exclude(expiry__lte=Now()).order_by("-created")


def number_of(token: ApiToken) -> str:
    """How addresses and Events call a token."""
    return token.digest[:NUMBER_DIGITS]


@transaction.atomic
def make_token(user: User, *, name: str, scope: str, days: int) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again.

    Refuses a token without a name, an unknown scope, and more days or tokens than are allowed.
    """
    if not name.strip():
        raise Refused(
            "name_missing", _("Token belum diberi nama. Tulis untuk program apa token ini."), "name"
        )
    if scope not in TOKEN_SCOPES:
        message = _("Lingkup token ini tidak ada. Pilih salah satu dari: kosong (semua) atau read.")
        raise Refused("scope_unknown", message, "scope")
    if not 1 <= days <= MOST_DAYS:
        message = _("Token berlaku 1 sampai %(most)s hari. Pilih jumlah hari di antaranya.")
        raise Refused("days_out_of_range", message % {"most": MOST_DAYS}, "days")
    User.objects.select_for_update().get(pk=user.pk)
    user.auth_token_set.filter(expiry__lte=Now()).delete()
    if user.auth_token_set.count() >= MOST_TOKENS:
        message = _("Akun ini sudah mempunyai %(most)s token. Cabut yang tidak dipakai, lalu buat yang baru.")
        raise Refused("too_many_tokens", message % {"most": MOST_TOKENS})
    token, secret = ApiToken.objects.create(
        user=user, expiry=timedelta(days=days), name=name.strip()[:100], scope=scope
    )
    record("token_made", user, by=user, token=number_of(token), scope=scope, days=days)
    return token, secret


@transaction.atomic
def revoke_token(user: User, number: str) -> None:
    """End one of one's own tokens at once. Refuses one that has ended already, or is another's."""
    found = user.auth_token_set.filter(digest__startswith=number) if len(number) == NUMBER_DIGITS else None
    if found is None or not found.delete()[0]:
        message = _(
            "Token ini sudah tidak berlaku. Muat ulang halaman untuk melihat token yang masih berlaku."
        )
        raise TokenGone("not_found", message)
    record("token_revoked", user, by=user, token=number)
