"""What the calls about the rounds of a pair give."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api_shapes import WindowStateAnswer
from candidates.rule_sets import ADMISSIBLE
from foundation.workflow.table import SUBMISSION
from supports.models import RESULTS
from verification.repairs.overview import ShownRound

WHICH = ("left", "all")


class BmsQuestion(serializers.Serializer):
    """Which rows: those that nothing replaces yet, or all."""

    rows = serializers.ChoiceField(
        WHICH, default="left", help_text="left: yang belum diganti; all: semua baris BMS."
    )


class RoundNumbers(serializers.Serializer):
    """submitted = ms + bms + tms + unverified, always; ``replaced`` of the BMS rows have a row of a later round."""

    submitted = serializers.IntegerField()
    ms = serializers.IntegerField()
    bms = serializers.IntegerField()
    tms = serializers.IntegerField()
    unverified = serializers.IntegerField()
    replaced = serializers.IntegerField()


class RoundOfPair(serializers.Serializer):
    """One round; what was decided about its rows is told once it is closed."""

    id = serializers.IntegerField(source="submission.pk")
    stage = serializers.CharField(source="submission.stage")
    title = serializers.CharField()
    status = serializers.ChoiceField(list(SUBMISSION.states.items()), source="submission.status")
    result = serializers.ChoiceField(RESULTS, source="submission.result", allow_blank=True)
    rows = serializers.IntegerField(source="counts.submitted")
    decided = serializers.SerializerMethodField()
    receipt = serializers.CharField(source="receipt.number", default=None, allow_null=True)

    @extend_schema_field(RoundNumbers(allow_null=True))
    def get_decided(self, one: ShownRound) -> dict[str, int] | None:
        """The counts of a closed round."""
        return RoundNumbers(one.counts).data if one.submission.status == "closed" else None


class MissingArea(serializers.Serializer):
    """An area in which nobody counts yet."""

    code = serializers.IntegerField()
    name = serializers.CharField()


class AskedAnswer(serializers.Serializer):
    """What the round that is being filled asks for: people, areas, whom it admits, and its two windows."""

    people = serializers.IntegerField(source="shortage.asked")
    counted = serializers.IntegerField(source="shortage.have")
    people_missing = serializers.IntegerField(source="shortage.missing")
    areas_missing = serializers.IntegerField(source="shortage.missing_areas")
    areas_without_anybody = MissingArea(source="shortage.empty", many=True)
    admits = serializers.ListField(child=serializers.ChoiceField(sorted(ADMISSIBLE)))
    filling = WindowStateAnswer()
    handing_in = WindowStateAnswer()


class RoundsAnswer(serializers.Serializer):
    """The rounds of a pair, the first one first; ``why_none``: why no round comes after a closed one."""

    rounds = RoundOfPair(many=True)
    asked = AskedAnswer(allow_null=True)
    why_none = serializers.CharField(allow_blank=True)
