"""What a team fills in about its uploads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import CountField
from candidates.templatetags.wording import number
from supports.ingest.columns import TITLES
from supports.ingest.normalise import LIMITS, OTHER_LIMIT
from supports.listing import masked_niks
from supports.models import Support, Upload
from supports.moving import MOST_CHOSEN
from supports.opening import SEALED_AS_THEY_ARE

# What only opening the identity shows: blank in a form until then, and a blank changes nothing.
HIDDEN = ("nik", "birth_date", "phone", *SEALED_AS_THEY_ARE)
ORDER = (
    *("nik", "name", "birth_place", "birth_date", "sex", "marital", "address", "rt", "rw", "village"),
    *("district", "regency", "occupation", "phone", "email", "document", "statement"),
)
TYPED_ORDER = (
    *("nik", "name", "birth_place", "birth_date", "sex", "marital", "address", "rt", "rw", "village"),
    *("district", "regency", "occupation", "phone", "sheet", "statement"),
)
CHOICES = {
    "sex": [("L", _("Laki-laki")), ("P", _("Perempuan"))],
    "marital": [("B", _("Belum kawin")), ("S", _("Sudah kawin")), ("P", _("Pernah kawin"))],
    "statement": [("ya", _("Ada")), ("tidak", _("Tidak ada"))],
}


class ConfirmDiscardForm(forms.Form):
    """Discarding rows is confirmed by typing how many they are."""

    count = CountField(
        error_messages={
            "required": _("Jumlah baris belum diketik. Ketik jumlahnya untuk memastikan."),
            "invalid": _("Jumlah baris bukan bilangan bulat. Ketik jumlahnya dengan angka saja."),
            "max_length": _("Jumlah baris terlalu panjang. Ketik jumlahnya dengan angka saja."),
        }
    )

    def __init__(self, rows: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        self.fields["count"].label = _("Ketik %(rows)s untuk memastikan") % {"rows": number(rows)}

    def clean_count(self) -> int:
        """The very number of rows. Raises ValidationError for another."""
        if self.cleaned_data["count"] != self._rows:
            raise forms.ValidationError(
                _("Jumlah yang diketik bukan %(rows)s, jadi tidak ada yang dibuang. Ketik jumlah yang sama.")
                % {"rows": number(self._rows)}
            )
        return self._rows


class ConfirmRemovalForm(forms.Form):
    """Removing rows is confirmed by typing how many they are; ``token`` stands for the rows that were shown."""

    token = forms.CharField(max_length=60, widget=forms.HiddenInput)
    count = CountField(error_messages=ConfirmDiscardForm.base_fields["count"].error_messages)

    def __init__(self, rows: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        self.fields["count"].label = _("Ketik %(rows)s untuk memastikan") % {"rows": number(rows)}

    def clean_count(self) -> int:
        """The very number of rows. Raises ValidationError for another."""
        if self.cleaned_data["count"] != self._rows:
            raise forms.ValidationError(
                _("Jumlah yang diketik bukan %(rows)s, jadi tidak ada yang dihapus. Ketik jumlah yang sama.")
                % {"rows": number(self._rows)}
            )
        return self._rows


class SearchForm(forms.Form):
    """One box for a NIK, a name or a phone number."""

    cari = forms.CharField(
        label=_("Cari NIK, nama, atau nomor telepon"),
        max_length=200,
        error_messages={
            "required": _("Belum ada yang dicari. Ketik NIK, nama, atau nomor telepon."),
            "max_length": _("Yang dicari terlalu panjang. Ketik NIK, nama, atau nomor telepon saja."),
            "null_characters_not_allowed": _(
                "Yang dicari memuat tanda yang tidak dapat dibaca. Ketik ulang."
            ),
        },
    )


def row_field(name: str) -> forms.Field:
    """One field of a supporter's row, empty or with its choices."""
    common = {"label": TITLES[name], "required": False}
    if name in CHOICES:
        blank = ("", _("– belum diketahui –"))
        message = _("Pilihan itu tidak ada. Pilih salah satu dari daftar.")
        return forms.ChoiceField(
            choices=[blank, *CHOICES[name]], error_messages={"invalid_choice": message}, **common
        )
    field = forms.CharField(
        max_length=LIMITS.get(name, OTHER_LIMIT),
        error_messages={
            "max_length": _("Isian ini lebih panjang dari %(limit_value)s karakter. Pendekkan."),
            "null_characters_not_allowed": _("Isian ini memuat tanda yang tidak dapat dibaca. Ketik ulang."),
        },
        **common,
    )
    field.widget.attrs.update({"autocomplete": "off"})
    if name in ("nik", "rt", "rw", "phone"):
        field.widget.attrs["inputmode"] = "tel"
    return field


