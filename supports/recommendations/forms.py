"""What Bawaslu fills in to recommend something, and KPU to answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import text
from foundation.workflow.table import RECOMMENDATION

DAYS = ["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"]


class RecommendationForm(forms.Form):
    """One recommendation; what it is about was chosen on the page it came from, or is a pair."""

    pair = forms.ChoiceField(label=_("Tentang"), required=False)
    number = text(_("Nomor surat"), _("Nomor surat belum diisi. Salin dari surat saran perbaikan."))
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
    text = text(
        _("Isi saran"),
        _("Isi saran belum diisi. Tulis apa yang perlu diperbaiki."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Jangan menulis NIK atau nomor HP; sebut nomor baris."),
    )
    document = forms.FileField(
        label=_("Surat saran perbaikan (PDF, JPG, atau PNG)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, pairs: Iterable[tuple[int, str]], fixed: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pair"].choices = [("", _("Seluruh pemilihan ini")), *pairs]
        if fixed:
            del self.fields["pair"]

    @property
    def said(self) -> dict[str, Any]:
        """As the operation takes it."""
        cleaned = {name: self.cleaned_data[name] for name in ("number", "dated", "text")}
        pair = self.cleaned_data.get("pair")
        return cleaned | ({"pair_id": int(pair)} if pair else {})


class AnswerForm(forms.Form):
    """Whether it is followed, and by which act or why not."""

    followed = forms.ChoiceField(
        label=_("Jawaban KPU"),
        choices=[("yes", RECOMMENDATION.states["followed"]), ("no", RECOMMENDATION.states["declined"])],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Pilih: ditindaklanjuti, atau tidak ditindaklanjuti.")},
    )
    answer = text(
        _("Tindakan, atau alasan"),
        _("Jawaban belum diisi. Tulis tindakan yang diambil, atau alasan mengapa tidak ditindaklanjuti."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sebut nomor keputusan atau berita acaranya. Dibaca KPU dan Bawaslu."),
    )

    @property
    def said(self) -> dict[str, Any]:
        """As the operation takes it."""
        return {"followed": self.cleaned_data["followed"] == "yes", "answer": self.cleaned_data["answer"]}
