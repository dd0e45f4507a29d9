"""Forms of KPU RI about the end of identities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import text

_MISSING = _("Nomor surat belum diisi. Isi nomor suratnya.")
_FILE = {"accept": ".pdf,.jpg,.jpeg,.png"}


class _WithDocument(forms.Form):
    """What every decision names; the document itself is read apart (foundation.attachments)."""

    number = text(_("Nomor surat"), _MISSING)
    document = forms.FileField(
        label=_("Surat (PDF, JPG, atau PNG)"), required=False, widget=forms.FileInput(attrs=_FILE)
    )


class TermForm(_WithDocument):
    """Another end of the term."""

    reason = text(_("Dasar"), _("Dasar perubahan belum diisi. Tulis dasarnya."), max_length=300)
    ends_on = forms.DateField(
        label=_("Masa simpan sampai"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Tanggal belum diisi. Pilih hari terakhir identitas disimpan."),
            "invalid": _("Tanggal tidak dikenali. Isi misalnya 2029-11-27."),
        },
    )

    field_order = ["ends_on", "reason", "number", "document"]


class HoldForm(_WithDocument):
    """Why everything is held."""

    reason = text(_("Alasan penahanan"), _("Alasan penahanan belum diisi. Tulis alasannya."), max_length=300)

    field_order = ["reason", "number", "document"]


class LiftForm(forms.Form):
    """Why a hold ends; asked of the first of the two."""

    reason = text(_("Alasan pelepasan"), _("Alasan pelepasan belum diisi. Tulis alasannya."), max_length=300)


class SeenForm(forms.Form):
    """What was looked at; for the proposal and the approval also the election's name, typed."""

    digest = forms.CharField(widget=forms.HiddenInput)
