"""What an officer says to propose a correction: which rows, and by which document."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import letter_field, text
from candidates.models import Ruling
from candidates.templatetags.wording import number
from foundation.accounts.models import User
from supports.findings import FindingCount
from supports.models import Submission, Upload
from verification.corrections.choosing import Wanted
from verification.models import DECIDED

DAYS = ["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"]


class CorrectionForm(forms.Form):
    """The rows are chosen by everything that is filled in; the list of rows is kept nowhere."""

    status = forms.ChoiceField(
        label=_("Sekarang diputus"),
        required=False,
        choices=[("", _("MS, BMS, atau TMS")), *((one, one) for one in DECIDED)],
    )
    finding = forms.ChoiceField(label=_("Temuan"), required=False)
    area = forms.TypedChoiceField(label=_("Wilayah"), required=False, coerce=int, empty_value=None)
    upload = forms.TypedChoiceField(label=_("Berkas"), required=False, coerce=int, empty_value=None)
    decided_by = forms.TypedChoiceField(label=_("Diputus oleh"), required=False, coerce=int, empty_value=None)
    ruling = forms.TypedChoiceField(label=_("Disebut putusan"), required=False, coerce=int, empty_value=None)
    rows = forms.CharField(
        label=_("Daftar baris"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "data-no-draft": ""}
        ),
        help_text=_(
            "Satu baris setiap baris teks: ID baris dari laporan, NIK, atau nomor rujukan. NIK tidak disimpan."
        ),
    )
    rows_file = forms.FileField(
        label=_("atau berkas CSV daftar baris"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        help_text=_("Paling besar 10 MB; yang dibaca kolom pertama. Pilih lagi setelah melihat barisnya."),
    )
    skip_missing = forms.BooleanField(label=_("Lewati baris daftar yang tidak ditemukan"), required=False)
    number = text(_("Nomor surat"), _("Nomor surat belum diisi. Salin dari keputusan atau putusannya."))
    dated = forms.DateField(
        label=_("Tanggal surat"),
        input_formats=DAYS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Contoh: 12-05-2024"),
        error_messages={
            "required": _("Tanggal surat belum diisi. Tulis misalnya 12-05-2024."),
            "invalid": _("Tanggal surat tidak dikenal. Tulis misalnya 12-05-2024."),
        },
    )
    reason = text(
        _("Alasan"),
        _("Alasan belum diisi. Tulis mengapa baris ini diperiksa lagi."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Jangan menulis NIK atau nomor HP; sebut nomor baris."),
    )
    letter = letter_field()
    token = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    CHOOSES = ("status", "finding", "area", "upload", "decided_by", "ruling")

    def __init__(
        self,
        submission: Submission,
        *args: Any,
        findings: Iterable[FindingCount],
        uploads: Iterable[Upload],
        people: Iterable[User],
        rulings: Iterable[Ruling],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, f"{one.title} ({number(one.n)})") for one in findings if one.listed]
        areas = [(area.code, area.name) for area in submission.pair.election.areas.all()]
        choices = {
            "finding": [("", _("Semua, dengan atau tanpa temuan")), *listed],
            "area": [("", _("Seluruh wilayah")), *areas],
            "upload": [("", _("Semua berkas")), *((one.pk, one.name) for one in uploads)],
            "decided_by": [("", _("Siapa pun")), *((one.pk, str(one)) for one in people)],
            "ruling": [("", _("Tidak menurut putusan")), *((one.pk, one.document) for one in rulings)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered

    @property
    def wanted(self) -> Wanted:
        """Which rows."""
        chosen = {name: self.cleaned_data.get(name) or None for name in self.CHOOSES}
        skip = bool(self.cleaned_data.get("skip_missing"))
        return Wanted(**chosen, lines=self._lines(), skip_missing=skip)

    @property
    def terms(self) -> dict[str, Any]:
        """By which document and why, and what was looked at."""
        return {name: self.cleaned_data[name] for name in ("number", "dated", "reason", "token")}

    def _lines(self) -> list[str]:
        file = self.files.get("rows_file")
        if file:
            return file.read().decode("utf-8-sig", "replace").splitlines()
        return self.cleaned_data.get("rows", "").splitlines()
