"""Forms about personal data: who somebody is, and what they ask for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import choice, text
from candidates.mandates.forms import ACCEPTED, LIMIT_MB, email
from candidates.zones import read_day
from supports.privacy.models import DataRequest
from supports.privacy.operations import Wish
from supports.privacy.people import person_of

AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}


def nik_field() -> forms.CharField:
    """A NIK as people type it, with blanks or dots."""
    field = text(
        "NIK",
        _("NIK belum diisi. Ketik 16 angka seperti pada KTP-el."),
        max_length=40,
        help_text=_("16 angka, seperti pada KTP-el atau kartu keluarga."),
    )
    field.widget.attrs.update(AS_TYPED | {"inputmode": "numeric"})
    return field


class DayField(forms.CharField):
    """A day written day first: 27-11-1990, 27/11/1990, 27 November 1990."""

    def clean(self, value: Any) -> date:
        """The day. Raises ValidationError."""
        typed = super().clean(value)
        try:
            return read_day(typed)
        except (ValueError, KeyError) as error:
            message = _("Tanggal ini tidak dapat dibaca. Tulis hari, bulan, dan tahun, misalnya 27-11-1990.")
            raise forms.ValidationError(message) from error


def birth_date_field() -> DayField:
    """The birth date that stands on the KTP-el."""
    field = DayField(
        label=_("Tanggal lahir"),
        max_length=40,
        help_text=_("Hari-bulan-tahun, misalnya 27-11-1990."),
        error_messages={
            "required": _("Tanggal lahir belum diisi. Tulis seperti pada KTP-el, misalnya 27-11-1990.")
        },
    )
    field.widget.attrs.update(AS_TYPED)
    return field


class CheckForm(forms.Form):
    """Whose NIK is asked about."""

    nik = nik_field()
    birth_date = birth_date_field()


class WishForm(forms.Form):
    """Who asks, for what, and where the answer goes; the KTP-el is attached.

    At the ``counter`` the officer has seen the KTP-el: document and address may be left out.
    """

    kind = choice(_("Yang diminta"), DataRequest.Kind.choices)
    nik = nik_field()
    birth_date = birth_date_field()
    name = text(_("Nama"), _("Nama belum diisi. Tulis seperti pada KTP-el."), max_length=150)
    email = email(_("Surel"), help_text=_("Tautan untuk membaca jawaban dikirim ke sini."))
    told = text(
        _("Penjelasan"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Untuk perbaikan: sebutkan isian yang salah dan isi yang benar. Selain itu boleh kosong."
        ),
    )
    document = forms.FileField(
        label=_("Foto atau pindaian KTP-el"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "PDF, JPG, atau PNG; paling besar %(limit)s MB. Hanya dilihat petugas yang mencocokkan identitas Anda."
        )
        % {"limit": LIMIT_MB},
    )

    def __init__(self, *args: Any, counter: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].error_messages["invalid_choice"] = _(
            "Jenis permohonan ini tidak ada. Pilih salah satu dari daftar."
        )
        for name in ("name", "email"):
            self.fields[name].widget.attrs.update(AS_TYPED)
        if counter:
            self.fields["document"].help_text = _(
                "PDF, JPG, atau PNG; boleh kosong bila KTP-el sudah dilihat di loket."
            )
            self.fields["email"].help_text = _("Boleh kosong; tautannya lalu diserahkan di loket.")

    def wish(self) -> Wish:
        """As the operation takes it. Refuses a NIK that has not 16 digits."""
        cleaned = self.cleaned_data
        person = person_of(cleaned["nik"], cleaned["birth_date"])
        return Wish(cleaned["kind"], person, cleaned["name"], cleaned["email"], cleaned["told"])


class AnswerForm(forms.Form):
    """What the person is told, and for a correction what should change."""

    identity_confirmed = forms.BooleanField(
        label=_("KTP-el sudah saya cocokkan dengan NIK, tanggal lahir, dan nama yang diketik."),
        required=False,
    )
    note = text(
        _("Perbaikan yang harus dibuat"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Isian dan isinya yang benar. Dibaca tim pasangan dan verifikator di samping barisnya."),
    )
    answer = text(
        _("Jawaban untuk pemohon"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Apa yang dilakukan KPU. Dibaca pemohon melalui tautannya."),
    )

    def __init__(self, request: DataRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if request.kind != DataRequest.Kind.CORRECTION:
            del self.fields["note"]


class RefusalForm(forms.Form):
    """Why a request is not granted; whoever asked reads it."""

    reason = text(
        _("Alasan penolakan"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca pemohon. Tulis mengapa, dan apa yang dapat dilakukannya."),
    )
