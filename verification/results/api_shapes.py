"""What the calls about results give."""

from rest_framework import serializers

from supports.api_fields import TextOnly
from supports.models import RESULTS
from verification.results.models import Result


class NewResult(serializers.Serializer):
    """What is written on the minutes."""

    minutes_number = TextOnly(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text="Nomor berita acara; kosong: ditulis tangan.",
    )


class RecapNumbers(serializers.Serializer):
    """Rows; submitted = ms + bms + tms + unverified, always."""

    submitted = serializers.IntegerField()
    ms = serializers.IntegerField()
    bms = serializers.IntegerField()
    tms = serializers.IntegerField()
    unverified = serializers.IntegerField()


class RecapLine(RecapNumbers):
    """One desa/kelurahan."""

    area = serializers.IntegerField(help_text="Sepuluh angka; nol untuk yang tidak diketahui.")
    village = serializers.CharField(allow_blank=True)


class RecapDistrict(serializers.Serializer):
    """One kecamatan with its desa/kelurahan."""

    code = serializers.IntegerField(help_text="0 untuk baris yang wilayahnya tidak diketahui.")
    regency = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    numbers = RecapNumbers()
    lines = RecapLine(many=True)


class SumArea(serializers.Serializer):
    """The MS of one area that counts for the spread."""

    code = serializers.IntegerField()
    name = serializers.CharField()
    before = serializers.IntegerField()
    here = serializers.IntegerField()


class EarlierRound(serializers.Serializer):
    """What a round brought that was closed before."""

    stage = serializers.CharField()
    title = serializers.CharField()
    ms = serializers.IntegerField()


class SumAnswer(serializers.Serializer):
    """MS of all rounds up to this one against what is asked."""

    minimum = serializers.IntegerField()
    min_spread = serializers.IntegerField()
    rounds = EarlierRound(many=True)
    before = serializers.IntegerField()
    here = serializers.IntegerField()
    ms = serializers.IntegerField()
    missing = serializers.IntegerField()
    areas_reached = serializers.IntegerField()
    areas_missing = serializers.IntegerField()
    met = serializers.BooleanField()
    asks = serializers.CharField(help_text="minimum atau factor_shortfall.")
    factor = serializers.IntegerField()
    asked = serializers.IntegerField(help_text="Yang diminta dibawa putaran ini.")
    by_area = SumArea(many=True)


class ResultAnswer(serializers.ModelSerializer):
    """One version of the result of a round."""

    submission = serializers.IntegerField(source="review.submission_id")
    pair = serializers.IntegerField(source="review.submission.pair_id")
    stage = serializers.CharField(source="body.stage")
    title = serializers.CharField(source="body.stage_title", help_text="Nama putaran, misalnya Awal.")
    outcome = serializers.ChoiceField(RESULTS)
    receipt = serializers.CharField(source="body.receipt")
    sum = SumAnswer(source="body.sum")

    class Meta:
        model = Result
        fields = [
            "id", "submission", "pair", "stage", "title", "version", "outcome", "submitted", "ms", "bms", "tms",
            "unverified", "sum", "receipt", "sha256", "minutes_number", "closed_at",
        ]  # fmt: skip


class ResultDetail(ResultAnswer):
    """One version with its recap."""

    recap = RecapDistrict(many=True, source="districts")

    class Meta(ResultAnswer.Meta):
        fields = [*ResultAnswer.Meta.fields, "recap"]
