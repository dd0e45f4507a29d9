"""Forms about elections and their requirements."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates import thresholds
from candidates.models import Level
from candidates.rule_sets import SHIPPED

# Dots, spaces and no-break spaces between groups of three digits.
GROUPING = re.compile(r"(?<=\d)[.\s](?=\d{3}(?!\d))")


class CountField(forms.CharField):
    """A whole number of people or areas, as people write it: 464114, 464.114, 464 114."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: str | None) -> int:
        """The number meant. Raises ValidationError."""
        digits = GROUPING.sub("", super().clean(value))
        if not re.fullmatch(r"[0-9]+", digits):
            raise forms.ValidationError(self.error_messages["invalid"])
        return int(digits)


class SimulationForm(forms.Form):
    """What the requirement is asked for. Sent by GET: the address of an answer can be shared."""

    rule_set = forms.ChoiceField(
        label=_("Dasar hukum"),
        choices=[(code, rules.title) for code, rules in SHIPPED.items()],
        initial="pkpu8-2024",
        error_messages={
            "required": _("Dasar hukum belum dipilih. Pilih aturan yang berlaku pada pemilihan itu."),
            "invalid_choice": _("Dasar hukum itu tidak dikenal. Pilih salah satu dari daftar."),
        },
    )
    level = forms.ChoiceField(
        label=_("Jenis pemilihan"),
        choices=Level.choices,
        initial=Level.WALIKOTA,
        error_messages={
            "required": _("Jenis pemilihan belum dipilih. Pilih salah satu dari daftar."),
            "invalid_choice": _("Jenis pemilihan itu tidak dikenal. Pilih salah satu dari daftar."),
        },
    )
    base = CountField(
        label=_("Angka dasar"),
        help_text=_(
            "Jumlah pemilih dalam DPT, atau jumlah penduduk bila dasar hukumnya demikian. Contoh: 464.114"
        ),
        error_messages={
            "required": _("Angka dasar belum diisi. Isi jumlah pemilih dalam DPT atau jumlah penduduk."),
            "invalid": _("Angka dasar bukan bilangan bulat. Isi dengan angka saja, misalnya 464.114."),
            "max_length": _("Angka dasar terlalu panjang. Isi dengan angka saja, misalnya 464.114."),
        },
    )
    areas = CountField(
        label=_("Jumlah wilayah"),
        help_text=_("Jumlah kecamatan; pada pemilihan gubernur, jumlah kabupaten/kota. Contoh: 6"),
        error_messages={
            "required": _("Jumlah wilayah belum diisi. Isi jumlah kecamatan, atau jumlah kabupaten/kota."),
            "invalid": _("Jumlah wilayah bukan bilangan bulat. Isi dengan angka saja, misalnya 6."),
            "max_length": _("Jumlah wilayah terlalu panjang. Isi dengan angka saja, misalnya 6."),
        },
    )

    requirement: thresholds.Requirement | None = None
    explanation: thresholds.Explanation | None = None

    def clean(self) -> dict[str, Any]:
        """Do the sum; numbers no election can have become errors at their field."""
        asked = [self.cleaned_data.get(name) for name in ("rule_set", "level", "base", "areas")]
        if None not in asked:
            try:
                self.requirement = thresholds.requirement(*asked)
                self.explanation = thresholds.explain(*asked)
            except thresholds.Impossible as error:
                self.add_error(error.field, str(error))
        return self.cleaned_data
