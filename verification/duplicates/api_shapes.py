"""What the calls about groups take and give."""

from rest_framework import serializers

from supports.api_shapes import LARGEST_AREA, VERMIN_STATUSES
from verification.api_shapes import LARGEST_ROW, NewDecision, Who
from verification.duplicates.models import Group
from verification.duplicates.operations import MOST_MEMBERS


class GroupQuestion(serializers.Serializer):
    """Which groups, which page."""

    kind = serializers.ChoiceField(Group.Kind.choices)
    waiting = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Masih ada baris yang menunggu keputusan."
    )
    area = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=LARGEST_AREA,
        help_text="Kode kecamatan (gubernur: kabupaten/kota); 0: tidak dikenal.",
    )  # fmt: skip
    cursor = serializers.CharField(required=False, default="")


class FirstRow(serializers.Serializer):
    """A row as a list of groups names it."""

    support = serializers.IntegerField(source="pk")
    name = serializers.CharField(allow_null=True)
    village = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)


class GroupAnswer(serializers.Serializer):
    """One group: its rows, of this round and of earlier ones, and how many of this one wait."""

    id = serializers.IntegerField(source="group.pk")
    submission = serializers.IntegerField(source="group.submission_id")
    kind = serializers.ChoiceField(Group.Kind.choices, source="group.kind")
    members = serializers.IntegerField(source="group.members")
    waiting = serializers.IntegerField(source="group.waiting")
    nik_masked = serializers.CharField(allow_null=True, help_text="Kosong pada nomor HP yang sama.")
    first = FirstRow(many=True, help_text="Paling banyak tiga baris pertama.")


class GroupPageAnswer(serializers.Serializer):
    """One page of groups."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = GroupAnswer(many=True)


class CellAnswer(serializers.Serializer):
    """One field; what is sealed says only whether it is the same."""

    title = serializers.CharField()
    text = serializers.CharField()
    differs = serializers.BooleanField(help_text="Berbeda dari baris pertama kelompok.")


class MemberAnswer(serializers.Serializer):
    """One row of a group."""

    support = serializers.IntegerField(source="line.row.id")
    upload = serializers.IntegerField(source="line.row.upload_id")
    sheet = serializers.CharField(source="line.row.sheet")
    row_no = serializers.IntegerField(source="line.row.row_no")
    earlier_round = serializers.CharField(
        source="line.round", help_text="Nama putaran sebelumnya; kosong: putaran ini."
    )
    status = serializers.ChoiceField(VERMIN_STATUSES, source="line.row.status")
    waits_for = Who(source="line.holder", allow_null=True)
    waits_for_you = serializers.BooleanField(source="mine")
    cells = CellAnswer(many=True)


class MemberPageAnswer(serializers.Serializer):
    """A group and one page of its rows; the first row of the group comes first on every page."""

    id = serializers.IntegerField(source="group.pk")
    submission = serializers.IntegerField(source="group.submission_id")
    kind = serializers.ChoiceField(Group.Kind.choices, source="group.kind")
    members = serializers.IntegerField(source="group.members")
    waiting = serializers.IntegerField(source="group.waiting")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MemberAnswer(many=True)


class MemberQuestion(serializers.Serializer):
    """Which page."""

    cursor = serializers.CharField(required=False, default="")


class NewGroupDecision(NewDecision):
    """What is decided about some rows of a group, all alike."""

    supports = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ROW), max_length=MOST_MEMBERS
    )


class KeptRow(serializers.Serializer):
    """Which row stays counted."""

    support = serializers.IntegerField(min_value=1, max_value=LARGEST_ROW)


class RowsDone(serializers.Serializer):
    """How many rows changed."""

    rows = serializers.IntegerField()


class KeptAnswer(serializers.Serializer):
    """How many rows were decided, by status."""

    ms = serializers.IntegerField()
    bms = serializers.IntegerField()
    tms = serializers.IntegerField()
