"""Forms of the pages about scans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from supports.scans.models import Kind


class PlaceForm(forms.Form):
    """Which row a scan belongs to, and what it shows."""

    support = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Jenis dokumen"), choices=Kind.choices)


class ScanSearchForm(forms.Form):
    """What is typed to find the row of a scan."""

    cari = forms.CharField(label=_("Cari NIK, nama, atau nomor telepon"), max_length=200)
