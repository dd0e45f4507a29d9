"""What the call about people given by several pairs takes and gives."""

from rest_framework import serializers


class MatchQuestion(serializers.Serializer):
    """Which page."""

    cursor = serializers.CharField(required=False)


class GivenAnswer(serializers.Serializer):
    """What one pair gave of a person; ``copies`` are its rows with this NIK."""

    pair = serializers.IntegerField(source="pair.pk")
    pair_name = serializers.CharField(source="pair.name")
    support = serializers.IntegerField(source="support_id")
    name = serializers.CharField(allow_null=True)
    village = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    upload = serializers.IntegerField(source="upload_id")
    sheet = serializers.CharField()
    row_no = serializers.IntegerField()
    copies = serializers.IntegerField()


class MatchedPersonAnswer(serializers.Serializer):
    """One person."""

    nik_masked = serializers.CharField()
    given = GivenAnswer(many=True)


class MatchPageAnswer(serializers.Serializer):
    """One page of people."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MatchedPersonAnswer(many=True)
