"""Secret links that are mailed: made, opened and used up. The database knows their digest only."""

import hashlib
import secrets
from datetime import timedelta
from http import HTTPStatus

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import AccessLink, User
from foundation.errors import Refused

Purpose = AccessLink.Purpose
LIFETIMES = {
    Purpose.ACTIVATION: timedelta(hours=72),
    Purpose.PASSWORD: timedelta(hours=2),
    Purpose.EMAIL: timedelta(hours=2),
}
DEAD = {
    (Purpose.ACTIVATION, "used"): gettext_lazy(
        "Tautan aktivasi ini sudah dipakai. Masuk dengan nama pengguna dan kata sandi yang sudah dibuat; bila "
        "lupa, gunakan “Lupa kata sandi” di halaman Masuk."
    ),
    (Purpose.ACTIVATION, "expired"): gettext_lazy(
        "Tautan aktivasi ini hanya berlaku 72 jam dan sudah berakhir. Mintalah tautan baru kepada KPU atau "
        "operator yang mengundang Anda."
    ),
    (Purpose.PASSWORD, "used"): gettext_lazy(
        "Tautan kata sandi ini sudah dipakai. Masuk dengan kata sandi yang baru; bila bukan Anda yang "
        "menggantinya, mintalah tautan baru melalui “Lupa kata sandi”."
    ),
    (Purpose.PASSWORD, "expired"): gettext_lazy(
        "Tautan kata sandi ini hanya berlaku 2 jam dan sudah berakhir. Mintalah tautan baru melalui “Lupa kata "
        "sandi” di halaman Masuk."
    ),
    (Purpose.EMAIL, "used"): gettext_lazy(
        "Tautan konfirmasi ini sudah dipakai. Lihat alamat surel Anda di halaman Akun saya."
    ),
    (Purpose.EMAIL, "expired"): gettext_lazy(
        "Tautan konfirmasi ini hanya berlaku 2 jam dan sudah berakhir. Minta lagi di halaman Akun saya."
    ),
}


class LinkDead(Refused):
    """A link that opens nothing (any more)."""

    http_status = HTTPStatus.GONE


def make_link(user: User, purpose: str, *, by: User | None, address: str = "") -> str:
    """A new secret for the user; earlier links of the same purpose end. ``address`` is what the link confirms."""
    secret = secrets.token_urlsafe(32)
    user.access_links.filter(purpose=purpose, used_at=None, ended_at=None).update(ended_at=Now())
    AccessLink.objects.create(
        user=user,
        purpose=purpose,
        digest=digest_of(secret),
        address=address,
        created_by=by,
        expires_at=timezone.now() + LIFETIMES[purpose],
    )
    return secret


def digest_of(secret: str) -> str:
    """What stands for a secret in the database and in a session."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_link(digest: str, purpose: str) -> AccessLink:
    """The living link of that digest. Refuses one that is unknown, used, expired or replaced, each in its words."""
    link = AccessLink.objects.select_related("user").filter(digest=digest, purpose=purpose).first()
    if link is None:
        message = _(
            "Tautan ini tidak dikenal. Buka lagi surel terakhir dari Silon Terbuka, dan pastikan alamatnya "
            "tersalin utuh."
        )
        raise LinkDead("link_unknown", message)
    if link.used_at:
        raise LinkDead("link_used", str(DEAD[link.purpose, "used"]))
    if link.ended_at:
        message = _(
            "Tautan ini sudah digantikan oleh tautan yang lebih baru. Buka surel terakhir dari Silon Terbuka."
        )
        raise LinkDead("link_replaced", message)
    if link.expires_at <= timezone.now():
        raise LinkDead("link_expired", str(DEAD[link.purpose, "expired"]))
    return link


def use_up(link: AccessLink) -> None:
    """Mark it used, once: of two that come at the same time the second is refused."""
    unused = AccessLink.objects.filter(pk=link.pk, used_at=None, ended_at=None)
    if unused.update(used_at=Now()) != 1:
        raise LinkDead("link_used", str(DEAD[link.purpose, "used"]))
