"""Forms about elections, their requirements, windows and outages."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates import thresholds, zones
from candidates.models import Election, Level, Outage, Window
from candidates.queries import rules_of
from candidates.rule_sets import SHIPPED

# Dots, spaces and no-break spaces between groups of three digits.
GROUPING = re.compile(r"(?<=\d)[.\s](?=\d{3}(?!\d))")


class CountField(forms.CharField):
    """A whole number of people or areas, as people write it: 464114, 464.114, 464 114."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: str | None) -> int | None:
        """The number meant, None for an empty field that may be empty. Raises ValidationError."""
        digits = GROUPING.sub("", super().clean(value))
        if not digits:
            return None
        if not re.fullmatch(r"[0-9]+", digits):
            raise forms.ValidationError(self.error_messages["invalid"])
        return int(digits)

    def prepare_value(self, value: int | str | None) -> str | None:
        """As people write it: 464.114."""
        return thresholds.digits(value) if isinstance(value, int) else value


class LocalMomentField(forms.Field):
    """A day and time typed on the clocks of one zone, whose name ends the label.

    A text and no picker: a browser's picker follows the language of the browser and puts the month first in many.
    """

    def __init__(self, zone: str, label: str, empty: str = "", **kwargs: Any) -> None:
        invalid = _(
            "%(label)s: waktu tidak dikenal. Tulis tanggal dan jam %(zone)s, misalnya 12-05-2024 23.59."
        )
        words = {"label": label, "zone": zones.LABELS[zone]}
        super().__init__(
            label=f"{label} ({zones.LABELS[zone]})",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            required=bool(empty),
            error_messages={"invalid": invalid % words, "required": empty},
            **{"help_text": _("Contoh: 12-05-2024 23.59"), **kwargs},
        )
        self._zone = zone

    def to_python(self, value: str | None) -> datetime | None:
        """The moment meant. Raises ValidationError."""
        if not (value or "").strip():
            return None
        try:
            return zones.read(value, self._zone)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error

    def prepare_value(self, value: datetime | str | None) -> str:
        """As one types it: to the minute, on the clocks of the zone."""
        return zones.write(value, self._zone) if isinstance(value, datetime) else value or ""

    def has_changed(self, initial: datetime | None, data: str | None) -> bool:
        """Whether another minute was typed: seconds that nobody sees are no change."""
        return self.prepare_value(initial) != (data or "").strip()


def required(sentence: str) -> dict[str, str]:
    """The sentence of an empty field."""
    return {"required": sentence, "invalid_choice": _("Pilihan itu tidak ada. Pilih salah satu dari daftar.")}


def text(label: str, sentence: str = "", **kwargs: Any) -> forms.CharField:
    """A text; with a ``sentence`` for when it is empty it must be filled in."""
    kwargs.setdefault("max_length", 200)
    return forms.CharField(label=label, required=bool(sentence), error_messages=required(sentence), **kwargs)


def choice(label: str, choices: Iterable[tuple[str, str]] = (), **kwargs: Any) -> forms.ChoiceField:
    """One of a list."""
    errors = required(_("Pilihan belum diisi. Pilih salah satu dari daftar."))
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors, **kwargs)


def stages_of(election: Election) -> list[tuple[str, str]]:
    """The rounds of the election's rule set, to choose from."""
    return [(one.key, one.title) for one in rules_of(election).rounds]


HOURS_ERRORS = {
    "required": _("Lamanya belum diisi. Isi jumlah jam, misalnya 24, 48, atau 72."),
    "invalid": _("Lamanya bukan bilangan bulat. Isi jumlah jam dengan angka saja, misalnya 48."),
    "max_length": _("Lamanya terlalu panjang. Isi jumlah jam dengan angka saja, misalnya 48."),
}


def clock(label: str) -> forms.TimeField:
    """A time of the day, which may be left empty: 08.00 or 08:00."""
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H.%M", "%H:%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Boleh kosong. Contoh: 08.00"),
        error_messages={"invalid": _("%(label)s tidak dikenal. Tulis misalnya 08.00.") % {"label": label}},
    )


