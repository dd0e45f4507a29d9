"""Kinds of values that several calls take."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supports.ingest.columns import IGNORE


class TextOnly(serializers.CharField):
    """A text as typed. A number is refused: a NIK that was one has lost digits before it was sent."""

    default_error_messages = {
        "not_text": _("kirim sebagai teks di antara tanda kutip; angka sepanjang NIK kehilangan digit.")
    }

    def to_internal_value(self, data: Any) -> str:
        """The text, untouched. Raises ValidationError for anything else."""
        if not isinstance(data, str):
            self.fail("not_text")
        return super().to_internal_value(data)


class YesNoText(TextOnly):
    """ "ya", "tidak", or what else a team writes; true and false too."""

    def to_internal_value(self, data: Any) -> str:
        """The text, as the import reads it."""
        return ("ya" if data else "tidak") if isinstance(data, bool) else super().to_internal_value(data)


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "properties": {IGNORE: {"type": "array", "items": {"type": "string"}}},
    }
)
class MappingField(serializers.DictField):
    """Field → heading, and under ``ignore`` a list of headings that shall mean nothing."""

    child = TextOnly(allow_blank=True, max_length=200)
    left_out = serializers.ListField(child=TextOnly(max_length=200), max_length=500)

    def __init__(self, **more: Any) -> None:
        help_text = 'Isian → judul kolom: {"nik": "No. KTP"}; judul dalam daftar “ignore” tidak dipakai.'
        super().__init__(help_text=help_text, **more)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The headings as given. Raises ValidationError for what is no object of texts."""
        if not isinstance(data, dict) or not data.get(IGNORE):
            return super().to_internal_value(data)
        named = super().to_internal_value({name: data[name] for name in data if name != IGNORE})
        return named | {IGNORE: self.left_out.run_validation(data[IGNORE])}
