"""What allauth may do here: log in, in two steps, and log out. Accounts come from the commission."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.attempts import count_failure, network_of, refuse_too_many
from foundation.accounts.entering import enter, know_device
from foundation.accounts.models import User
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

    def get_login_stages(self) -> list[str]:
        """After the password only the second step."""
        return ["foundation.accounts.stages.SecondStep"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """The network, as our own count sees it."""
        return network_of(request)

    def login(self, request: HttpRequest, user: User) -> None:
        """Let in, and write down where."""
        enter(request, user)

    def post_login(self, request: HttpRequest, user: User, **hints: Any) -> HttpResponse:
        """To where one wanted. After two steps the browser is known from now on."""
        response = super().post_login(request, user, **hints)
        if user.two_factor_at:
            know_device(request, response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while there were too many failures. Raises ValidationError, as allauth's forms expect."""
        try:
            refuse_too_many(request, credentials.get("username", ""))
        except TooMany as error:
            raise ValidationError(error.message, code=error.code) from error

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it."""
        count_failure(request, credentials.get("username", ""))
