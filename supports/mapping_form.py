"""What each column of a file holds, as a team says it: one choice for each column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supports.ingest.columns import FIELDS, IGNORE, PARTS, REQUIRED, TITLES, map_headings
from supports.models import Upload


def _field_choices() -> list[tuple[str, Any]]:
    """Nothing, the required fields, then every other one with the headings that hold two."""
    others: list[tuple[str, Any]] = []
    for field in FIELDS:
        others += [] if field.required else [(field.name, field.title)]
        others += [(pair, _both(pair)) for pair, parts in PARTS.items() if field.name == parts[-1]]
    required = [(name, TITLES[name]) for name in REQUIRED]
    return [("", _("Tidak dipakai")), (_("Wajib"), required), (_("Isian lain"), others)]


def _both(pair: str) -> str:
    return " + ".join(TITLES[part] for part in PARTS[pair])


FIELD_TITLES = {**TITLES, **{pair: _both(pair) for pair in PARTS}}


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: its heading, what stands in it, and the field it was taken for ("": none).

    ``named``: a mapping can speak of it; not of one without a heading, nor of the second with the same.
    """

    at: int
    heading: str
    samples: Sequence[str]
    field: str
    named: bool

    @property
    def key(self) -> str:
        """The name of its choice in the form."""
        return f"kolom-{self.at + 1}"

    @property
    def title(self) -> str:
        """What the field is called."""
        return FIELD_TITLES.get(self.field, "")


def columns_of_file(upload: Upload, samples: Sequence[Sequence[str]] = ()) -> list[FileColumn]:
    """The columns of an upload's file in its order, without those that our own report puts in front."""
    headings = upload.columns.get("headings", [])
    field_of = {heading: name for name, heading in upload.columns.get("fields", {}).items()}
    ours = map_headings(headings)
    skipped = {*ours.silent, ours.fields.get("row_id")}
    found, seen = [], set()
    for at, heading in enumerate(headings):
        if at in skipped:
            continue
        named = bool(heading) and heading not in seen
        seen.add(heading)
        values = samples[at] if at < len(samples) else ()
        found.append(FileColumn(at, heading, values, field_of.get(heading, "") if named else "", named))
    return found


class MappingForm(forms.Form):
    """What each column of a file holds: one choice for each, in the file's order."""

    def __init__(
        self, upload: Upload, *args: Any, samples: Sequence[Sequence[str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._headings = upload.columns.get("headings", [])
        self.columns = columns_of_file(upload, samples)
        for column in self.columns:
            if column.named:
                self.fields[column.key] = forms.ChoiceField(
                    label=_("Kolom “%(heading)s” dibaca sebagai") % {"heading": column.heading},
                    choices=_field_choices(),
                    required=False,
                    initial=column.field,
                    error_messages={"invalid_choice": _("Isian itu tidak dikenal. Pilih dari daftar.")},
                )

    def rows(self) -> list[tuple[FileColumn, forms.BoundField | None]]:
        """Each column with its choice."""
        return [(column, self[column.key] if column.named else None) for column in self.columns]

    def required(self) -> list[tuple[str, str]]:
        """Each required field with the heading that was recognised for it, or none."""
        heading_of = {column.field: column.heading for column in self.columns if column.field}
        return [(TITLES[name], heading_of.get(name, "")) for name in REQUIRED]

    def clean(self) -> dict[str, Any]:
        """Each field once, and the required ones. Adds an error where it is not so."""
        taken: dict[str, str] = {}
        for column in self.columns:
            name = self.cleaned_data.get(column.key)
            if name and name in taken:
                message = _("%(title)s sudah ditunjuk pada kolom “%(heading)s”. Pilih satu kolom saja.")
                self.add_error(column.key, message % {"title": FIELD_TITLES[name], "heading": taken[name]})
            elif name:
                taken[name] = column.heading
        for name in REQUIRED:
            if name not in taken:
                message = _("Kolom %(title)s belum ditunjuk. Pilih %(title)s pada kolom yang memuatnya.")
                self.add_error(None, message % {"title": TITLES[name]})
        return self.cleaned_data

    @property
    def mapping(self) -> dict[str, Any]:
        """The team's own mapping: field → heading; what would be recognised all the same is named as left out."""
        chosen = {self.cleaned_data.get(column.key): column.heading for column in self.columns}
        own: dict[str, Any] = {name: heading for name, heading in chosen.items() if name}
        left_out: list[str] = []
        while True:
            found = map_headings(self._headings, own=own | {IGNORE: left_out}).fields
            more = [self._headings[at] for name, at in found.items() if name not in own and name != "row_id"]
            if not more:
                return own | ({IGNORE: left_out} if left_out else {})
            left_out += more
