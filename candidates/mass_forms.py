"""Forms that change the schedules of many elections."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates import zones
from candidates.forms import choice, clock, required, text
from candidates.mass.copies import Span, spans_of, typed_spans
from candidates.mass.moves import Move
from candidates.mass.plans import Chosen
from candidates.models import Election, Level, Window

EVERY = [("", _("Semua"))]
BOTH_KINDS = [*Window.Kind.choices, ("both", _("Pengisian dan penyerahan"))]
LAST_MINUTE = time(23, 59)
# Any zone would do: only the clock is read.
SOME_ZONE = "Asia/Jakarta"


class ClockMomentField(forms.CharField):
    """A day and time on the local clocks of whatever election it is for: 12-05-2024 23.59."""

    def clean(self, value: str | None) -> datetime | None:
        """The moment meant, without a zone. Raises ValidationError."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return zones.local(zones.read(typed, SOME_ZONE), SOME_ZONE).replace(tzinfo=None)
        except ValueError as error:
            message = _("%(label)s: waktu tidak dikenal. Tulis tanggal dan jam, misalnya 12-05-2024 23.59.")
            raise forms.ValidationError(message % {"label": self.label}) from error


class DayField(forms.CharField):
    """A day: 12-05-2024."""

    def clean(self, value: str | None) -> date | None:
        """The day meant. Raises ValidationError."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return zones.read_day(typed)
        except ValueError as error:
            message = _("%(label)s: tanggal tidak dikenal. Tulis misalnya 12-05-2024.")
            raise forms.ValidationError(message % {"label": self.label}) from error


class ChosenForm(forms.Form):
    """Which elections of the own territory."""

    level = choice(_("Jenis pemilihan"), [*EVERY, *Level.choices], required=False)
    province = forms.TypedChoiceField(
        label=_("Provinsi"), required=False, coerce=int, empty_value=None, error_messages=required("")
    )
    words = forms.CharField(
        label=_("Nama pemilihan"), required=False, max_length=100, help_text=_("Boleh kosong. Contoh: Kutai")
    )

    def __init__(self, provinces: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [*EVERY, *provinces]

    @property
    def chosen(self) -> Chosen:
        """As a plan takes it."""
        said = self.cleaned_data
        return Chosen(said["level"], said["province"], said["words"])


class MoveForm(ChosenForm):
    """Which windows move how, by which decree."""

    stage = choice(_("Putaran"), required=False)
    kind = choice(_("Yang dibuka"), [*EVERY, *Window.Kind.choices], required=False)
    days = forms.CharField(
        label=_("Geser (hari)"),
        required=False,
        max_length=5,
        help_text=_("Kosong bila waktunya diganti. Contoh: 3, atau -2 untuk dimajukan."),
    )
    only_end = forms.BooleanField(label=_("Hanya waktu berakhir yang digeser"), required=False)
    opens = ClockMomentField(
        label=_("Mulai yang baru (waktu setempat)"), required=False, help_text=_("Contoh: 08-05-2024 08.00")
    )
    closes = ClockMomentField(
        label=_("Berakhir yang baru (waktu setempat)"),
        required=False,
        help_text=_("Contoh: 12-05-2024 23.59"),
    )
    decree = text(
        _("Nomor keputusan"),
        _("Nomor keputusan belum diisi. Jadwal hanya dipindahkan berdasarkan keputusan."),
    )

    def __init__(
        self,
        provinces: Iterable[tuple[int, str]],
        stages: Iterable[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(provinces, *args, **kwargs)
        self.fields["stage"].choices = [*EVERY, *stages]

    def clean_days(self) -> int | None:
        """A number of days, or nothing."""
        typed = self.cleaned_data["days"].strip().replace("\u2212", "-")
        if not typed:
            return None
        if not re.fullmatch(r"[+-]?[0-9]+", typed):
            raise forms.ValidationError(_("Jumlah hari bukan bilangan bulat. Tulis misalnya 3 atau -2."))
        return int(typed)

    @property
    def move(self) -> Move:
        """As a plan takes it."""
        said = self.cleaned_data
        return Move(
            said["stage"], said["kind"], said["days"], said["only_end"], said["opens"], said["closes"]
        )


class CopyForm(ChosenForm):
    """Which schedule for which elections: that of one of them, or one that is typed here."""

    source = forms.TypedChoiceField(
        label=_("Jadwal dari"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Pilih pemilihan yang jadwalnya disalin, atau isi jadwalnya di bawah."),
        error_messages=required(""),
    )
    stage = choice(_("Putaran"))
    kind = choice(_("Yang dibuka"), BOTH_KINDS, initial="both")
    first = DayField(label=_("Hari pertama"), required=False, help_text=_("Contoh: 08-05-2024"))
    last = DayField(label=_("Hari terakhir"), required=False, help_text=_("Contoh: 12-05-2024"))
    daily_from = clock(_("Jam buka harian"))
    daily_until = clock(_("Jam tutup harian"))
    end = clock(_("Jam tutup hari terakhir"))
    decree = text(_("Dasar"), help_text=_("Nomor keputusan atau pengumuman, bila ada."))

    def __init__(
        self,
        provinces: Iterable[tuple[int, str]],
        stages: Iterable[tuple[str, str]],
        sources: dict[int, Election],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(provinces, *args, **kwargs)
        self._sources = sources
        self.fields["stage"].choices = list(stages)
        typed = [("", _("(diisi di bawah)"))]
        self.fields["source"].choices = [*typed, *((pk, one.name) for pk, one in sources.items())]
        self.fields["end"].initial = "23.59"
        for name in ("stage", "kind"):
            self.fields[name].required = False
        self.order_fields(["source", "stage", "kind", "first", "last", "daily_from", "daily_until", "end"])

    def clean(self) -> dict[str, Any]:
        """A schedule that is typed needs its days."""
        said = super().clean()
        if said.get("source") is None:
            needed = {
                "first": _("Hari pertama belum diisi. Tulis tanggalnya, atau pilih jadwal yang disalin."),
                "last": _("Hari terakhir belum diisi. Tulis tanggalnya, atau pilih jadwal yang disalin."),
                "stage": _("Putaran belum dipilih. Pilih salah satu."),
            }
            for name, sentence in needed.items():
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
            if bool(said.get("daily_from")) != bool(said.get("daily_until")):
                message = _(
                    "Jam harian memerlukan jam buka dan jam tutup. Isi keduanya, atau kosongkan keduanya."
                )
                self.add_error("daily_until", message)
        return said

    @property
    def origin(self) -> int:
        """The election the schedule comes from; 0 when it is typed."""
        return self.cleaned_data["source"] or 0

    @property
    def spans(self) -> list[Span]:
        """The windows to be given, on local clocks."""
        said = self.cleaned_data
        if self.origin:
            return spans_of(self._sources[self.origin])
        daily = (said["daily_from"], said["daily_until"]) if said["daily_from"] else None
        kinds = list(Window.Kind.values) if said["kind"] in ("both", "") else [said["kind"]]
        end = said["end"] or LAST_MINUTE
        return typed_spans(said["stage"], kinds, said["first"], said["last"], daily, end)
