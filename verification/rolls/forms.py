"""What an office fills in about voter lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import CountField
from candidates.templatetags.wording import number


class RemoveForm(forms.Form):
    """Removing rows is confirmed by typing how many they are; the operation compares them."""

    count = CountField(
        error_messages={
            "required": _("Jumlah baris belum diketik. Ketik jumlahnya untuk memastikan."),
            "invalid": _("Jumlah baris bukan bilangan bulat. Ketik jumlahnya dengan angka saja."),
            "max_length": _("Jumlah baris terlalu panjang. Ketik jumlahnya dengan angka saja."),
        }
    )

    def __init__(self, entries: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["count"].label = _("Ketik %(rows)s untuk memastikan") % {"rows": number(entries)}
