"""What the calls about personal data take and give."""

from rest_framework import serializers

from foundation.workflow.table import DATA_REQUEST
from supports.api_fields import TextOnly
from supports.privacy.models import DataRequest, Mark

STATUSES = list(DATA_REQUEST.states.items())
KINDS = DataRequest.Kind.choices
LONGEST = 2_000


class OwnDataQuestion(serializers.Serializer):
    """Whose NIK is asked about."""

    nik = TextOnly(max_length=40)
    birth_date = serializers.DateField()


class OwnDataAnswer(serializers.Serializer):
    """Yes or no. ``false`` also when the birth date is not the one of the NIK."""

    listed = serializers.BooleanField()


class NewDataRequest(serializers.Serializer):
    """A form: who asks, for what, where the answer goes, and the KTP-el."""

    kind = serializers.ChoiceField(KINDS)
    nik = serializers.CharField(max_length=40)
    birth_date = serializers.CharField(max_length=40, help_text="Misalnya 27-11-1990.")
    name = serializers.CharField(max_length=150)
    email = serializers.EmailField(help_text="Di loket boleh kosong.")
    told = serializers.CharField(max_length=LONGEST, required=False)
    document = serializers.FileField(help_text="KTP-el: PDF, JPG, atau PNG; di loket boleh kosong.")


class OwnKey(serializers.Serializer):
    """The secret of a private link, in the body: it stands in no address."""

    key = TextOnly(max_length=100)


class OwnDataRequest(serializers.Serializer):
    """A request as whoever holds its link reads it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(KINDS)
    status = serializers.ChoiceField(STATUSES)
    election = serializers.IntegerField(source="election_id")
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    readable_until = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True, help_text="Kosong selama belum dijawab.")


class FiledDataRequest(serializers.Serializer):
    """A request that was taken in, with the secret of its link, which is told once."""

    id = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    key = serializers.CharField()


class MarkAnswer(serializers.ModelSerializer):
    """What a request left at its person's rows."""

    class Meta:
        model = Mark
        fields = ["kind", "made_at", "ended_at"]


class DataRequestAnswer(serializers.ModelSerializer):
    """A request as the commission lists it: nobody is named."""

    status = serializers.ChoiceField(STATUSES)
    kind = serializers.ChoiceField(KINDS)
    mark = MarkAnswer(allow_null=True, default=None)

    class Meta:
        model = DataRequest
        fields = ["id", "election", "kind", "status", "received_at", "due_at", "decided_at", "mark"]


class HeldRowAnswer(serializers.Serializer):
    """One row with the person's NIK."""

    support = serializers.IntegerField(source="support.pk")
    pair = serializers.IntegerField(source="support.submission.pair_id")
    status = serializers.CharField()
    same_birth_date = serializers.BooleanField(source="same")


class OpenedDataRequest(serializers.Serializer):
    """A request in clear, for who handles it; that it was opened is on record."""

    request = DataRequestAnswer()
    nik = serializers.CharField()
    birth_date = serializers.DateField()
    name = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    told = serializers.CharField(allow_blank=True)
    answer = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    rows = HeldRowAnswer(many=True)


class Fulfilment(serializers.Serializer):
    """How a request is granted."""

    identity_confirmed = serializers.BooleanField()
    answer = TextOnly(max_length=LONGEST)
    note = TextOnly(max_length=LONGEST, required=False, allow_blank=True, default="")


class DataRequestReason(serializers.Serializer):
    """Why a request is refused."""

    reason = TextOnly(max_length=LONGEST)