class WindowForm(forms.Form):
    """When a stage shall be open, in the election's own zone."""

    stage = choice(_("Putaran"))
    kind = choice(_("Yang dibuka"), Window.Kind.choices)
    daily_from = clock(_("Jam buka harian"))
    daily_until = clock(_("Jam tutup harian"))
    decree = text(_("Dasar"), help_text=_("Nomor keputusan atau pengumuman, bila ada."))

    def __init__(self, election: Election, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages_of(election)
        for name, label, empty in (
            ("opens_at", _("Mulai"), _("Waktu mulai belum diisi. Tulis tanggal dan jamnya.")),
            ("closes_at", _("Berakhir"), _("Waktu berakhir belum diisi. Tulis tanggal dan jamnya.")),
        ):
            self.fields[name] = LocalMomentField(election.zone, label, empty)
        self.order_fields(["stage", "kind", "opens_at", "closes_at"])


def letter_field() -> forms.FileField:
    """The document itself; it is read apart (foundation.attachments)."""
    return forms.FileField(
        label=_("Dokumen surat (PDF, JPG, atau PNG)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class LetterForm(forms.Form):
    """The document of a ruling, alone."""

    letter = letter_field()


class DigestForm(forms.Form):
    """What somebody has read before deciding, by its digest."""

    digest = forms.CharField(max_length=64)

    @classmethod
    def sent(cls, data: Any) -> str:
        """The digest that was sent; "" for none, which is that of nothing."""
        form = cls(data)
        return form.cleaned_data["digest"] if form.is_valid() else ""


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = text(_("Alasan"), _("Alasan belum diisi. Tulis alasannya dalam satu kalimat."), max_length=300)


class OutageForm(forms.Form):
    """What is told about an outage; one that is there is changed with a reason."""

    affected = text(
        _("Yang terganggu"),
        _("Yang terganggu belum diisi. Tulis misalnya “Pengunggahan berkas dukungan”."),
        help_text=_("Misalnya: Pengunggahan berkas dukungan."),
    )
    everywhere = forms.BooleanField(label=_("Seluruh pemilihan di Indonesia"), required=False)
    elections = forms.MultipleChoiceField(
        label=_("Pemilihan yang terganggu"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages=required(""),
    )
    description = text(
        _("Keterangan"),
        _("Keterangan belum diisi. Tulis apa yang terjadi dan apa yang sedang dilakukan."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Apa yang terjadi, dan apa yang dilakukan. Dibaca semua orang."),
    )
    decision = text(
        _("Keputusan"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Apa yang diputuskan karenanya, bila sudah ada."),
    )
    decree = text(_("Nomor keputusan"))

    def __init__(
        self,
        elections: Iterable[Election],
        zone: str,
        *args: Any,
        outage: Outage | None = None,
        nationwide: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=_told(outage), **kwargs)
        self.fields["elections"].choices = [(one.pk, one.name) for one in elections]
        if not nationwide:
            del self.fields["everywhere"]
        began, empty = _("Kosong berarti baru saja mulai. Contoh: 12-05-2024 22.10"), ""
        if outage:
            began, empty = (
                _("Contoh: 12-05-2024 22.10"),
                _("Waktu mulai belum diisi. Tulis tanggal dan jamnya."),
            )
        self.fields["began_at"] = LocalMomentField(zone, _("Mulai"), empty, help_text=began)
        lasts = _("Kosong selama gangguan berlangsung. Contoh: 13-05-2024 06.45")
        self.fields["ended_at"] = LocalMomentField(zone, _("Berakhir"), help_text=lasts)
        if outage:
            self.fields["reason"] = text(_("Alasan perubahan"), max_length=300)
            self.fields["reason"].help_text = _(
                "Wajib bila yang tertulis sebelumnya diganti; catatan lama tetap dapat dibaca."
            )
        elif len(self.fields["elections"].choices) == 1:
            self.fields["elections"].initial = [self.fields["elections"].choices[0][0]]
        self.order_fields(["began_at", "ended_at"])

    @property
    def told(self) -> dict[str, Any]:
        """Everything that is told, as the operation takes it."""
        return _as_taken(self.cleaned_data, [name for name in self.cleaned_data if name != "reason"])

    @property
    def changes(self) -> dict[str, Any]:
        """What is told otherwise, with its reason."""
        return _as_taken(self.cleaned_data, [*(set(self.changed_data) - {"reason"}), "reason"])


def _as_taken(cleaned: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    taken = {name: cleaned[name] for name in names}
    if "elections" in taken:
        taken["election_ids"] = [int(one) for one in taken.pop("elections")]
    return taken


def _told(outage: Outage | None) -> dict[str, Any]:
    if outage is None:
        return {}
    names = ("began_at", "ended_at", "affected", "description", "decision", "decree", "everywhere")
    told = {name: getattr(outage, name) for name in names}
    return told | {"elections": [str(one.pk) for one in outage.elections.all()]}


class ExtensionForm(forms.Form):
    """Which pairs that lost time shall be given how many hours, by which decision."""

    document = text(
        _("Nomor keputusan"), _("Nomor keputusan belum diisi. Perpanjangan selalu berdasarkan keputusan.")
    )
    letter = letter_field()
    hours = CountField(label=_("Lamanya (jam)"), error_messages=HOURS_ERRORS)
    pairs = forms.MultipleChoiceField(
        label=_("Bakal pasangan calon yang masanya terganggu"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages=required(_("Belum ada pasangan yang dipilih. Pilih paling sedikit satu.")),
    )

    def __init__(self, pairs: Iterable[tuple[int, str]], hours: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pairs"].choices = list(pairs)
        self.fields["pairs"].initial = [str(pk) for pk, _title in self.fields["pairs"].choices]
        self.fields["hours"].initial = hours
        self.fields["hours"].help_text = _("Lama gangguan, dibulatkan ke atas: %(n)s jam.") % {"n": hours}


class SeenForm(forms.Form):
    """How many there were when somebody looked: what was added meanwhile is not done unseen."""

    count = forms.IntegerField(min_value=0, max_value=10_000)


class SimulationForm(forms.Form):
    """What the requirement is asked for. Sent by GET: the address of an answer can be shared."""

    rule_set = forms.ChoiceField(
        label=_("Dasar hukum"),
        choices=[(code, rules.title) for code, rules in SHIPPED.items()],
        initial="pkpu8-2024",
        error_messages={
            "required": _("Dasar hukum belum dipilih. Pilih aturan yang berlaku pada pemilihan itu."),
            "invalid_choice": _("Dasar hukum itu tidak dikenal. Pilih salah satu dari daftar."),
        },
    )
    level = forms.ChoiceField(
        label=_("Jenis pemilihan"),
        choices=Level.choices,
        initial=Level.WALIKOTA,
        error_messages={
            "required": _("Jenis pemilihan belum dipilih. Pilih salah satu dari daftar."),
            "invalid_choice": _("Jenis pemilihan itu tidak dikenal. Pilih salah satu dari daftar."),
        },
    )
    base = CountField(
        label=_("Angka dasar"),
        help_text=_(
            "Jumlah pemilih dalam DPT, atau jumlah penduduk bila dasar hukumnya demikian. Contoh: 464.114"
        ),
        error_messages={
            "required": _("Angka dasar belum diisi. Isi jumlah pemilih dalam DPT atau jumlah penduduk."),
            "invalid": _("Angka dasar bukan bilangan bulat. Isi dengan angka saja, misalnya 464.114."),
            "max_length": _("Angka dasar terlalu panjang. Isi dengan angka saja, misalnya 464.114."),
        },
    )
    areas = CountField(
        label=_("Jumlah wilayah"),
        help_text=_("Jumlah kecamatan; pada pemilihan gubernur, jumlah kabupaten/kota. Contoh: 6"),
        error_messages={
            "required": _("Jumlah wilayah belum diisi. Isi jumlah kecamatan, atau jumlah kabupaten/kota."),
            "invalid": _("Jumlah wilayah bukan bilangan bulat. Isi dengan angka saja, misalnya 6."),
            "max_length": _("Jumlah wilayah terlalu panjang. Isi dengan angka saja, misalnya 6."),
        },
    )

    requirement: thresholds.Requirement | None = None
    explanation: thresholds.Explanation | None = None

    def clean(self) -> dict[str, Any]:
        """Do the sum; numbers no election can have become errors at their field."""
        asked = [self.cleaned_data.get(name) for name in ("rule_set", "level", "base", "areas")]
        if None not in asked:
            try:
                self.requirement = thresholds.requirement(*asked)
                self.explanation = thresholds.explain(*asked)
            except thresholds.Impossible as error:
                self.add_error(error.field, str(error))
        return self.cleaned_data
