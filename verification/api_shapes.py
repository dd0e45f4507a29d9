"""What the calls about verification take and give."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.workflow.table import BULK
from supports.api_fields import TextOnly
from supports.api_shapes import LARGEST_AREA, VERMIN_STATUSES, JobAnswer, SupportAnswer
from supports.repeat_shapes import LARGEST_ID
from verification.deciding import MOST_NOTE
from verification.models import DECIDED, Bulk, Deal, Decision
from verification.reasons import BY_NUMBER, REASONS
from verification.rolls.models import Kind
from verification.rolls.presence import Presence

DECIDED_STATUSES = [(one, one) for one in DECIDED]
BULK_STATUSES = list(BULK.states.items())
REASON_CODES = [(one.code, one.title) for one in REASONS]
LARGEST_ROW = 2**63 - 1


class Who(serializers.Serializer):
    """A person."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="*")


# ---- rounds --------------------------------------------------------------------------------------


class RoundCounts(serializers.Serializer):
    """The rows of a round; rows = ms + bms + tms + unverified, always."""

    rows = serializers.IntegerField()
    ms = serializers.IntegerField()
    bms = serializers.IntegerField()
    tms = serializers.IntegerField()
    unverified = serializers.IntegerField()


class RoundAnswer(serializers.Serializer):
    """One round that waits for its verification or is in it."""

    submission = serializers.IntegerField(source="pk")
    pair = serializers.IntegerField(source="pair_id")
    pair_name = serializers.CharField(source="pair.name")
    election = serializers.IntegerField(source="pair.election_id")
    stage = serializers.CharField()
    title = serializers.CharField(source="round_title", help_text="Nama putaran, misalnya Awal.")
    status = serializers.CharField()
    counts = RoundCounts()


class ReviewAnswer(RoundAnswer):
    """One verification."""

    opened_at = serializers.DateTimeField(source="review.opened_at")
    opened_by = Who(source="review.opened_by")
    own = serializers.IntegerField(help_text="Baris yang menunggu Anda.")


class ReviewDetail(ReviewAnswer):
    """One verification, and what can be decided in it."""

    held = serializers.IntegerField(help_text="Belum diputus dan sudah dibagi.")
    undealt = serializers.IntegerField(help_text="Belum diputus dan belum dibagi.")
    statuses = serializers.ListField(child=serializers.CharField(), help_text="Yang dapat diputuskan.")
    second_reader = serializers.ListField(
        child=serializers.CharField(), help_text="Status yang berlaku hanya bila dua orang menyatakannya."
    )
    disputed = serializers.IntegerField(help_text="Dibaca berbeda oleh dua orang; menunggu kantor.")


# ---- dealing -------------------------------------------------------------------------------------


class NewDeal(serializers.Serializer):
    """Which rows go to whom."""

    area = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=LARGEST_AREA,
        help_text="Kode wilayah; 0: seluruhnya.",
    )
    way = serializers.ChoiceField(Deal.Way.choices, required=False, default=Deal.Way.VILLAGE)
    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), allow_empty=True, max_length=5_000
    )


class DealAnswer(serializers.ModelSerializer):
    """One dealing."""

    dealt_by = Who()

    class Meta:
        model = Deal
        fields = ["id", "area", "way", "rows", "people", "dealt_at", "dealt_by"]


class ShareAnswer(serializers.Serializer):
    """How many rows wait for one person."""

    user = serializers.IntegerField(source="holder_id")
    name = serializers.CharField(source="holder")
    active = serializers.BooleanField(source="holder.is_active")
    left = serializers.IntegerField()


class TakeQuestion(serializers.Serializer):
    """Which rows to take."""

    rows = serializers.ChoiceField(
        [("second", "yang dibaca orang lain"), ("disputed", "yang dibaca berbeda oleh dua orang (kantor)")],
        required=False,
        default="second",
    )


class Taken(serializers.Serializer):
    """How many rows now wait for you."""

    rows = serializers.IntegerField()


class TakenBack(serializers.Serializer):
    """How many rows were taken back."""

    rows = serializers.IntegerField()


# ---- decisions -----------------------------------------------------------------------------------


class NewDecision(serializers.Serializer):
    """What is decided about one row."""

    status = serializers.ChoiceField(DECIDED_STATUSES)
    reasons = serializers.ListField(
        child=TextOnly(max_length=40), required=False, default=list, max_length=len(REASONS),
        help_text=", ".join(code for code, _title in REASON_CODES),
    )  # fmt: skip
    note = TextOnly(required=False, default="", allow_blank=True, max_length=MOST_NOTE)


class ListedDecision(NewDecision):
    """The same in a list."""

    support = serializers.IntegerField(min_value=1, max_value=LARGEST_ROW)


