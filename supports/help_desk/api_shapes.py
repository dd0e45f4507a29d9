"""The shapes of the API's calls about the help desk."""

from rest_framework import serializers

from foundation.workflow.table import HELP_THREAD
from supports.help_desk.kinds import KINDS
from supports.help_desk.models import Answer, Thread

STATUSES = list(HELP_THREAD.states.items())
MOST_ID = 2**62


class ThreadAnswer(serializers.ModelSerializer):
    """A question and where it stands. ``desk`` and ``region`` are region codes, 0 is KPU RI."""

    status = serializers.ChoiceField(STATUSES)
    holder = serializers.CharField(source="holder.name", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Thread
        fields = [
            "id",
            "election",
            "pair",
            "region",
            "desk",
            "subject",
            "attached_kind",
            "attached_id",
            "attached_title",
            "status",
            "holder",
            "written",
            "unseen",
            "waiting_since",
            "last_at",
            "closed_at",
            "created_at",
        ]


class WrittenMessage(serializers.Serializer):
    """One message; ``office``: written by KPU. A NIK is masked for who may not open identities."""

    number = serializers.IntegerField()
    office = serializers.BooleanField()
    who = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    document = serializers.CharField(source="attachment.name", default=None, allow_null=True)


class ThreadWithMessages(ThreadAnswer):
    """The same with everything that was written; empty once its keys were destroyed."""

    messages = WrittenMessage(many=True, source="entries")

    class Meta(ThreadAnswer.Meta):
        fields = [*ThreadAnswer.Meta.fields, "messages"]


class NewThread(serializers.Serializer):
    """A question about a pair, one of its uploads, or one of its rows."""

    pair = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    subject = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=4000)
    attached_kind = serializers.ChoiceField(
        [(code, str(kind.title)) for code, kind in KINDS.items()], default="pair"
    )
    attached_id = serializers.IntegerField(
        min_value=1, max_value=MOST_ID, required=False, help_text="Bawaan: pasangan itu sendiri."
    )


class NewThreadMessage(serializers.Serializer):
    """What the asker writes."""

    text = serializers.CharField(max_length=4000)
    seen = serializers.IntegerField(
        min_value=0,
        max_value=32_000,
        required=False,
        help_text="Jumlah tulisan yang sudah dibaca; 409 bila ada yang lebih baru.",
    )


class NewThreadAnswer(serializers.Serializer):
    """What KPU answers."""

    text = serializers.CharField(max_length=4000)
    seen = serializers.IntegerField(
        min_value=0,
        max_value=32_000,
        help_text="Jumlah tulisan yang sudah dibaca; 409 bila ada yang lebih baru.",
    )
    close = serializers.BooleanField(default=False)


class Taking(serializers.Serializer):
    """From whom it is taken: the id of the holder that was seen, or nothing."""

    held_by = serializers.IntegerField(min_value=1, max_value=MOST_ID, allow_null=True, default=None)


class HandingOn(serializers.Serializer):
    """To which office: the region's own code, its province's, or 0 for KPU RI."""

    desk = serializers.IntegerField(min_value=0, max_value=9_999)


class AnswerShown(serializers.ModelSerializer):
    """A frequent answer, readable by everybody; ``[words](/address/)`` in the text is a link to a page here."""

    class Meta:
        model = Answer
        fields = ["slug", "topic", "position", "title", "text", "version", "changed_at"]
