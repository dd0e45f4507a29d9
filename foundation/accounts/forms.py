"""What people fill in about their own account."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.tokens import DAYS, SCOPE_TITLES

PASSWORD_RULES = _(
    "Paling sedikit 10 karakter, bukan kata sandi yang umum dipakai, dan tidak mirip nama Anda. Beberapa kata "
    "yang tidak berhubungan mudah diingat dan sulit ditebak."
)


def password_field(
    label: str, empty: str, autocomplete: str = "new-password", **kwargs: Any
) -> forms.CharField:
    """A password as it was typed, blanks included."""
    return forms.CharField(
        label=label,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": empty,
            "max_length": _("Kata sandi ini terlalu panjang. Pilih yang lebih pendek."),
        },
        **kwargs,
    )


class NewPasswordForm(forms.Form):
    """A password, typed twice because nobody sees it."""

    password = password_field(
        _("Kata sandi baru"), _("Kata sandi belum diisi. Ketik kata sandi."), help_text=PASSWORD_RULES
    )
    again = password_field(
        _("Ulangi kata sandi"), _("Ulangan kata sandi belum diisi. Ketik kata sandi yang sama.")
    )

    def clean_again(self) -> str:
        """The same once more. Raises ValidationError for another."""
        again = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("Kedua kata sandi berbeda. Ketik ulang keduanya."))
        return again


class ActivationForm(NewPasswordForm):
    """How one will log in."""

    username = forms.CharField(
        label=_("Nama pengguna"),
        max_length=150,
        help_text=_(
            "Dipakai setiap kali masuk. Boleh diganti; huruf, angka, titik, garis bawah, dan tanda hubung."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Nama pengguna belum diisi. Ketik nama pengguna."),
            "max_length": _("Nama pengguna paling banyak 150 karakter. Pilih yang lebih pendek."),
        },
    )
    field_order = ("username", "password", "again")


def code_field(help_text: str) -> forms.CharField:
    """A code that an app on the phone shows."""
    return forms.CharField(
        label=_("Kode dari aplikasi"),
        max_length=20,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Kode belum diisi. Ketik enam angka dari aplikasi."),
            "max_length": _("Kode terlalu panjang. Ketik enam angka dari aplikasi."),
        },
    )


class AppCodeForm(forms.Form):
    """The proof that a phone knows the secret."""

    code = code_field(_("Enam angka yang sekarang tampil di aplikasi untuk Silon Terbuka."))


class OwnerForm(forms.Form):
    """Is it really the owner: the password and, where there is a second step, a code."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["current"] = password_field(
            _("Kata sandi sekarang"),
            _("Kata sandi belum diisi. Ketik kata sandi yang dipakai saat masuk."),
            "current-password",
        )
        if user.two_factor_at:
            self.fields["code"] = code_field(_("Enam angka dari aplikasi, atau satu kode pemulihan."))


class EmailForm(OwnerForm):
    """Another address of one's own."""

    email = forms.EmailField(
        label=_("Alamat surel baru"),
        max_length=254,
        help_text=_("Tautan konfirmasi dikirim ke sana; alamat lama diberi tahu."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Alamat surel belum diisi. Ketik alamat yang baru."),
            "invalid": _(
                "Alamat surel ini tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id."
            ),
        },
    )


class TokenForm(OwnerForm):
    """A token's name, scope and end."""

    name = forms.CharField(
        label=_("Nama"),
        max_length=100,
        help_text=_("Untuk program apa token ini, misalnya “Unggah malam posko”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Token belum diberi nama. Tulis untuk program apa token ini.")},
    )
    scope = forms.ChoiceField(label=_("Lingkup"), choices=list(SCOPE_TITLES.items()), required=False)
    days = forms.TypedChoiceField(
        label=_("Berlaku"),
        choices=[(days, format_lazy(_("{days} hari"), days=days)) for days in DAYS],
        coerce=int,
        initial=DAYS[1],
    )


class ChangePasswordForm(NewPasswordForm):
    """The old one first."""

    current = password_field(
        _("Kata sandi sekarang"),
        _("Kata sandi sekarang belum diisi. Ketik kata sandi yang dipakai saat masuk."),
        "current-password",
    )
    field_order = ("current", "password", "again")


class ForgottenForm(forms.Form):
    """Where the link is mailed to."""

    email = forms.EmailField(
        label=_("Alamat surel akun"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Alamat surel belum diisi. Ketik alamat yang didaftarkan pada akun Anda."),
            "invalid": _(
                "Alamat surel ini tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id."
            ),
        },
    )
