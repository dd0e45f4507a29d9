"""What the calls about handing in take and give."""

from rest_framework import serializers

from foundation.workflow.table import SUBMISSION
from supports.api_shapes import JobAnswer, UploadFault

SUBMISSION_STATUSES = list(SUBMISSION.states.items())
LARGEST_NUMBER = 2**31 - 1


class HandInQuestion(serializers.Serializer):
    """What somebody who hands in has looked at."""

    expected = serializers.IntegerField(
        required=False, min_value=0, max_value=LARGEST_NUMBER, help_text="Jumlah baris; 409 bila sudah lain."
    )


class HandInAnswer(serializers.Serializer):
    """The latest handing-in of a round: asked for when, what it waits for, why it came to nothing."""

    requested_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    waits_for = serializers.ListField(child=serializers.CharField(), help_text="Berkas yang ditunggu.")
    error = UploadFault(allow_null=True)


class SubmissionAnswer(serializers.Serializer):
    """One round of a pair; ``receipt`` is the number of its latest receipt."""

    id = serializers.IntegerField()
    pair = serializers.IntegerField()
    stage = serializers.CharField()
    status = serializers.ChoiceField(SUBMISSION_STATUSES)
    status_title = serializers.CharField()
    job = JobAnswer(allow_null=True)
    hand_in = HandInAnswer(allow_null=True)
    receipt = serializers.CharField(allow_null=True)


class SubmissionPage(serializers.Serializer):
    """The rounds of a pair; they are few."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SubmissionAnswer(many=True)


class ReceiptArea(serializers.Serializer):
    """The rows of one area."""

    code = serializers.IntegerField()
    name = serializers.CharField()
    rows = serializers.IntegerField()
    counted = serializers.IntegerField()


class ReceiptAnswer(serializers.Serializer):
    """The receipt as it was signed; what ``verify_receipt`` reads (docs/receipt.md)."""

    format = serializers.CharField()
    number = serializers.CharField()
    submission = serializers.IntegerField()
    election = serializers.DictField()
    pair = serializers.DictField()
    stage = serializers.CharField()
    stage_title = serializers.CharField()
    submitted_at = serializers.CharField(help_text="Dengan selisih zona waktunya.")
    hashed_at = serializers.CharField()
    zone = serializers.CharField(help_text="WIB, WITA atau WIT.")
    rows = serializers.IntegerField()
    counted = serializers.IntegerField()
    asked = serializers.IntegerField()
    min_spread = serializers.IntegerField()
    by_area = ReceiptArea(many=True)
    findings = serializers.DictField(child=serializers.IntegerField())
    tree = serializers.CharField()
    row_format = serializers.CharField()
    root = serializers.CharField()
    key_id = serializers.CharField()
    public_key = serializers.CharField()
    signature = serializers.CharField()


class ReceiptKey(serializers.Serializer):
    """A public key that signs receipts, or did."""

    id = serializers.CharField()
    key = serializers.CharField(help_text="Ed25519, 32 byte dalam heksadesimal.")
    since = serializers.DateTimeField()


class ReceiptKeyPage(serializers.Serializer):
    """All of them, the newest first."""

    results = ReceiptKey(many=True)
