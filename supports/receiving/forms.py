"""What an office fills in to receive a round."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from candidates.forms import CountField
from supports.models import Receipt, Reception
from supports.receiving.operations import Counted


class ReceptionForm(forms.Form):
    """Two numbers for each area of the receipt, then the decision with its minutes."""

    minutes_number = forms.CharField(
        label=_("Nomor berita acara"),
        max_length=100,
        error_messages={"required": _("Nomor berita acara belum diisi. Salin dari berita acara.")},
    )
    decision = forms.ChoiceField(label=_("Keputusan"), choices=Reception.Decision.choices)
    reasons = forms.CharField(
        label=_("Alasan atau penjelasan"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Wajib bila dikembalikan, atau bila hitungan fisik berbeda dari Silon."),
    )

    def __init__(self, receipt: Receipt, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = receipt.body["by_area"]
        for one in self.areas:
            for name, label in (("claimed", _("Dinyatakan")), ("counted", _("Dihitung"))):
                self.fields[f"{name}_{one['code']}"] = _count(f"{label} · {one['name']}", one["rows"])

    def lines(self) -> Iterator[tuple[dict[str, Any], BoundField, BoundField]]:
        """The areas, each with its two fields."""
        for one in self.areas:
            yield one, self[f"claimed_{one['code']}"], self[f"counted_{one['code']}"]

    def counted(self) -> list[Counted]:
        """What was filled in."""
        data = self.cleaned_data
        codes = [one["code"] for one in self.areas]
        return [Counted(code, data[f"claimed_{code}"], data[f"counted_{code}"]) for code in codes]


def _count(label: str, initial: int) -> forms.Field:
    return CountField(
        label=label,
        initial=initial,
        error_messages={
            "required": _("%(what)s belum diisi.") % {"what": label},
            "invalid": _("%(what)s bukan bilangan bulat.") % {"what": label},
            "max_length": _("%(what)s terlalu panjang.") % {"what": label},
        },
    )
