"""Forms about mandates: what whoever files one types, and what the commission decides."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from candidates.forms import choice, text
from candidates.mandates.models import Mandate
from candidates.mandates.operations import Named, Request
from candidates.models import Election, Pair
from candidates.queries import operators_allowed_in

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
NEW_PAIR = "new"
LIMIT_MB = settings.ATTACHMENT_LIMIT_BYTES // (1024 * 1024)


def email(label: Any, sentence: Any = "", **kwargs: Any) -> forms.EmailField:
    """An address; with a ``sentence`` for when it is empty it must be filled in."""
    errors = {
        "required": sentence,
        "invalid": _("%(label)s tidak lengkap atau salah tulis. Periksa, misalnya nama@contoh.id.")
        % {"label": label},
    }
    field = forms.EmailField(
        label=label, required=bool(sentence), error_messages=errors, max_length=254, **kwargs
    )
    field.widget.attrs["autocomplete"] = "off"
    return field


def phone(label: Any, sentence: Any = "", **kwargs: Any) -> forms.CharField:
    """A telephone number as people write it."""
    field = text(label, sentence, max_length=30, **kwargs)
    field.widget.attrs.update({"inputmode": "tel", "autocomplete": "off"})
    return field


class MandateForm(forms.Form):
    """What a mandate says: the pair, its LO, its operators, who files it, and the signed document.

    ``pairs``: those that an officer may choose from; without them the two names are typed.
    """

    head = text(
        _("Nama bakal calon"), _("Nama bakal calon belum diisi. Tulis seperti pada KTP-el."), max_length=100
    )
    deputy = text(
        _("Nama bakal calon wakil"),
        _("Nama bakal calon wakil belum diisi. Tulis seperti pada KTP-el."),
        max_length=100,
    )
    lo_name = text(_("Nama LO"), _("Nama LO belum diisi. Tulis nama lengkapnya."), max_length=150)
    lo_email = email(
        _("Surel LO"),
        _("Surel LO belum diisi. Tautan aktivasi akun dikirim ke sana."),
        help_text=_("Tautan aktivasi akun dikirim ke surel ini setelah mandat disetujui."),
    )
    lo_phone = phone(_("Nomor HP LO"), _("Nomor HP LO belum diisi. Isi nomor yang dapat dihubungi KPU."))
    contact_name = text(
        _("Nama yang mengajukan"), max_length=150, help_text=_("Kosongkan bila yang mengajukan adalah LO.")
    )
    contact_email = email(_("Surel yang mengajukan"), help_text=_("Kode tanda terima dikirim ke surel ini."))
    document = forms.FileField(
        label=_("Surat mandat yang ditandatangani"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, JPG, atau PNG; paling besar %(limit)s MB.") % {"limit": LIMIT_MB},
    )

    def __init__(self, election: Election, *args: Any, keeps_document: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operators_allowed = operators_allowed_in(election)
        for number in range(1, self.operators_allowed + 1):
            needed = number == 1
            self.fields[f"operator_{number}_name"] = text(
                _("Nama operator %(n)s") % {"n": number},
                _("Nama operator belum diisi. Tulis nama lengkapnya.") if needed else "",
                max_length=150,
            )
            self.fields[f"operator_{number}_email"] = email(
                _("Surel operator %(n)s") % {"n": number},
                _("Surel operator belum diisi. Tautan aktivasi akun dikirim ke sana.") if needed else "",
            )
        names = [name for name in self.fields if name.startswith(("head", "deputy", "lo_", "operator_"))]
        self.order_fields([*names, "contact_name", "contact_email", "document"])
        if keeps_document:
            self.fields["document"].help_text = _(
                "PDF, JPG, atau PNG; paling besar %(limit)s MB. Kosongkan bila “%(name)s” tetap berlaku."
            ) % {"limit": LIMIT_MB, "name": keeps_document}

    def clean(self) -> dict[str, Any]:
        """Half an operator and half a contact are none."""
        cleaned = super().clean()
        halves = [f"operator_{number}" for number in range(2, self.operators_allowed + 1)] + ["contact"]
        for prefix in halves:
            given = {part: cleaned.get(f"{prefix}_{part}") for part in ("name", "email")}
            missing = [
                part for part, value in given.items() if not value and f"{prefix}_{part}" not in self.errors
            ]
            if len(missing) == 1:
                self.add_error(
                    f"{prefix}_{missing[0]}",
                    _("Isian ini belum lengkap. Isi nama dan surel, atau kosongkan keduanya."),
                )
        return cleaned

    def request(self, pair: Pair | None = None) -> Request:
        """As the operations take it."""
        cleaned = self.cleaned_data
        operators = (
            Named(cleaned[f"operator_{number}_name"], cleaned[f"operator_{number}_email"])
            for number in range(1, self.operators_allowed + 1)
            if cleaned[f"operator_{number}_name"]
        )
        contact = (
            Named(cleaned["contact_name"], cleaned["contact_email"]) if cleaned["contact_name"] else None
        )
        return Request(
            head=pair.head if pair else cleaned["head"],
            deputy=pair.deputy if pair else cleaned["deputy"],
            lo=Named(cleaned["lo_name"], cleaned["lo_email"], cleaned["lo_phone"]),
            operators=tuple(operators),
            contact=contact,
            pair=pair,
        )

    @property
    def operators(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and address of each operator, for the page."""
        numbers = range(1, self.operators_allowed + 1)
        return [(self[f"operator_{number}_name"], self[f"operator_{number}_email"]) for number in numbers]


def told(mandate: Mandate) -> dict[str, str]:
    """What a mandate says, to begin a form with."""
    lo = mandate.lo
    values = {"head": mandate.head, "deputy": mandate.deputy}
    values |= {"lo_name": lo.name, "lo_email": lo.email, "lo_phone": lo.phone}
    for number, one in enumerate(mandate.operators, 1):
        values |= {f"operator_{number}_name": one.name, f"operator_{number}_email": one.email}
    if mandate.contact_email != lo.email:
        values |= {"contact_name": mandate.contact_name, "contact_email": mandate.contact_email}
    return values


class CodeForm(forms.Form):
    """The code of a receipt, to follow a mandate with."""

    code = text(
        _("Kode tanda terima"),
        _("Kode belum diisi. Salin dari surel atau halaman tanda terima."),
        max_length=60,
        help_text=_("Contoh: 12-ABCD-EFGH-IJKL-MNOP"),
    )
    code.widget.attrs.update({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


class ApprovalForm(forms.Form):
    """For which pair a mandate is approved."""

    pair = choice(_("Bakal pasangan calon"))
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, mandate: Mandate, pairs: list[Pair], *args: Any, **kwargs: Any) -> None:
        new = _("Daftarkan pasangan baru: %(pair)s") % {"pair": mandate}
        named = [pair for pair in pairs if pair.pk == mandate.pair_id or getattr(pair, "named", False)]
        chosen = named[0].pk if named else NEW_PAIR
        kwargs.setdefault("initial", {"pair": chosen, "seen": mandate.submitted_at.isoformat()})
        super().__init__(*args, **kwargs)
        self.fields["pair"].choices = [(NEW_PAIR, new), *((str(pair.pk), pair.name) for pair in pairs)]


class ReasonForm(forms.Form):
    """Why a mandate is refused or revoked; whoever filed it reads it."""

    reason = text(
        _("Alasan"),
        _("Alasan belum diisi. Tulis apa yang kurang dan apa yang harus dilakukan."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca oleh yang mengajukan. Tulis apa yang kurang dan apa yang harus dilakukan."),
    )
