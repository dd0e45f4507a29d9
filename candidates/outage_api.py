"""Calls of the API about outages: everybody reads them, the commission records, ends and corrects them."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates import extensions, outages, queries, zones
from candidates.api import validated
from candidates.api_shapes import Read, RulingAnswer, ZonedDateTimeField
from candidates.models import Election, Outage, Ruling
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document


class ConcernedElection(serializers.ModelSerializer):
    """An election that an outage concerned."""

    class Meta:
        model = Election
        fields = ["id", "name"]


class Correction(serializers.Serializer):
    """What was told before, and why it was changed."""

    at = serializers.DateTimeField()
    reason = serializers.CharField(source="data.reason")
    before = serializers.DictField(source="data.before")


class OutageAnswer(serializers.ModelSerializer):
    """An outage: when, what, what was decided; the times in the zone of its elections."""

    began_at = serializers.SerializerMethodField()
    ended_at = serializers.SerializerMethodField()
    elections = ConcernedElection(many=True)
    corrections = serializers.SerializerMethodField()

    class Meta:
        model = Outage
        fields = [
            "id",
            "began_at",
            "ended_at",
            "affected",
            "description",
            "everywhere",
            "elections",
            "decision",
            "decree",
            "corrections",
        ]

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_began_at(self, outage: Outage) -> str:
        return zones.local(outage.began_at, queries.zone_of(outage)).isoformat()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ended_at(self, outage: Outage) -> str | None:
        return outage.ended_at and zones.local(outage.ended_at, queries.zone_of(outage)).isoformat()

    @extend_schema_field(Correction(many=True))
    def get_corrections(self, outage: Outage) -> list[dict[str, Any]]:
        return Correction(self.context["corrections"].get(outage.pk, []), many=True).data


class _Told(serializers.Serializer):
    began_at = ZonedDateTimeField(required=False)
    ended_at = ZonedDateTimeField(required=False)
    affected = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=1000)
    everywhere = serializers.BooleanField(required=False)
    elections = serializers.ListField(
        child=serializers.IntegerField(), source="election_ids", required=False, help_text="Id pemilihan."
    )
    decision = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    decree = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NewOutage(_Told):
    """An outage; without began_at it began now, without ended_at it lasts."""


class OutageChanges(_Told):
    """What shall be told otherwise; ended_at ends it. What was told before is replaced for a reason only."""

    affected = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=1000, required=False)
    reason = serializers.CharField(max_length=300, required=False)


class NewExtensions(serializers.Serializer):
    """Rulings for the pairs that lost time; without hours, the outage's length rounded up."""

    document = serializers.CharField(max_length=200)
    hours = serializers.IntegerField(required=False, min_value=1, max_value=720)
    pairs = serializers.ListField(
        child=serializers.IntegerField(),
        source="pair_ids",
        required=False,
        help_text="Tanpa isian: semua pasangan yang masanya terganggu.",
    )


def shown(found: list[Outage]) -> list[dict[str, Any]]:
    """Outages with what was corrected; the number of queries does not grow with them."""
    context = {"corrections": queries.corrections_of(found)}
    return OutageAnswer(found, many=True, context=context).data


