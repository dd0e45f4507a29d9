"""What a user name, a password and an e-mail address must be: the same sentences wherever one is chosen."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.errors import Refused


def refuse_taken_name(username: str, **but: Any) -> None:
    """Refuse a user name that another account has; upper and lower case count as one."""
    if User.objects.filter(username__iexact=username).exclude(**but or {"pk": None}).exists():
        message = _("Nama pengguna “%(username)s” sudah dipakai. Pilih nama lain.")
        raise Refused("username_taken", message % {"username": username}, "username")


def refuse_malformed_name(username: str) -> None:
    """Refuse a user name that cannot be typed everywhere."""
    try:
        for validate in User._meta.get_field("username").validators:
            validate(username)
    except ValidationError as error:
        message = _(
            "Nama pengguna ini tidak dapat dipakai. Gunakan huruf, angka, titik, garis bawah, atau tanda "
            "hubung, tanpa spasi, paling banyak 150 karakter."
        )
        raise Refused("username_invalid", message, "username") from error


def refuse_weak_password(password: str, user: User, field: str = "password") -> None:
    """Refuse a password that is short, common, or like the owner's name."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password_weak", " ".join(error.messages), field) from error


def email_of(text: str) -> str:
    """The address meant. Refuses what is none, and one that an active or invited account has."""
    email = text.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        message = _("Alamat surel ini tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id.")
        raise Refused("email_invalid", message, "email") from error
    alive = User.objects.filter(Q(is_active=True) | Q(activated_at=None), email__iexact=email).first()
    if alive:
        raise Refused("email_taken", _taken(alive), "email")
    return email


def _taken(user: User) -> str:
    if user.is_invited:
        return _(
            "Alamat surel ini sudah diundang dan belum mengaktifkan akunnya. Kirim ulang tautan aktivasinya, "
            "atau gunakan alamat lain."
        )
    return _(
        "Alamat surel ini sudah dipakai akun lain yang aktif. Gunakan alamat lain, atau mintalah KPU "
        "menambahkan peran pada akun yang sudah ada."
    )
