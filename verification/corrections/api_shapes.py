"""What the calls about corrections take and give."""

from rest_framework import serializers

from candidates.ruling_shapes import row_list
from foundation.workflow.table import CORRECTION
from supports.api_fields import TextOnly
from supports.api_shapes import LARGEST_AREA, JobAnswer, SupportAnswer
from supports.repeat_shapes import LARGEST_ID
from verification.api_shapes import DECIDED_STATUSES, Who
from verification.corrections.models import Correction

CORRECTION_STATUSES = list(CORRECTION.states.items())


class CorrectionFilter(serializers.Serializer):
    """Which decided rows; everything that is given must hold, and at least one thing must be given."""

    status = serializers.ChoiceField(DECIDED_STATUSES, required=False)
    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    area = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_AREA)
    upload = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    decided_by = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Pengguna yang memutus terakhir."
    )
    ruling = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Putusan yang menyebut baris."
    )
    skip_missing = serializers.BooleanField(required=False, default=False)


class CorrectionQuestion(CorrectionFilter):
    """The same, or a list."""

    rows = row_list(required=False, default=list)


class NewCorrection(CorrectionFilter):
    """A proposal, as multipart/form-data."""

    letter = serializers.FileField(required=False, help_text="PDF, JPG, atau PNG.")
    rows_file = serializers.FileField(required=False, help_text="CSV; yang dibaca kolom pertama.")
    number = TextOnly(max_length=200, help_text="Nomor surat.")
    dated = serializers.DateField(help_text="Tanggal surat.")
    reason = TextOnly(max_length=2000)
    token = TextOnly(max_length=40, help_text="Dari pratinjau.")


class CorrectionPreview(serializers.Serializer):
    """What a correction would be about; nothing was proposed."""

    rows = serializers.IntegerField(help_text="Baris yang kembali menjadi belum diperiksa.")
    stood = serializers.DictField(child=serializers.IntegerField(), help_text="Menurut status sekarang.")
    undecided = serializers.IntegerField(help_text="Yang juga cocok dan belum diputus.")
    replaced = serializers.IntegerField(
        help_text="Yang juga cocok, tetapi sudah digantikan pada putaran berikutnya; tidak ikut."
    )
    token = serializers.CharField(help_text="Mewakili tepat baris-baris ini.")
    filter_in_words = serializers.ListField(child=serializers.CharField())
    examples = SupportAnswer(many=True)


class CorrectionAnswer(serializers.ModelSerializer):
    """One correction and how far it is."""

    submission = serializers.IntegerField(source="review.submission_id")
    filter = serializers.DictField(source="wanted", child=serializers.JSONField())
    stood = serializers.DictField(child=serializers.IntegerField())
    status = serializers.ChoiceField(CORRECTION_STATUSES)
    job = JobAnswer(allow_null=True)
    proposed_by = Who()
    first_approved_by = Who(allow_null=True)
    second_approved_by = Who(allow_null=True)
    refused_by = Who(allow_null=True)

    class Meta:
        model = Correction
        fields = [
            "id", "submission", "number", "dated", "reason", "ruling", "reopens", "filter", "rows", "stood", "token",
            "status", "taken_back", "passed_over", "job", "proposed_at", "proposed_by", "first_approved_at",
            "first_approved_by", "second_approved_at", "second_approved_by", "refused_at", "refused_by",
        ]  # fmt: skip