class OutagesView(generics.ListAPIView):
    """Catatan gangguan, yang terbaru di depan."""

    permissions = {"GET": Permission.VIEW_OUTAGES, "POST": Permission.RECORD_OUTAGE}
    serializer_class = OutageAnswer
    queryset = Outage.objects.none()
    ordering = ("-began_at", "-id")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of the log, for everybody."""
        page = self.paginate_queryset(queries.outages_listed())
        return self.get_paginated_response(shown(page))

    @extend_schema(request=NewOutage, responses={201: OutageAnswer})
    def post(self, request: Request) -> Response:
        """Mencatat gangguan. Tidak ada tenggat yang berubah karenanya."""
        outage = outages.record_outage(by=request.user, **validated(NewOutage, request.data))
        return Response(shown([outage])[0], status=HTTPStatus.CREATED)


class OfOutage:
    """Calls about one outage."""

    kwargs: dict[str, Any]

    def outage(self) -> Outage:
        """The outage of the address. Raises Http404."""
        return get_object_or_404(queries.outages_listed(), pk=self.kwargs["outage"])


class OutageView(OfOutage, APIView):
    """Satu gangguan."""

    permissions = {"GET": Permission.VIEW_OUTAGES, "PATCH": Permission.RECORD_OUTAGE}

    @extend_schema(responses=OutageAnswer, operation_id="outages_retrieve")
    def get(self, request: Request, outage: int) -> Response:
        return Response(shown([self.outage()])[0])

    @extend_schema(request=OutageChanges, responses=OutageAnswer, operation_id="outages_change")
    def patch(self, request: Request, outage: int) -> Response:
        """Mencatat berakhirnya gangguan atau keputusannya, atau membetulkan catatan dengan alasan."""
        found = self.outage()
        outages.correct_outage(found, by=request.user, **validated(OutageChanges, request.data))
        return Response(shown([found])[0])


class ExtensionsView(OfOutage, generics.ListAPIView):
    """Perpanjangan karena satu gangguan."""

    permissions = {"GET": Permission.VIEW_PAIR, "POST": Permission.MANAGE_WINDOWS}
    serializer_class = RulingAnswer
    queryset = Ruling.objects.none()

    def get_queryset(self) -> QuerySet[Ruling]:
        """Those about pairs the user may see."""
        rulings = queries.rulings_visible_to(self.request.user).filter(outage=self.outage())
        return rulings.prefetch_related("windows__election")

    @extend_schema(
        request=NewExtensions, responses={201: RulingAnswer(many=True)}, operation_id="outages_rulings_create"
    )
    def post(self, request: Request, outage: int) -> Response:
        """Mengusulkan satu putusan bagi setiap pasangan yang masanya terganggu; semuanya perlu disetujui KPU RI."""
        found = self.outage()
        fields = validated(NewExtensions, request.data)
        rulings = extensions.propose_extensions(found, by=request.user, **fields)
        return Response(RulingAnswer(rulings, many=True).data, status=HTTPStatus.CREATED)


class StepsAnswer(serializers.Serializer):
    """How many rulings of an outage can be given a document, approved or opened by the user now."""

    attach = serializers.IntegerField()
    approve = serializers.IntegerField()
    digest = serializers.CharField(
        help_text="Dari semua yang dapat disetujui; dikirim kembali saat menyetujui."
    )
    open = serializers.IntegerField()


class Done(serializers.Serializer):
    """How many rulings it was done to."""

    rulings = serializers.IntegerField()


class Seen(serializers.Serializer):
    """How many there were when somebody looked."""

    count = serializers.IntegerField(min_value=1, max_value=10_000)


class ExtensionLetter(serializers.Serializer):
    """The document of all rulings of an outage."""

    letter = serializers.FileField(required=False, help_text="PDF, JPG, atau PNG.")


class StepsView(OfOutage, APIView):
    """Yang dapat dilakukan dengan semua usulan karena satu gangguan."""

    permission = Permission.MANAGE_WINDOWS

    @extend_schema(responses=StepsAnswer, operation_id="outages_rulings_steps")
    def get(self, request: Request, outage: int) -> Response:
        steps = extensions.steps_left(self.outage(), request.user)
        counts = {name: len(getattr(steps, name)) for name in ("attach", "approve", "open")}
        return Response(StepsAnswer(counts | {"digest": steps.digest}).data)


class ExtensionLetterView(OfOutage, APIView):
    """Surat bagi semua usulan karena satu gangguan yang belum dibuka."""

    permission = Permission.MANAGE_WINDOWS
    parser_classes = [MultiPartParser]

    @extend_schema(request=ExtensionLetter, responses=Done, operation_id="outages_rulings_letter")
    def post(self, request: Request, outage: int) -> Response:
        """Melampirkan atau mengganti suratnya. Persetujuan yang sudah diberikan tidak berlaku lagi."""
        found = self.outage()
        document = take_document(request._request, extensions.key_scope(found), field="letter")
        with dropped_if_refused(document):
            done = extensions.attach_to_extensions(found, by=request.user, letter=document)
        return Response({"rulings": done})


class ApproveExtensionsView(OfOutage, APIView):
    """Menyetujui semua usulan karena satu gangguan yang menunggu persetujuan Anda (KPU RI)."""

    permission = Permission.APPROVE_RULING

    @extend_schema(request=Read, responses=Done, operation_id="outages_rulings_approve")
    def post(self, request: Request, outage: int) -> Response:
        fields = validated(Read, request.data)
        return Response({"rulings": extensions.approve_extensions(self.outage(), by=request.user, **fields)})


class OpenExtensionsView(OfOutage, APIView):
    """Membuka semua perpanjangan karena satu gangguan yang sudah disetujui."""

    permission = Permission.MANAGE_WINDOWS

    @extend_schema(request=Seen, responses=Done, operation_id="outages_rulings_open")
    def post(self, request: Request, outage: int) -> Response:
        fields = validated(Seen, request.data)
        return Response({"rulings": extensions.open_extensions(self.outage(), by=request.user, **fields)})
