"""The form of the second step, in allauth's page of a log-in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.second_factor import check_code
from foundation.errors import Refused


class CodeForm(AuthenticateForm):
    """One code, checked and counted by our own rules."""

    code = forms.CharField(
        label=_("Kode verifikasi"),
        max_length=20,
        help_text=_("Enam angka dari aplikasi autentikator di ponsel Anda, atau satu kode pemulihan."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": _("Kode verifikasi belum diisi. Ketik enam angka dari aplikasi."),
            "max_length": _("Kode verifikasi terlalu panjang. Ketik enam angka dari aplikasi."),
        },
    )

    def clean_code(self) -> str:
        """A code that opens now. Raises ValidationError."""
        code = self.cleaned_data["code"]
        try:
            check_code(context.request, self.user, code)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return code

    def save(self) -> None:
        """Let allauth's flow know that the step was taken."""
        record_authentication(context.request, self.user, "mfa")
