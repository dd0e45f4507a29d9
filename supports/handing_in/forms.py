"""What a team fills in to hand in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import CountField
from candidates.templatetags.wording import number


class ConfirmHandInForm(forms.Form):
    """Handing in is confirmed by typing how many rows are handed in."""

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
                _(
                    "Jumlah yang diketik bukan %(rows)s, jadi belum ada yang diserahkan. Ketik jumlah yang sama."
                )
                % {"rows": number(self._rows)}
            )
        return self._rows
