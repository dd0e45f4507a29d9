"""Is it really the owner? Asked again before what would outlive a stolen session."""

from http import HTTPStatus

from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.accounts.attempts import count_failure, refuse_too_many
from foundation.accounts.models import User
from foundation.accounts.second_factor import check_code
from foundation.errors import Refused


class WrongPassword(Refused):
    """Not the password of this account."""

    http_status = HTTPStatus.UNAUTHORIZED


def confirm_password(request: HttpRequest, user: User, password: str, field: str = "current") -> None:
    """Refuse unless this is the user's password; wrong ones are counted like those of a log-in."""
    refuse_too_many(request, user.username)
    if not user.check_password(password):
        count_failure(request, user.username)
        message = _("Kata sandi sekarang tidak cocok. Ketik ulang kata sandi Anda.")
        raise WrongPassword("wrong_password", message, field)


def confirm_owner(
    request: HttpRequest,
    user: User,
    *,
    password: str,
    code: str,
    fields: tuple[str, str] = ("current", "code"),
) -> None:
    """Refuse unless the password and, where there is a second step, a fresh code are the user's."""
    confirm_password(request, user, password, fields[0])
    if user.two_factor_at:
        check_code(request, user, code, fields[1])
