"""The filter above the log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.readings.kinds import Kind
from supports.reading_log.log import FURTHER, Asked

LARGEST = 2**63 - 1
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogForm(forms.Form):
    """Which readings; ``pasangan``, ``orang`` and the place in the list come from links."""

    jenis = forms.ChoiceField(
        label=_("Yang dibaca"),
        choices=[("", _("Semua")), *((kind.value, kind.title) for kind in Kind)],
        required=False,
    )
    dari = forms.DateField(label=_("Dari tanggal"), widget=DAY, required=False)
    sampai = forms.DateField(label=_("Sampai tanggal"), widget=DAY, required=False)
    pasangan = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput, required=False)
    orang = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput, required=False)

    def asked(self, data: dict) -> Asked:
        """What was asked for; what an address says wrongly is left out."""
        self.is_valid()
        clean = self.cleaned_data
        before = data.get(FURTHER, "")
        return Asked(
            pair=clean.get("pasangan"),
            person=clean.get("orang"),
            kind=clean.get("jenis") or None,
            since=clean.get("dari"),
            until=clean.get("sampai"),
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
        )