class DecisionAnswer(serializers.ModelSerializer):
    """One change of a row's status by a person."""

    support = serializers.IntegerField(source="support_id")
    before = serializers.ChoiceField(VERMIN_STATUSES)
    after = serializers.ChoiceField(VERMIN_STATUSES)
    reasons = serializers.SerializerMethodField()
    by = Who()
    bulk = serializers.IntegerField(source="bulk_id", allow_null=True)
    correction = serializers.IntegerField(source="correction_id", allow_null=True)
    takes_effect = serializers.BooleanField(
        help_text="false: satu pembacaan; berlaku bila orang kedua menyatakan status yang sama."
    )

    class Meta:
        model = Decision
        fields = [
            "id", "support", "before", "after", "reasons", "note", "takes_effect", "by", "at", "bulk", "correction",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(REASON_CODES)))
    def get_reasons(self, decision: Decision) -> list[str]:
        return [BY_NUMBER[number].code for number in decision.reasons]


class Fault(serializers.Serializer):
    """Why a row of a list was left as it is."""

    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_null=True)


class OutcomeAnswer(serializers.Serializer):
    """What became of one row of a list."""

    support = serializers.IntegerField()
    outcome = serializers.ChoiceField(
        [("decided", "diputus"), ("unchanged", "sudah diputus begitu oleh Anda"), ("refused", "ditolak")]
    )
    decision = DecisionAnswer(allow_null=True)
    error = Fault(allow_null=True)


class ReasonAnswer(serializers.Serializer):
    """A reason that can be given."""

    code = serializers.CharField()
    title = serializers.CharField()
    basis = serializers.CharField()


class OfferedAnswer(serializers.Serializer):
    """A status with the reasons that can be given for it."""

    status = serializers.CharField()
    reasons = ReasonAnswer(many=True)


class SuggestionAnswer(serializers.Serializer):
    """What the findings suggest; a person decides."""

    status = serializers.CharField()
    reasons = ReasonAnswer(many=True)


class PresenceAnswer(serializers.Serializer):
    """What one voter list says about the row's person; the values that differ stay closed."""

    kind = serializers.ChoiceField(Kind.choices)
    state = serializers.ChoiceField(
        [("present", "ada"), ("absent", "tidak ada"), ("not_loaded", "daftarnya belum dimuat")]
    )
    place = serializers.CharField(allow_blank=True, help_text="Menurut daftar itu.")
    differs = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(["name", "birth_date"])))
    def get_differs(self, found: Presence) -> list[str]:
        return list(dict.fromkeys(one.field for one in found.differences))


class CardAnswer(serializers.Serializer):
    """One row as whoever decides it sees it, its identity masked."""

    row = SupportAnswer()
    waits_for_you = serializers.BooleanField()
    suggestion = SuggestionAnswer()
    offered = OfferedAnswer(many=True)
    duplicates = SupportAnswer(many=True, help_text="Baris lain di putaran ini dengan NIK yang sama.")
    more_duplicates = serializers.BooleanField()
    rolls = PresenceAnswer(
        many=True, help_text="Kosong selama belum ada daftar pemilih, atau baris ini tanpa NIK."
    )
    decisions = DecisionAnswer(many=True)


class QueueQuestion(serializers.Serializer):
    """Which page."""

    cursor = serializers.CharField(required=False, allow_blank=True, default="")
    page_size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=500)


# ---- bulk ----------------------------------------------------------------------------------------


class BulkFilter(serializers.Serializer):
    """Which rows; at least one of the fields."""

    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    area = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_AREA)
    upload = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class BulkPreview(serializers.Serializer):
    """What a bulk decision would be about."""

    waiting = serializers.IntegerField(help_text="Baris yang menunggu keputusan; hanya ini yang diputus.")
    others = serializers.DictField(
        child=serializers.IntegerField(), help_text="Yang juga cocok dan sudah diputus, menurut statusnya."
    )
    token = serializers.CharField(help_text="Mewakili tepat baris-baris ini.")
    filter_in_words = serializers.ListField(child=serializers.CharField())
    examples = SupportAnswer(many=True)


class NewBulk(NewDecision):
    """A bulk decision that is proposed."""

    filter = BulkFilter()
    token = serializers.CharField(max_length=40, help_text="Dari pratinjau.")


class BulkAnswer(serializers.ModelSerializer):
    """One bulk decision and how far it is."""

    submission = serializers.IntegerField(source="review.submission_id")
    filter = serializers.DictField(source="wanted", child=serializers.JSONField(allow_null=True))
    reasons = serializers.SerializerMethodField()
    status = serializers.ChoiceField(BULK_STATUSES)
    job = JobAnswer(allow_null=True)
    proposed_by = Who()
    ruled_by = Who(allow_null=True)

    class Meta:
        model = Bulk
        fields = [
            "id", "submission", "filter", "after", "reasons", "note", "rows", "token", "status", "decided",
            "passed_over", "taken_back", "job", "proposed_at", "proposed_by", "ruled_at", "ruled_by",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(REASON_CODES)))
    def get_reasons(self, bulk: Bulk) -> list[str]:
        return [BY_NUMBER[number].code for number in bulk.reasons]


def as_reason(reason: Any) -> dict[str, str]:
    """A reason in words."""
    return {"code": reason.code, "title": reason.title, "basis": reason.basis}
