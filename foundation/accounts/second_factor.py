"""The second step of a log-in: a code of an app on the phone, or one of ten recovery codes.

It stands on parts of allauth that are pinned and held by ``tests/foundation/accounts/test_second_factor.py``.
"""

import base64
from http import HTTPStatus

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.attempts import count_failure, refuse_too_many
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow.engine import record

TOTP, CODES = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


class WrongCode(Refused):
    """Not a code of this account, or one that was used."""

    http_status = HTTPStatus.UNAUTHORIZED


def check_code(request: HttpRequest, user: User, code: str, field: str = "code") -> None:
    """Refuse unless the code is the user's and fresh; wrong ones are counted and, in time, refused unread."""
    refuse_too_many(request, user.username, code=True)
    if not takes_code(user, code):
        count_failure(request, user.username, code=True)
        raise _wrong(field)


def _wrong(field: str = "code") -> WrongCode:
    message = _(
        "Kode verifikasi tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi (paling lama 30 "
        "detik), lalu ketik kode itu."
    )
    return WrongCode("otp_wrong", message, field)


@transaction.atomic
def takes_code(user: User, code: str) -> bool:
    """Whether the code opens now, and never again: one of the app by its moment, a recovery code by its mark."""
    held = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user)}
    app, codes = held.get(TOTP), held.get(CODES)
    if app and (moment := _moment_of(_secret_of(app), code, after=app.data.get("last_moment", 0))):
        app.data["last_moment"] = moment
        app.last_used_at = timezone.now()
        app.save()
        return True
    if codes and RecoveryCodes(codes).validate_code(code):
        record("recovery_code_used", user, by=user, left=len(codes_of(user)))
        return True
    return False


def new_secret() -> str:
    """What an app on a phone is to know."""
    return generate_totp_secret()


@transaction.atomic
def set_up(user: User, *, secret: str, code: str, moves: bool = False) -> None:
    """Begin the second step with an app that proves to know the secret; ten new recovery codes come with it.

    ``moves``: in the place of an app that was set up before. Refuses a wrong code.
    """
    current = User.objects.select_for_update().get(pk=user.pk)
    if current.two_factor_at and not moves:
        message = _("Verifikasi dua langkah sudah aktif. Untuk ponsel baru, gunakan “Pindah ponsel”.")
        raise Conflict("two_factor_there", message)
    moment = _moment_of(secret, code, after=0)
    if not moment:
        raise _wrong()
    Authenticator.objects.filter(user=user).delete()
    data = {"secret": get_adapter().encrypt(secret), "last_moment": moment}
    Authenticator.objects.create(user=user, type=TOTP, data=data)
    RecoveryCodes.activate(user)
    user.two_factor_at = timezone.now()
    user.save(update_fields=["two_factor_at"])
    record("two_factor_moved" if moves else "two_factor_set_up", user, by=user)


@transaction.atomic
def renew_codes(user: User) -> None:
    """Ten new recovery codes; the old ones end."""
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=CODES).delete()
    RecoveryCodes.activate(user)
    record("recovery_codes_renewed", user, by=user)


def codes_of(user: User) -> list[str]:
    """The recovery codes that were not used yet."""
    row = Authenticator.objects.filter(user=user, type=CODES).first()
    return RecoveryCodes(row).get_unused_codes() if row else []


def picture_of(user: User, secret: str) -> str:
    """What a phone's camera reads, as the address of a picture that needs no request."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _secret_of(row: Authenticator) -> str:
    return get_adapter().decrypt(row.data["secret"])


def _moment_of(secret: str, code: str, *, after: int) -> int:
    """The half minute in which the app shows this code, if it is about now and later than ``after``; else 0."""
    for moment in yield_hotp_counters_from_time():
        if moment > after and compare_user_code(
            actual=code, expected=format_hotp_value(hotp_value(secret, moment))
        ):
            return moment
    return 0
