"""What a team fills in about its uploads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import CountField
from candidates.templatetags.wording import number
from supports.ingest.columns import FIELDS
from supports.models import Upload


class MappingForm(forms.Form):
    """Which heading of the file holds which field; asked only when NIK or name could not be recognised."""

    def __init__(self, upload: Upload, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = upload.columns.get("fields", {})
        headings = [heading for heading in upload.columns.get("headings", []) if heading]
        choices = [("", _("– tidak ada –")), *((heading, heading) for heading in headings)]
        for field in FIELDS:
            self.fields[field.name] = forms.ChoiceField(
                label=field.title,
                choices=choices,
                required=field.required,
                initial=known.get(field.name, ""),
                error_messages={
                    "required": _("Kolom %(title)s belum ditunjuk. Pilih judul kolomnya dari daftar.")
                    % {"title": field.title},
                    "invalid_choice": _("Judul kolom itu tidak ada di berkas. Pilih dari daftar."),
                },
            )

    @property
    def mapping(self) -> dict[str, str]:
        """The team's own mapping: field → heading."""
        return {name: heading for name, heading in self.cleaned_data.items() if heading}


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
