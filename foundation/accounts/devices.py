"""Known devices: browsers from which somebody has logged in in two steps. Nobody else's failures keep them out."""

import secrets

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from foundation.accounts.links import digest_of
from foundation.accounts.models import KnownDevice, User
from foundation.accounts.user_agents import device_name

COOKIE = "silon_perangkat"
SALT = "foundation.accounts.devices"
SECONDS = 400 * 24 * 3600  # as long as browsers keep one
PATH = "/akun/"


def devices_of(request: HttpRequest) -> QuerySet[KnownDevice]:
    """The rows of this browser: one for each account that it is known to."""
    secret = _secret_of(request)
    return KnownDevice.objects.filter(digest=digest_of(secret)) if secret else KnownDevice.objects.none()


def known_device(request: HttpRequest, username: str) -> KnownDevice | None:
    """This browser as one that the account knows; without its cookie the database is not asked."""
    return devices_of(request).filter(user__username__iexact=username).first()


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> tuple[KnownDevice, bool]:
    """Know this browser from now on; the row, and whether it is new.

    One browser has one secret, also where several people share it.
    """
    secret = _secret_of(request) if devices_of(request).exists() else ""
    secret = secret or secrets.token_urlsafe(32)
    device, is_new = KnownDevice.objects.update_or_create(
        user=user,
        digest=digest_of(secret),
        defaults={"name": device_name(request.headers.get("User-Agent", "")), "last_used_at": timezone.now()},
    )
    response.set_signed_cookie(
        COOKIE,
        secret,
        salt=SALT,
        max_age=SECONDS,
        path=PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return device, is_new


def _secret_of(request: HttpRequest) -> str:
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=SECONDS)
