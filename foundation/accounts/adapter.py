"""What allauth may do here: log in, log out, change a password. Accounts come from the commission."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.accounts.attempts import count_failure, network_of, refuse_too_many
from foundation.errors import TooMany


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up; failed log-ins counted by our own rule."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi."
        ),
        "enter_current_password": _("Kata sandi sekarang tidak cocok. Ketik ulang kata sandi Anda."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are given after a mandate was checked."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network, as our own count sees it."""
        return network_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while there were too many failures. Raises ValidationError, as allauth's forms expect."""
        try:
            refuse_too_many(request, credentials.get("username", ""))
        except TooMany as error:
            raise ValidationError(error.message, code=error.code) from error

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it."""
        count_failure(request, credentials.get("username", ""))
