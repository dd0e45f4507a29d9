"""What the calls about uploads and supporters take and give."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api_shapes import WindowStateAnswer
from candidates.rule_sets import EFFECTS
from foundation.workflow.table import UPLOAD, VERMIN
from supports.api_fields import MappingField, TextOnly, YesNoText
from supports.ingest.columns import TITLES
from supports.models import IncomingFile, Submission, Upload
from supports.privacy.models import Mark
from supports.repeat_shapes import LARGEST_ID, Placing, WithRepeats
from supports.rules import Rule

UPLOAD_STATUSES = list(UPLOAD.states.items())
VERMIN_STATUSES = list(VERMIN.states.items())
LARGEST_AREA = 9_999_999_999
MOST_ROWS_A_PAGE = 500
LONGEST_TEXT = 10_000

Counts = serializers.DictField(child=serializers.IntegerField())


class FindingAnswer(serializers.Serializer):
    """One finding: what it suggests in this round, what is wrong and what to do."""

    code = serializers.CharField()
    effect = serializers.ChoiceField(EFFECTS)
    message = serializers.CharField()


def finding(rule: Rule, effect: str) -> dict[str, str]:
    """A rule as a finding of a row."""
    return {"code": rule.code, "effect": effect, "message": f"{rule.message} {rule.remedy}"}


# ---- progress ------------------------------------------------------------------------------------


class AreaProgress(serializers.Serializer):
    """The rows of one area; submitted = ms + bms + tms + unverified, always."""

    code = serializers.IntegerField(help_text="Kode wilayah; 0 untuk baris yang wilayahnya belum diketahui.")
    name = serializers.CharField()
    submitted = serializers.IntegerField(allow_null=True)
    ms = serializers.IntegerField(allow_null=True)
    bms = serializers.IntegerField(allow_null=True)
    tms = serializers.IntegerField(allow_null=True)
    unverified = serializers.IntegerField(allow_null=True)
    clean = serializers.IntegerField(allow_null=True)
    counted = serializers.IntegerField(allow_null=True)


class ProgressAnswer(serializers.Serializer):
    """How far a pair is."""

    minimum = serializers.IntegerField()
    min_spread = serializers.IntegerField()
    counted = serializers.IntegerField(
        allow_null=True,
        help_text="Bersih selama putaran diisi; MS setelah ditetapkan. Bagi pemantau jumlah di bawah 5 bernilai null.",
    )
    clean = serializers.IntegerField(allow_null=True)
    submitted = serializers.IntegerField(allow_null=True)
    areas_covered = serializers.IntegerField()
    shortfall = serializers.IntegerField(allow_null=True)
    by_area = AreaProgress(many=True)
    findings = serializers.DictField(child=serializers.IntegerField())
    window = WindowStateAnswer()


# ---- uploads -------------------------------------------------------------------------------------


class JobAnswer(serializers.Serializer):
    """The work on an upload: total is 0 while it is not known."""

    state = serializers.CharField(help_text="queued, running, done, failed atau cancelled.")
    step = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class UploadFault(serializers.Serializer):
    """Why a file could not be loaded."""

    code = serializers.CharField()
    message = serializers.CharField()


class UploadSheet(serializers.Serializer):
    """A sheet of a workbook that was read."""

    name = serializers.CharField()
    first_row_no = serializers.IntegerField(help_text="Nomor baris 1 lembar ini di seluruh berkas.")
    rows = serializers.IntegerField(help_text="Banyaknya baris di bawah judul kolom.")


class UploadColumns(serializers.Serializer):
    """What was recognised in the file's headings; empty before it was read."""

    headings = serializers.ListField(child=serializers.CharField(allow_blank=True))
    fields = serializers.DictField(child=serializers.CharField(), help_text="Isian → judul kolom.")
    ignored = serializers.ListField(child=serializers.CharField())
    duplicates = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField(), help_text="Isian wajib tanpa kolom.")
    mapping_from = serializers.IntegerField(
        allow_null=True, help_text="Unggahan yang pemetaannya dipakai karena judul kolomnya sama."
    )
    not_found = serializers.ListField(child=serializers.CharField())
    sheets = UploadSheet(many=True)
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="Apa yang diabaikan atau digabung."
    )


