"""What Django REST framework says in English only, in our words.

Put into its own fields, where it documents them: every serializer of ours then says them, and their codes stay.
"""

from django.utils.translation import gettext_lazy as _
from rest_framework import fields, serializers

_LIST = {
    "not_a_list": _("kirim sebagai daftar (array JSON)."),
    "empty": _("daftar ini tidak boleh kosong."),
    "min_length": _("daftar ini memuat paling sedikit {min_length} butir."),
    "max_length": _("daftar ini memuat paling banyak {max_length} butir."),
}
_OBJECT = {
    "invalid": _("Isi permintaan bukan objek JSON. Kirim isian beserta namanya di antara kurung kurawal.")
}
_LONG = {"max_string_length": _("teksnya terlalu panjang untuk sebuah bilangan.")}

WORDS: dict[type[fields.Field], dict[str, object]] = {
    fields.CharField: {"invalid": _("kirim sebagai teks di antara tanda kutip.")},
    fields.BooleanField: {"invalid": _("kirim true atau false.")},
    fields.IntegerField: _LONG,
    fields.BigIntegerField: {"invalid": _("kirim sebagai bilangan bulat."), **_LONG},
    fields.FloatField: {"invalid": _("kirim sebagai bilangan."), **_LONG},
    fields.DecimalField: {"invalid": _("kirim sebagai bilangan."), **_LONG},
    fields.DateField: {"datetime": _("tulis tanggal saja, tanpa jam.")},
    fields.DateTimeField: {
        "date": _("tulis tanggal beserta jamnya."),
        "make_aware": _("jam itu tidak ada di zona {timezone}."),
        "overflow": _("tanggal dan jam itu di luar jangkauan."),
    },
    fields.FileField: {
        "invalid": _("yang dikirim bukan berkas. Kirim sebagai multipart/form-data."),
        "no_name": _("berkas tidak bernama."),
    },
    fields.DictField: {"empty": _("objek ini tidak boleh kosong.")},
    fields.ListField: _LIST,
    fields.MultipleChoiceField: {"not_a_list": _LIST["not_a_list"]},
    serializers.ListSerializer: _LIST,
    serializers.Serializer: _OBJECT,
    serializers.ModelSerializer: _OBJECT,
}


def speak_indonesian() -> None:
    """Let the fields of the framework say it so."""
    for field, words in WORDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}
