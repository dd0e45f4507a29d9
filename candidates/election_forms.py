"""The forms of the commission's desk: an election, a window that moves, a pair."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates import zones
from candidates.forms import CountField, LocalMomentField, choice, clock, required, text
from candidates.models import Election, Window, Zone
from candidates.refusals import ELECTED_IN
from foundation.regions.codes import PROVINCE, kind_of, level_of
from foundation.regions.models import Region
from foundation.regions.names import name_key
from foundation.regions.queries import children

# 64.74.01 Bontang Utara; 647401;Bontang Utara; Bontang Utara.
AREA_LINE = re.compile(r"(?P<code>\d[\d.]*)?[\s,;:–-]*(?P<name>.*)")


class DayField(forms.Field):
    """A day as it is typed: 27-11-2024 or 27 November 2024. A text and no picker, as for moments."""

    def __init__(self, label: str, empty: str = "", **kwargs: Any) -> None:
        invalid = _("%(label)s: tanggal tidak dikenal. Tulis misalnya 27-11-2024.") % {"label": label}
        super().__init__(
            label=label,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            required=bool(empty),
            error_messages={"invalid": invalid, "required": empty},
            **{"help_text": _("Contoh: 27-11-2024"), **kwargs},
        )

    def to_python(self, value: Any) -> date | None:
        """The day meant. Raises ValidationError."""
        if isinstance(value, date) or not (value or "").strip():
            return value or None
        try:
            return zones.read_day(value)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error

    def prepare_value(self, value: date | str | None) -> str:
        """As one types it."""
        return f"{value:%d-%m-%Y}" if isinstance(value, date) else value or ""


class AreasField(forms.CharField):
    """The areas that count for the spread, one a line: code and name, either of them enough."""

    def __init__(self, region: int, **kwargs: Any) -> None:
        lines = forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"})
        super().__init__(widget=lines, max_length=60_000, **kwargs)
        self._region = region

    def clean(self, value: Any) -> list[tuple[int, str]]:
        """The areas meant. Raises ValidationError, naming the line."""
        return value if isinstance(value, list) else list(self._read(super().clean(value)))

    def _read(self, written: str) -> Iterator[tuple[int, str]]:
        known: dict[str, int] | None = None
        for number, line in enumerate(written.splitlines(), 1):
            if not line.strip():
                continue
            found = AREA_LINE.fullmatch(line.strip())
            name = found["name"].strip()
            if found["code"]:
                yield int(found["code"].replace(".", "")), name
                continue
            if known is None:
                known = {name_key(one.name): one.pk for one in children(self._region)}
            if name_key(name) not in known:
                message = _(
                    "Baris %(number)s: “%(name)s” tidak ada dalam daftar wilayah saat ini. Tulis juga kodenya."
                )
                raise forms.ValidationError(message % {"number": number, "name": name[:60]})
            yield known[name_key(name)], name

    def prepare_value(self, value: Any) -> str:
        """One area a line, its code as lists print it."""
        if isinstance(value, str) or value is None:
            return value or ""
        return "\n".join(f"{dotted(code)} {name}" for code, name in value)


def dotted(code: int) -> str:
    """A code as lists print it: 647401 → 64.74.01."""
    digits = str(code)
    return ".".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def level_of_region(code: int) -> str | None:
    """What a region elects: gubernur, bupati or walikota; None below a kab/kota."""
    kind = "provinsi" if level_of(code) == PROVINCE else kind_of(code)
    return ELECTED_IN.get(kind)


def count(label: str, empty: str = "", hint: str = "") -> CountField:
    """A whole number, which must be there if there is a sentence for its absence."""
    invalid = _("%(label)s bukan bilangan bulat. Isi dengan angka saja, misalnya 464.114.") % {"label": label}
    errors = {"required": empty, "invalid": invalid, "max_length": invalid}
    return CountField(label=label, required=bool(empty), error_messages=errors, help_text=hint)


class ElectionForm(forms.Form):
    """An election of one region. ``locked`` fields stand there and cannot be changed any more."""

    name = text(
        _("Nama pemilihan"),
        _("Nama pemilihan belum diisi. Tulis misalnya Pemilihan Wali Kota Bontang 2024."),
        help_text=_("Sertakan tahunnya."),
    )
    rule_set = choice(_("Kumpulan aturan"))
    base = count(
        _("Angka dasar"),
        _("Angka dasar belum diisi. Isi jumlah pemilih dalam DPT atau jumlah penduduk."),
        _("Pemilih dalam DPT terakhir, atau penduduk bila aturannya demikian. Contoh: 464.114"),
    )
    base_date = DayField(_("Tanggal angka dasar"))
    base_note = text(_("Sumber angka dasar"), help_text=_("Misalnya: DPT Pemilu 2024, BA nomor 88/2023."))
    decree = text(_("Keputusan"), help_text=_("Keputusan KPU yang menetapkan syarat dukungan dan sebaran."))
    voting_day = DayField(
        _("Hari pemungutan suara"),
        _("Hari pemungutan suara belum diisi. Umur pendukung dihitung pada hari itu."),
    )
    zone = choice(_("Zona waktu"), Zone.choices, help_text=_("Semua jam jadwal ditulis dalam zona ini."))
    override_minimum = count(_("Minimum menurut keputusan"))
    override_spread = count(_("Sebaran menurut keputusan"))
    override_decree = text(_("Keputusan angka resmi"))
    operators_allowed = count(_("Jumlah operator tiap pasangan"))
    parent_region_ids = forms.CharField(label=_("Daerah induk"), required=False, max_length=200)
    practice = forms.BooleanField(
        label=_("Latihan (bimtek), bukan pemilihan yang sebenarnya"), required=False
    )

    def __init__(
        self,
        region: int,
        rule_sets: Iterable[tuple[str, str]],
        *args: Any,
        locked: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule_set"].choices = list(rule_sets)
        self.fields["areas"] = AreasField(
            region,
            label=_("Wilayah sebaran"),
            error_messages=required(_("Wilayah sebaran belum diisi. Tulis satu wilayah setiap baris.")),
            help_text=_(
                "Satu wilayah setiap baris: kode dan nama, menurut keadaan pada tanggal keputusan. Dapat ditempel dari "
                "lembar kerja; nama saja cukup bila wilayahnya ada dalam daftar saat ini."
            ),
        )
        self.fields["operators_allowed"].help_text = _("Kosong berarti menurut kumpulan aturan.")
        self.fields["parent_region_ids"].help_text = _(
            "Hanya untuk daerah hasil pemekaran: kode kabupaten/kota induknya. Contoh: 64.02"
        )
        self.locked = [name for name in locked if name in self.fields]
        for name in self.locked:
            self.fields[name].disabled = True

    def clean_parent_region_ids(self) -> list[int]:
        """The codes of the parents."""
        written = self.cleaned_data["parent_region_ids"]
        codes = [part.replace(".", "") for part in re.split(r"[\s,;]+", written) if part]
        if not all(re.fullmatch(r"[1-9]\d{1,8}", code) for code in codes):
            raise forms.ValidationError(
                _("Daerah induk ditulis sebagai kode kabupaten/kota, misalnya 64.02.")
            )
        return [int(code) for code in codes]


def initial_of(election: Election) -> dict[str, Any]:
    """What stands in the form of an election that is there."""
    names = [name for name in ElectionForm.base_fields if name not in ("rule_set", "parent_region_ids")]
    values = {name: getattr(election, name) for name in names}
    parents = ", ".join(dotted(code) for code in election.parent_region_ids)
    areas = [(area.code, area.name) for area in election.areas.all()]
    return values | {"rule_set": election.rule_set.code, "parent_region_ids": parents, "areas": areas}


def proposed(region: Region, year: int) -> dict[str, Any]:
    """What a new election of a region probably is: its name, zone and rule set, the areas in force today."""
    level = level_of_region(region.pk)
    place = re.sub(r"^(Kota|Kabupaten|Provinsi) ", "", region.name)
    title = {"gubernur": "Gubernur", "bupati": "Bupati", "walikota": "Wali Kota"}[level]
    in_aceh = str(region.pk).startswith("11")
    return {
        "name": f"Pemilihan {title} {place} {year}",
        "rule_set": "qanun12-2016" if in_aceh else "pkpu8-2024",
        "zone": zones.zone_of(region.pk),
        "areas": list(children(region.pk).values_list("code", "name")),
    }


class WindowChangeForm(forms.Form):
    """When a window shall be open instead. Of one that has begun only the end is there."""

    daily_from = clock(_("Jam buka harian"))
    daily_until = clock(_("Jam tutup harian"))
    decree = text(_("Dasar perubahan"), _("Dasar perubahan belum diisi. Isi nomor keputusannya."))

    def __init__(self, window: Window, begun: bool, *args: Any, **kwargs: Any) -> None:
        zone = window.election.zone
        last_minute = zones.last_minute(window.closes_at, zone)
        daily = {name: getattr(window, name) for name in ("daily_from", "daily_until")}
        values = {name: f"{value:%H.%M}" for name, value in daily.items() if value}
        values |= {"opens_at": window.opens_at, "closes_at": last_minute}
        super().__init__(*args, initial=values, **kwargs)
        for name, label, empty in (
            ("opens_at", _("Mulai"), _("Waktu mulai belum diisi. Tulis tanggal dan jamnya.")),
            ("closes_at", _("Berakhir"), _("Waktu berakhir belum diisi. Tulis tanggal dan jamnya.")),
        ):
            self.fields[name] = LocalMomentField(zone, label, empty)
        if begun:
            for name in ("opens_at", "daily_from", "daily_until"):
                del self.fields[name]
        self.order_fields(["opens_at", "closes_at"])

    @property
    def changes(self) -> dict[str, Any]:
        """Only what was typed otherwise: seconds that nobody sees stay."""
        named = {name: self.cleaned_data[name] for name in self.changed_data if name != "decree"}
        return named | {"decree": self.cleaned_data["decree"]}


class DecreeForm(forms.Form):
    """By what something is taken back."""

    decree = text(_("Dasar pembatalan"), _("Dasar pembatalan belum diisi. Isi nomor keputusannya."))


class PairForm(forms.Form):
    """A pair as it is entered."""

    head = text(
        _("Nama bakal calon"), _("Nama bakal calon belum diisi. Tulis sesuai KTP-el."), max_length=100
    )
    deputy = text(
        _("Nama bakal calon wakil"),
        _("Nama bakal calon wakil belum diisi. Tulis sesuai KTP-el."),
        max_length=100,
    )
    name = text(
        _("Nama pasangan"),
        _("Nama pasangan belum diisi. Biasanya kedua nama, dipisahkan tanda –."),
        help_text=_("Ditampilkan di semua halaman; biasanya kedua nama, dipisahkan tanda –."),
    )


class NameForm(forms.Form):
    """The name of what shall be thrown away, typed by whoever wants it."""

    name = text(_("Nama pemilihan"), _("Nama pemilihan belum diketik, sehingga tidak ada yang dibuang."))

    def __init__(self, wanted: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Ketik nama pemilihan: %(name)s") % {"name": wanted}