class UploadPlace(serializers.Serializer):
    """Where rows of an upload are now."""

    stage = serializers.CharField(help_text="Putaran; pool: Cadangan dukungan.")
    rows = serializers.IntegerField()
    rows_clean = serializers.IntegerField()


class UploadAnswer(WithRepeats, serializers.ModelSerializer):
    """One upload; the context holds its numbers (supports.progress.counts_of_uploads and places_of_uploads)."""

    pair = serializers.IntegerField(source="submission.pair_id")
    stage = serializers.CharField(
        source="submission.stage", help_text="Ke mana berkas diunggah: putaran, misalnya awal, atau pool."
    )
    places = serializers.SerializerMethodField()
    status = serializers.ChoiceField(UPLOAD_STATUSES)
    status_title = serializers.CharField(source="get_status_display")
    error = serializers.SerializerMethodField()
    job = JobAnswer(allow_null=True)
    rows = serializers.SerializerMethodField()
    rows_clean = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = [
            "id",
            "pair",
            "stage",
            "source",
            "name",
            "size",
            "sha256",
            "status",
            "status_title",
            "error",
            "received_at",
            "loaded_at",
            "job",
            "rows",
            "rows_clean",
            "places",
            "findings",
            "columns",
            "replaces",
            "replaced_by",
            "repeats",
        ]

    @extend_schema_field(UploadFault(allow_null=True))
    def get_error(self, upload: Upload) -> dict[str, str] | None:
        if not upload.error_code:
            return None
        return {"code": upload.error_code, "message": upload.error_message}

    def get_rows(self, upload: Upload) -> int:
        return self.context["counts"][upload.pk]["rows"]

    def get_rows_clean(self, upload: Upload) -> int:
        return self.context["counts"][upload.pk]["rows_clean"]

    @extend_schema_field(UploadPlace(many=True))
    def get_places(self, upload: Upload) -> list[dict[str, Any]]:
        held = self.context["places"].get(upload.pk, [])
        return [{"stage": one.stage, "rows": rows, "rows_clean": clean} for one, rows, clean in held]

    @extend_schema_field(Counts)
    def get_findings(self, upload: Upload) -> dict[str, int]:
        return self.context["counts"][upload.pk]["findings"]

    @extend_schema_field(UploadColumns)
    def get_columns(self, upload: Upload) -> dict[str, Any]:
        lists = ("headings", "ignored", "duplicates", "missing", "not_found", "sheets", "notes")
        return {
            "fields": upload.columns.get("fields", {}),
            "mapping_from": upload.columns.get("mapping_from"),
            **{name: upload.columns.get(name, []) for name in lists},
        }


class IncomingAnswer(serializers.ModelSerializer):
    """A file that is sent in pieces."""

    pair = serializers.IntegerField(source="pair_id")
    offset = serializers.IntegerField(help_text="Byte yang sudah diterima; lanjutkan dari sini.")
    expires_at = serializers.DateTimeField(
        source="file.expires_at",
        allow_null=True,
        default=None,
        help_text="Sampai kapan potongan berikutnya ditunggu.",
    )

    class Meta:
        model = IncomingFile
        fields = [
            "id",
            "pair",
            "upload",
            "name",
            "size",
            "sha256",
            "target",
            "offset",
            "declared_at",
            "expires_at",
        ]


class FinishedFile(Placing):
    """A file that was sent in pieces, to be loaded."""

    file = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, help_text="Id dari /pairs/{id}/files/."
    )
    mapping = MappingField(required=False, default=dict)
    target = serializers.ChoiceField(
        Submission.Kind.choices, required=False, help_text="Tanpa isian: seperti yang dinyatakan."
    )


class NewUpload(Placing):
    """A file, as multipart/form-data."""

    file = serializers.FileField(
        help_text="XLSX, XLS, ODS, atau CSV: koma, titik koma atau tab; UTF-8, UTF-16 atau Windows-1252."
    )
    mapping = serializers.CharField(
        required=False, help_text='JSON, isian → judul kolom: {"nik": "No. KTP"}.'
    )
    target = serializers.ChoiceField(
        Submission.Kind.choices, required=False, help_text="round (bawaan) atau pool: Cadangan dukungan."
    )


