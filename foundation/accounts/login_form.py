"""Logging in; in a file of its own because allauth reads it while its own forms are being loaded."""

from typing import Any

from allauth.account import forms
from django.utils.translation import gettext_lazy as _

EMPTY = {
    "login": _("Nama pengguna belum diisi. Ketik nama pengguna."),
    "password": _("Kata sandi belum diisi. Ketik kata sandi."),
}


class LoginForm(forms.LoginForm):
    """allauth's, which says of each field what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, sentence in EMPTY.items():
            self.fields[name].error_messages["required"] = sentence
