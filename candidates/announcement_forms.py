"""The form of an announcement."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import LocalMomentField, choice, required, text
from candidates.models import Announcement, Election


class AnnouncementForm(forms.Form):
    """What is told to whom, from when until when."""

    title = text(_("Judul"), _("Judul belum diisi. Tulis pokoknya dalam satu kalimat."), max_length=150)
    text = text(
        _("Isi"),
        _("Isi belum diisi. Tulis apa yang perlu diketahui dan apa yang perlu dilakukan."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    audience = choice(_("Untuk siapa"), Announcement.Audience.choices)
    elections = forms.MultipleChoiceField(
        label=_("Pemilihan"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("Hanya bila pengumuman ini untuk tim pada pemilihan tertentu."),
        error_messages=required(""),
    )
    pinned = forms.BooleanField(label=_("Sematkan di atas pengumuman lain"), required=False)

    def __init__(self, elections: Iterable[Election], zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elections"].choices = [(one.pk, one.name) for one in elections]
        at_once = _("Kosong berarti langsung ditampilkan. Contoh: 12-05-2024 08.00")
        self.fields["shown_from"] = LocalMomentField(zone, _("Ditampilkan mulai"), help_text=at_once)
        for_ever = _("Kosong berarti sampai ditarik. Contoh: 20-05-2024 23.59")
        self.fields["shown_until"] = LocalMomentField(zone, _("Ditampilkan sampai"), help_text=for_ever)

    @property
    def told(self) -> dict[str, Any]:
        """As the operation takes it."""
        said = dict(self.cleaned_data)
        said["election_ids"] = [int(one) for one in said.pop("elections")]
        return said


class WithdrawalForm(forms.Form):
    """Why an announcement is withdrawn."""

    reason = text(_("Alasan"), _("Alasan belum diisi. Tulis alasannya dalam satu kalimat."), max_length=300)
