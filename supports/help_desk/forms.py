"""Forms of the help desk: a question, what is written in a thread, to whom it is handed on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from candidates.forms import choice, text
from candidates.models import Election
from supports.help_desk.models import Answer
from supports.help_desk.refusals import MOST_LETTERS

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
LIMIT_MB = settings.ATTACHMENT_LIMIT_BYTES // (1024 * 1024)


def long_text(label: Any, sentence: Any, rows: int = 6, **kwargs: Any) -> forms.CharField:
    """What somebody writes; how long it may be is said by the operation."""
    widget = forms.Textarea(attrs={"rows": rows})
    return text(label, sentence, max_length=MOST_LETTERS * 2, widget=widget, strip=True, **kwargs)


def document_field() -> forms.FileField:
    """A screenshot or a letter; taken by foundation.attachments."""
    return forms.FileField(
        label=_("Lampiran (tidak wajib)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("Tangkapan layar atau surat: PDF, JPG, atau PNG; paling besar %(limit)s MB.")
        % {"limit": LIMIT_MB},
    )


class AskForm(forms.Form):
    """A question of a pair's team."""

    subject = text(
        _("Pokok pertanyaan"),
        _("Pokok pertanyaan belum diisi. Tulis dalam satu kalimat apa yang ditanyakan."),
        max_length=150,
    )
    text = long_text(
        _("Pertanyaan"),
        _("Pertanyaan belum ditulis. Tulis apa yang terjadi dan apa yang sudah dicoba."),
        help_text=_(
            "Jangan menulis NIK di sini. Bila pertanyaannya tentang satu pendukung, ajukan dari barisnya: barisnya "
            "tertaut, dan KPU dapat membukanya."
        ),
    )
    document = document_field()


class WriteForm(forms.Form):
    """What is written in a thread; ``seen`` is how many messages the writer had before them."""

    text = long_text(_("Tulis balasan"), _("Balasan belum ditulis."))
    document = document_field()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)


class CitizenForm(forms.Form):
    """A question of somebody without an account."""

    name = text(_("Nama"), _("Nama belum diisi. Tulis nama Anda."), max_length=100)
    email = forms.EmailField(
        label=_("Surel"),
        max_length=254,
        error_messages={
            "required": _("Surel belum diisi. Tautan untuk membaca jawaban dikirim ke sana."),
            "invalid": _("Surel itu tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id."),
        },
        help_text=_(
            "Tautan untuk membaca jawaban dikirim ke sini. Nama dan surel hanya dilihat petugas KPU."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    election = choice(_("Pemilihan"), required=False)
    province = choice(_("Provinsi"), required=False)
    subject = text(
        _("Pokok pertanyaan"),
        _("Pokok pertanyaan belum diisi. Tulis dalam satu kalimat apa yang ditanyakan."),
        max_length=150,
    )
    text = long_text(
        _("Pertanyaan"),
        _("Pertanyaan belum ditulis."),
        help_text=_("Jangan menulis NIK di sini; KPU tidak memerlukannya untuk menjawab."),
    )

    def __init__(
        self, elections: Iterable[Election], provinces: Iterable[tuple[int, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._elections = {str(one.pk): one for one in elections}
        unknown = [("", _("Tidak tahu atau tidak tentang satu pemilihan"))]
        self.fields["election"].choices = unknown + [(pk, one.name) for pk, one in self._elections.items()]
        self.fields["province"].choices = [("", _("Seluruh Indonesia"))] + [
            (str(code), name) for code, name in provinces
        ]
        self.fields["province"].help_text = _("Diisi bila pemilihannya tidak dipilih di atas.")

    @property
    def question(self) -> dict[str, Any]:
        """As the operation takes it."""
        said = dict(self.cleaned_data)
        said["election"] = self._elections.get(said["election"])
        said["province"] = int(said["province"] or 0)
        return said


class CitizenWriteForm(forms.Form):
    """What a citizen writes in a thread."""

    text = long_text(
        _("Tulis balasan"),
        _("Balasan belum ditulis."),
        help_text=_("Jangan menulis NIK di sini; KPU tidak memerlukannya untuk menjawab."),
    )


class AnswerForm(forms.Form):
    """A frequent answer, rewritten for everybody."""

    title = text(_("Judul"), _("Judul belum diisi. Tulis seperti orang menanyakannya."), max_length=150)
    topic = choice(_("Topik"), Answer.Topic.choices)
    position = forms.IntegerField(
        label=_("Urutan"),
        min_value=1,
        max_value=999,
        initial=100,
        help_text=_("Angka kecil tampil lebih dahulu."),
        error_messages={"required": _("Urutan belum diisi. Tulis angka, misalnya 100.")},
    )
    text = long_text(
        _("Isi"),
        _("Isi belum ditulis. Tulis ulang jawabannya untuk semua orang, tanpa menyebut siapa pun."),
        rows=14,
        help_text=_(
            "Tulisan biasa. Baris kosong memisahkan paragraf, “- ” memulai butir, dan [tulisan](/aturan/) menautkan "
            "halaman di situs ini."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)


class HandOnForm(forms.Form):
    """Which office shall answer."""

    desk = choice(_("Teruskan kepada"))

    def __init__(self, offices: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"].choices = [(str(code), name) for code, name in offices]
