"""What the calls about scans take and give."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supports.api_shapes import LARGEST_ID, MOST_ROWS_A_PAGE, JobAnswer
from supports.scans.models import Kind, Scan, ScanBatch, ScanFault, Wanted
from supports.scans.words import FAULTS, PROBLEMS, REASONS

LISTS = [("all", "semua"), ("waiting", "tanpa baris"), ("repeated", "berulang"), ("problems", "bermasalah")]


class SaidAnswer(serializers.Serializer):
    """A code and what it says."""

    code = serializers.CharField()
    message = serializers.CharField()


def said(code: str, words: dict[str, Any]) -> dict[str, str]:
    """A code with its sentence."""
    return {"code": code, "message": str(words[code])}


class BatchAnswer(serializers.ModelSerializer):
    """One delivery of scans, and how far it was taken apart."""

    job = JobAnswer(allow_null=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = ScanBatch
        fields = [
            "id", "pair", "name", "size", "sha256", "entries", "done", "taken", "refused", "received_at",
            "finished_at", "job", "error",
        ]  # fmt: skip

    @extend_schema_field(SaidAnswer(allow_null=True))
    def get_error(self, batch: ScanBatch) -> dict[str, str] | None:
        if not batch.error_code:
            return None
        return {"code": batch.error_code, "message": batch.error_message}


class FaultAnswer(serializers.ModelSerializer):
    """A file that is no scan. ``context["names"]`` opens its name."""

    number = serializers.SerializerMethodField(help_text="Urutan di dalam kiriman.")
    name = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()

    class Meta:
        model = ScanFault
        fields = ["number", "name", "code", "message"]

    def get_number(self, fault: ScanFault) -> int:
        return fault.pk & 0xFFFFFF

    def get_name(self, fault: ScanFault) -> str:
        return self.context["names"][fault.pk]

    def get_message(self, fault: ScanFault) -> str:
        return str(FAULTS[fault.code])


class BatchWithFaultsAnswer(BatchAnswer):
    """One delivery, with the first hundred files that are no scans."""

    faults = FaultAnswer(many=True)

    class Meta(BatchAnswer.Meta):
        fields = [*BatchAnswer.Meta.fields, "faults"]


class ScanAnswer(serializers.ModelSerializer):
    """One scan. ``context["names"]`` opens the names of files."""

    support = serializers.IntegerField(source="support_id", allow_null=True)
    batch = serializers.IntegerField(source="batch_id")
    name = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(Kind.choices)
    content = serializers.UUIDField(
        source="digest", help_text="Sama bila isi berkasnya sama, byte demi byte."
    )
    problems = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Scan
        fields = [
            "id", "pair", "batch", "support", "kind", "name", "media", "pages", "size", "found_by", "reason",
            "content", "repeated", "problems", "received_at", "ended_at",
        ]  # fmt: skip

    def get_name(self, scan: Scan) -> str:
        return self.context["names"].get(scan.pk, "")

    @extend_schema_field(SaidAnswer(many=True))
    def get_problems(self, scan: Scan) -> list[dict[str, str]]:
        return [said(code, PROBLEMS) for code in scan.problems.split()]

    @extend_schema_field(SaidAnswer(allow_null=True))
    def get_reason(self, scan: Scan) -> dict[str, str] | None:
        """Why it has no row."""
        return said(scan.reason, REASONS) if scan.reason else None


class NewScans(serializers.Serializer):
    """A ZIP, or one file with its row."""

    file = serializers.FileField(help_text="ZIP, PDF, JPEG, PNG, atau HEIC.")
    kind = serializers.ChoiceField(Kind.choices, required=False)
    support = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Id baris; tanpa ini menurut nama berkas."
    )


class FinishedScans(serializers.Serializer):
    """A file that was sent in pieces with target ``scans``."""

    file = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class PlaceQuestion(serializers.Serializer):
    """Whose a scan is."""

    support = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(Kind.choices, required=False)


class PageQuestion(serializers.Serializer):
    """Which page of a list."""

    cursor = serializers.CharField(required=False, allow_blank=True, default="")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MOST_ROWS_A_PAGE)


class MissingQuestion(PageQuestion):
    """Which document a row lacks."""

    document = serializers.ChoiceField(
        Wanted.choices,
        required=False,
        default=Wanted.ANY,
        help_text="any: tanpa pindaian apa pun; statement dan ktp: tanpa dokumen itu.",
    )


class ScansQuestion(serializers.Serializer):
    """Which scans are listed."""

    list = serializers.ChoiceField(LISTS, required=False, default="all")
    support = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