class Mapping(serializers.Serializer):
    """Which heading of the file holds which field."""

    mapping = MappingField()


class ReportQuestion(serializers.Serializer):
    """Which rows a report holds."""

    rows = serializers.ChoiceField(
        ["findings", "all"], default="findings", help_text="Baris bertemuan saja, atau semua."
    )


# ---- supporters ----------------------------------------------------------------------------------


class SupportsQuestion(serializers.Serializer):
    """Which rows of a round are listed."""

    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    area = serializers.IntegerField(
        required=False, min_value=0, max_value=LARGEST_AREA, help_text="Kode wilayah; 0: belum diketahui."
    )
    status = serializers.CharField(required=False, help_text=", ".join(VERMIN.states))
    upload = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    stage = serializers.CharField(required=False, help_text="Putaran; tanpa isian: yang terakhir.")
    cursor = serializers.CharField(required=False, allow_blank=True, default="")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ROWS_A_PAGE)


class SupportAnswer(serializers.Serializer):
    """One supporter as a list shows it; the NIK is masked."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_null=True)
    nik = serializers.CharField(source="nik_masked", allow_null=True)
    sex = serializers.CharField(allow_null=True)
    village = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    area = serializers.IntegerField(help_text="Kode wilayah 10 angka; nol untuk bagian yang belum diketahui.")
    status = serializers.ChoiceField(VERMIN_STATUSES)
    clean = serializers.BooleanField()
    upload = serializers.IntegerField(source="upload_id")
    sheet = serializers.CharField(help_text="Nama lembar, bila berkasnya buku kerja dengan beberapa lembar.")
    row = serializers.IntegerField(source="row_no", help_text="Nomor baris di berkas atau di lembarnya.")
    findings = FindingAnswer(many=True)
    restricted = serializers.BooleanField(
        help_text="Dibatasi atas permintaan pemilik data: baris dihitung, isinya tidak ditampilkan."
    )
    marks = serializers.ListField(
        child=serializers.ChoiceField(Mark.Kind.choices), help_text="Permintaan pemilik data yang berlaku."
    )
    replaced_by = serializers.IntegerField(allow_null=True, help_text="Baris putaran perbaikan penggantinya.")
    replaces = serializers.IntegerField(
        allow_null=True, help_text="Baris BMS putaran sebelumnya yang diganti."
    )
    revision = serializers.IntegerField()


class SupportPage(serializers.Serializer):
    """One page of supporters; ``next`` and ``previous`` are addresses, null at the ends."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SupportAnswer(many=True)


class SupportDetail(SupportAnswer):
    """One supporter with everything that is readable without opening the identity."""

    regency = serializers.CharField(allow_null=True)
    occupation = serializers.CharField(allow_null=True)
    document = serializers.CharField(allow_null=True)
    statement = serializers.BooleanField(allow_null=True)
    sheet = serializers.CharField(allow_null=True)
    ref = serializers.CharField(allow_null=True)


class RowFields(serializers.Serializer):
    """A supporter's row, or a part of it; a field that does not exist is left for the operation to refuse."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """The fields of the table of columns."""
        common = {"required": False, "allow_blank": True, "allow_null": True, "trim_whitespace": False}
        return {
            name: (YesNoText if name == "statement" else TextOnly)(
                help_text=title, max_length=LONGEST_TEXT, **common
            )
            for name, title in TITLES.items()
        }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The known fields checked, the unknown ones as they are."""
        known = super().to_internal_value(data)
        return known | {name: data[name] for name in data if name not in self.fields}


class AddedSupport(serializers.Serializer):
    """A row as it was stored, under the sender's own reference."""

    id = serializers.IntegerField()
    ref = serializers.CharField(allow_null=True)
    findings = FindingAnswer(many=True)


class IdentityAnswer(serializers.Serializer):
    """A supporter in clear; what could not be read is as it was given."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """The fields of the table of columns."""
        return {
            name: serializers.CharField(allow_null=True, help_text=title) for name, title in TITLES.items()
        }
