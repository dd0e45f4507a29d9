"""Forms about staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.matrix import Role


class StaffForm(forms.Form):
    """Whom to invite, as what, and where."""

    name = forms.CharField(
        label=_("Nama"),
        max_length=150,
        error_messages={"required": _("Nama belum diisi. Tulis nama lengkapnya.")},
    )
    email = forms.EmailField(
        label=_("Surel"),
        max_length=254,
        help_text=_("Tautan aktivasi dikirim ke sana; berlaku 72 jam."),
        error_messages={
            "required": _("Surel belum diisi. Tautan aktivasi dikirim ke sana."),
            "invalid": _("Surel tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id."),
        },
    )
    role = forms.ChoiceField(
        label=_("Peran"),
        error_messages={"invalid_choice": _("Peran itu tidak dapat Anda berikan. Pilih dari daftar.")},
    )
    region = forms.CharField(
        label=_("Wilayah"),
        max_length=120,
        help_text=_("Nama atau kode wilayah, misalnya Bontang Utara atau 647401."),
        error_messages={"required": _("Wilayah belum diisi. Pilih dari daftar, atau isi kodenya.")},
    )

    def __init__(self, roles: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.title) for role in roles]
        for name in ("name", "email", "region"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["region"].widget.attrs["list"] = "wilayah"


class ResetFactorForm(forms.Form):
    """Why the second step is taken away, and what showed who it is."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=300,
        help_text=_("Misalnya: ponsel hilang. Ikut ditulis dalam surel kepada orangnya."),
        error_messages={"required": _("Alasan belum diisi. Tulis mengapa diatur ulang.")},
    )
    document = forms.CharField(
        label=_("Nomor dokumen yang diperiksa"),
        max_length=100,
        help_text=_("Misalnya nomor surat tugas atau berita acara; bukan NIK."),
        error_messages={
            "required": _(
                "Nomor dokumen belum diisi. Tulis dokumen yang membuktikan orangnya, misalnya nomor surat tugas."
            )
        },
    )
