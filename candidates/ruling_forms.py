"""The form that proposes a ruling."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import HOURS_ERRORS, CountField, LocalMomentField, choice, letter_field, stages_of, text
from candidates.models import Election, Ruling


class RulingForm(forms.Form):
    """What shall be opened again for one pair; ``uploads`` are those that a named set can consist of."""

    kind = choice(_("Jenis"), Ruling.Kind.choices)
    document = text(
        _("Nomor surat"),
        _("Nomor surat belum diisi. Isi nomor putusan, berita acara kesepakatan, atau keputusan."),
    )
    letter = letter_field()
    stage = choice(_("Putaran"))
    opens = choice(_("Yang dibuka"), Ruling.Opens.choices, initial=Ruling.Opens.BOTH)
    covers = choice(
        _("Baris yang dapat berubah"),
        Ruling.Covers.choices,
        help_text=_(
            "“Jumlah baris tetap” tidak membuka pengisian: dukungan yang ada diserahkan sebagaimana adanya."
        ),
    )
    uploads = forms.MultipleChoiceField(
        label=_("Unggahan yang barisnya dibuka"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("Hanya untuk “Hanya baris dari unggahan tertentu”."),
    )
    rows = forms.CharField(
        label=_("Baris yang dibuka"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off", "data-no-draft": ""}
        ),
        help_text=_(
            "Hanya untuk “Hanya baris yang disebut satu per satu”. Satu baris setiap baris teks: ID baris dari "
            "laporan, NIK, atau nomor rujukan. NIK tidak disimpan."
        ),
    )
    rows_file = forms.FileField(
        label=_("atau berkas CSV daftar baris"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        help_text=_("Paling besar 10 MB; yang dibaca kolom pertama. Pilih lagi setelah memeriksa daftarnya."),
    )
    skip_missing = forms.BooleanField(label=_("Lewati baris yang tidak ditemukan"), required=False)
    hours = CountField(
        label=_("Lamanya (jam)"),
        initial=48,
        help_text=_("Dihitung sejak masa itu benar-benar dibuka."),
        error_messages=HOURS_ERRORS,
    )

    def __init__(
        self, election: Election, uploads: Iterable[tuple[int, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages_of(election)
        self.fields["uploads"].choices = list(uploads)
        if not self.fields["uploads"].choices:
            del self.fields["uploads"]
        self.fields["planned_at"] = LocalMomentField(
            election.zone,
            _("Dijadwalkan dibuka"),
            help_text=_(
                "Boleh kosong. Ditampilkan kepada tim; yang berlaku adalah saat benar-benar dibuka. "
                "Contoh: 03-06-2024 08.00"
            ),
        )

    @property
    def terms(self) -> dict[str, Any]:
        """As the operation takes them."""
        named = [int(one) for one in self.cleaned_data.get("uploads", [])]
        apart = ("uploads", "letter", "rows_file")
        said = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return said | {"upload_ids": named, "rows": self.lines}

    @property
    def lines(self) -> list[str]:
        """The list of rows: of the file where there is one, else as it was pasted."""
        file = self.files.get("rows_file")
        if file:
            return file.read().decode("utf-8-sig", "replace").splitlines()
        return self.cleaned_data.get("rows", "").splitlines()
