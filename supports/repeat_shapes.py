"""What the calls about replacing and repeating uploads take and give."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supports.models import Repeat, Upload

LARGEST_ID = 2**39 - 1
MODES = [("add", _("tambah")), ("replace", _("ganti"))]


class RepeatAnswer(serializers.Serializer):
    """What an upload has in common with another one of its round, counted when it was loaded."""

    upload = serializers.IntegerField(source="other_id", help_text="Unggahan yang lain.")
    name = serializers.CharField(source="other.name")
    status = serializers.CharField(source="other.status")
    shared = serializers.IntegerField(help_text="Baris berkas ini yang NIK-nya juga ada di sana.")
    identical = serializers.IntegerField(help_text="Di antaranya yang sama persis dengan baris di sana.")
    theirs = serializers.IntegerField(help_text="Baris di sana yang NIK-nya juga ada di berkas ini.")
    replaced = serializers.IntegerField(help_text="Baris di sana yang diganti oleh baris berkas ini.")


class WithRepeats(serializers.Serializer):
    """``context["repeats"]`` holds them (supports.repeats.repeats_of)."""

    replaces = serializers.IntegerField(
        source="replaces_id", allow_null=True, help_text="Unggahan yang diganti seluruhnya ketika ini dimuat."
    )
    replaced_by = serializers.IntegerField(
        source="successor_id", allow_null=True, help_text="Unggahan yang menggantikan unggahan ini."
    )
    repeats = serializers.SerializerMethodField()

    @extend_schema_field(RepeatAnswer(many=True))
    def get_repeats(self, upload: Upload) -> list[dict[str, Any]]:
        found: list[Repeat] = self.context["repeats"].get(upload.pk, [])
        return RepeatAnswer(found, many=True).data


class Placing(serializers.Serializer):
    """Whether a file comes to what is there or takes the place of an upload."""

    mode = serializers.ChoiceField(MODES, required=False, help_text="Tanpa isian: add.")
    replaces = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="Unggahan putaran ini yang diganti seluruhnya; wajib bila mode=replace.",
    )


class Replacing(serializers.Serializer):
    """Which upload is replaced by this one."""

    replaces = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        help_text="Unggahan putaran yang sama; dibuang, dan ini yang tinggal.",
    )
