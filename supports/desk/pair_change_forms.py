"""Forms about what became of a pair."""

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms import choice, text
from supports.desk.pair_changes import MEMBERS


class _WithDocument(forms.Form):
    """What every change of a pair names; the document itself is read apart (foundation.attachments)."""

    number = text(_("Nomor surat"), _("Nomor surat belum diisi. Isi nomor suratnya."))
    reason = text(_("Keterangan"), max_length=300)
    document = forms.FileField(
        label=_("Surat (PDF, JPG, atau PNG)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class WithdrawPairForm(_WithDocument):
    """The pair has withdrawn."""

    confirm = forms.BooleanField(
        label=_("Pasangan ini mengundurkan diri; setelah dicatat, timnya tidak dapat mengubah data lagi"),
        error_messages={
            "required": _("Centang pernyataan ini. Pencatatan pengunduran diri tidak dapat dibatalkan.")
        },
    )


class ReplaceMemberForm(_WithDocument):
    """One of the two was replaced."""

    member = choice(_("Yang diganti"), [(key, title.capitalize()) for key, title in MEMBERS.items()])
    name = text(_("Nama pengganti"), _("Nama pengganti belum diisi. Tulis nama lengkapnya."), max_length=100)
