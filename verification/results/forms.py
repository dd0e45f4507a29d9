"""What an office may fill in when it closes a round."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CloseForm(forms.Form):
    """The number of the minutes, where the office has given one already."""

    minutes_number = forms.CharField(
        label=_("Nomor berita acara (boleh dikosongkan)"),
        max_length=100,
        required=False,
        help_text=_("Dicetak pada berita acara. Bila dikosongkan, nomornya ditulis tangan."),
        error_messages={
            "max_length": _("Nomor berita acara paling panjang 100 huruf. Salin dari berita acara.")
        },
    )