class SupportForm(forms.Form):
    """The fields of one row. ``opened`` are its values in clear, when its identity was opened for this form."""

    def __init__(
        self,
        support: Support,
        *args: Any,
        present: Mapping[str, Any],
        opened: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.opened = opened
        self._present = {name: _as_text(support, present, name) for name in ORDER}
        for name in ORDER:
            self.fields[name] = row_field(name)
            if opened or name not in HIDDEN:
                self.initial[name] = self._present[name]
            elif self._present[name]:
                self.fields[name].help_text = self._hidden(support, name)

    @staticmethod
    def _hidden(support: Support, name: str) -> str:
        if name == "nik" and support.nik:
            mask = masked_niks([support], support.submission)[support.pk]
            return _("Tersimpan: %(mask)s") % {"mask": mask}
        return _("Tersimpan")

    @property
    def changes(self) -> dict[str, str]:
        """What was typed and differs from what is stored."""
        return {
            name: typed
            for name, typed in self.cleaned_data.items()
            if typed != self._present[name] and (typed or self.opened or name not in HIDDEN)
        }


class TypingForm(forms.Form):
    """One supporter being typed, in the order of form B.1; ``regency`` only where several vote together."""

    def __init__(self, *args: Any, with_regency: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TYPED_ORDER:
            if name != "regency" or with_regency:
                self.fields[name] = row_field(name)
        self.fields["nik"].widget.attrs |= {"autofocus": True, "placeholder": "000000 000000 0000"}
        self.fields["birth_date"].widget.attrs |= {"placeholder": _("27-11-1990"), "inputmode": "tel"}
        self.fields["sheet"].label = _("Nomor lembar")
        self.fields["village"].widget.attrs["list"] = "daftar-desa"

    @property
    def row(self) -> dict[str, str]:
        """What was typed, without the blanks."""
        return {name: text for name, text in self.cleaned_data.items() if text}


def _as_text(support: Support, present: Mapping[str, Any], name: str) -> str:
    """The stored value as the form shows it; a choice that could not be read is not chosen."""
    if name in ("sex", "marital"):
        return getattr(support, name) or ""
    return str(present[name] or "")


class IdsField(forms.Field):
    """Rows that were ticked; None when none was, so that the other fields choose."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> tuple[int, ...] | None:
        """The ids. Raises ValidationError for what is none."""
        if not value:
            return None
        if len(value) > MOST_CHOSEN or not all(one.isdecimal() and len(one) < 19 for one in value):
            raise forms.ValidationError(
                _("Baris yang dicentang tidak dikenal. Muat ulang daftarnya, lalu ulangi.")
            )
        return tuple(int(one) for one in value)


class MoveForm(forms.Form):
    """Which rows move between the pool and the round; ``expected`` is how many the preview counted."""

    to = forms.ChoiceField(
        label=_("Arah"),
        choices=[
            ("round", _("Dari Cadangan ke putaran yang sedang diisi")),
            ("pool", _("Dari putaran yang sedang diisi ke Cadangan")),
        ],
        initial="round",
    )
    clean = forms.TypedChoiceField(
        label=_("Baris"),
        choices=[("", _("Semua baris")), ("1", _("Hanya baris tanpa temuan yang menghalangi"))],
        required=False,
        coerce=bool,
        empty_value=False,
    )
    area = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    upload = forms.TypedChoiceField(label=_("Unggahan"), required=False, coerce=int, empty_value=None)
    finding = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    ids = IdsField(required=False)
    expected = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, areas: Sequence[tuple[int, str]], uploads: Sequence[Upload], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].label = _("Wilayah")
        self.fields["area"].choices = [("", _("Semua wilayah")), *areas, (0, _("Belum diketahui"))]
        self.fields["upload"].choices = [("", _("Semua unggahan")), *((one.pk, one.name) for one in uploads)]


class TypistForm(forms.Form):
    """Who shall type for the pair."""

    name = forms.CharField(
        label=_("Nama lengkap"),
        max_length=150,
        error_messages={
            "required": _("Nama juru entri belum diisi. Isi nama lengkapnya."),
            "max_length": _("Nama ini lebih panjang dari 150 karakter. Pendekkan."),
        },
    )
    email = forms.CharField(
        label=_("Alamat surel"),
        max_length=254,
        help_text=_("Tautan untuk mengaktifkan akun dikirim ke alamat ini."),
        error_messages={
            "required": _("Alamat surel belum diisi. Isi alamat milik juru entri sendiri."),
            "max_length": _("Alamat surel ini lebih panjang dari 254 karakter. Periksa."),
        },
        widget=forms.EmailInput,
    )
