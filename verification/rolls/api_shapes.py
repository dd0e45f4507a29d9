"""What the calls about voter lists take and give."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.workflow.table import ROLL
from supports.api_shapes import LARGEST_ID, IncomingAnswer, JobAnswer
from supports.models import IncomingFile
from verification.rolls.models import Kind, Roll

STATES = list(ROLL.states.items())


class RollError(serializers.Serializer):
    """Why a list was not loaded."""

    code = serializers.CharField()
    message = serializers.CharField()


class RollColumns(serializers.Serializer):
    """What each heading was taken for, and the row numbers of the first of what is told."""

    fields = serializers.DictField(child=serializers.CharField(), required=False)
    ignored = serializers.ListField(child=serializers.CharField(), required=False)
    missing = serializers.ListField(child=serializers.CharField(), required=False)
    unusable_rows = serializers.ListField(child=serializers.IntegerField(), required=False)
    repeated_rows = serializers.ListField(child=serializers.IntegerField(), required=False)


class RollAnswer(serializers.ModelSerializer):
    """One list. rows = entries + unusable; ``repeated`` of the entries give a NIK that another one gives too."""

    kind = serializers.ChoiceField(Kind.choices)
    status = serializers.ChoiceField(STATES)
    columns = RollColumns()
    job = JobAnswer(allow_null=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Roll
        fields = [
            "id", "election", "kind", "version", "status", "name", "size", "sha256", "rows", "entries", "unusable",
            "repeated", "columns", "received_at", "loaded_at", "removed_at", "job", "error",
        ]  # fmt: skip

    @extend_schema_field(RollError(allow_null=True))
    def get_error(self, roll: Roll) -> dict[str, str] | None:
        if not roll.error_code:
            return None
        return {"code": roll.error_code, "message": roll.error_message}


class NewRoll(serializers.Serializer):
    """A list as a form; the file last or first."""

    kind = serializers.ChoiceField(Kind.choices)
    file = serializers.FileField(help_text="CSV atau buku kerja.")


class FinishedRoll(serializers.Serializer):
    """A list whose pieces have all arrived."""

    file = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class KindQuestion(serializers.Serializer):
    """Which list is going to be sent."""

    kind = serializers.ChoiceField(Kind.choices)


class RemoveQuestion(serializers.Serializer):
    """How many entries are removed: their number, as it is known."""

    count = serializers.IntegerField(min_value=0, max_value=LARGEST_ID)


class IncomingRollAnswer(IncomingAnswer):
    """A list that is sent in pieces."""

    pair: Any = None
    kind = serializers.ChoiceField(Kind.choices, source="target")

    class Meta:
        model = IncomingFile
        fields = ["id", "election", "kind", "name", "size", "sha256", "offset", "declared_at", "expires_at"]
