"""What the calls about rows that a ruling names one by one take and give."""

from typing import Any

from rest_framework import serializers


def row_list(**more: Any) -> serializers.ListField:
    """A list that names rows."""
    return serializers.ListField(
        child=serializers.CharField(max_length=300, allow_blank=True, trim_whitespace=False),
        help_text="Satu baris setiap isi: ID baris dari laporan, NIK, atau nomor rujukan; bila covers = rows.",
        **more,
    )


class ListedRows(serializers.Serializer):
    """Rows to be looked for in a round of a pair, before a ruling names them."""

    stage = serializers.CharField(max_length=20)
    rows = row_list()


class FoundRows(serializers.Serializer):
    """What a list of rows came to; nothing was proposed."""

    lines = serializers.IntegerField()
    found = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="Isi yang menyebut baris yang sudah disebut sebelumnya.")
    missing = serializers.SerializerMethodField(help_text="Isi yang tidak menyebut baris putaran itu.")
    first_missing = serializers.ListField(
        child=serializers.IntegerField(), help_text="Urutan sepuluh isi pertama yang tidak ditemukan."
    )
    rows = serializers.SerializerMethodField(help_text="Jumlah baris yang akan dibuka.")

    def get_missing(self, named: Any) -> int:
        return len(named.missing)

    def get_rows(self, named: Any) -> int:
        return len(named.ids)
