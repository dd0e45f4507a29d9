"""Calls of the API about a pair's rulings: read them, propose one, attach its document, refuse it."""

from http import HTTPStatus

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.api import RulingStep, validated
from candidates.api_shapes import NewRuling, Reason, RulingAnswer
from candidates.models import Ruling
from candidates.queries import rulings_visible_to
from candidates.ruling_letters import attach_letter, refuse_ruling
from candidates.ruling_shapes import FoundRows, ListedRows
from candidates.territory import pairs_governed_by
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from supports.reopening import open_ruling, propose_ruling
from supports.rulings.named_rows import preview_named_rows
from supports.standards import key_scope
from supports.upload_api import OfPair


class RulingsView(OfPair, generics.ListAPIView):
    """Putusan, kesepakatan, dan gangguan yang memberi satu pasangan waktu tersendiri."""

    permissions = {"GET": Permission.VIEW_PAIR, "POST": Permission.MANAGE_WINDOWS}
    serializer_class = RulingAnswer
    queryset = Ruling.objects.none()

    def get_queryset(self) -> QuerySet[Ruling]:
        """The rulings about the pair."""
        rulings = rulings_visible_to(self.request.user).filter(pair=self.pair())
        return rulings.prefetch_related("windows__election")

    @extend_schema(request=NewRuling, responses={201: RulingAnswer})
    def post(self, request: Request, pair: int) -> Response:
        """Mengusulkan pembukaan kembali. Suratnya dilampirkan, lalu perlu disetujui dua orang lain di KPU RI."""
        found = self.pair()
        fields = validated(NewRuling, request.data)
        ruling = propose_ruling(found, by=request.user, **fields)
        return Response(RulingAnswer(ruling).data, status=HTTPStatus.CREATED)


class NamedRowsView(OfPair, generics.GenericAPIView):
    """Baris yang disebut satu daftar, sebelum diusulkan untuk dibuka kembali."""

    permission = Permission.MANAGE_WINDOWS
    serializer_class = ListedRows
    queryset = Ruling.objects.none()

    @extend_schema(request=ListedRows, responses=FoundRows, operation_id="pairs_rulings_rows")
    def post(self, request: Request, pair: int) -> Response:
        """Mencari baris yang disebut daftar pada satu putaran. Tidak ada yang disimpan atau diusulkan."""
        found = self.pair()
        fields = validated(ListedRows, request.data)
        named = preview_named_rows(found, fields["stage"], fields["rows"], by=request.user)
        return Response(FoundRows(named).data)


class Letter(serializers.Serializer):
    """The document of a ruling."""

    letter = serializers.FileField(required=False, help_text="PDF, JPG, atau PNG.")


class LetterView(RulingStep):
    """Dokumen surat satu usulan."""

    permissions = {"GET": Permission.VIEW_PAIR_DOCUMENTS, "POST": Permission.MANAGE_WINDOWS}
    parser_classes = [MultiPartParser]

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="rulings_letter"
    )
    def get(self, request: Request, ruling: int) -> StreamingHttpResponse:
        """Mengunduh dokumennya."""
        pairs = pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS).order_by().values("pk")
        found = Ruling.objects.filter(pair__in=pairs).exclude(attachment=None)
        ruling_read = get_object_or_404(found, pk=ruling)
        return document_response(ruling_read.attachment, of=ruling_read, by=request.user)

    @extend_schema(request=Letter, responses=RulingAnswer, operation_id="rulings_attach_letter")
    def post(self, request: Request, ruling: int) -> Response:
        """Melampirkan dokumen, atau menggantinya. Persetujuan yang sudah diberikan tidak berlaku lagi."""
        found = self.ruling()
        document = take_document(request._request, key_scope(found.pair.election), field="letter")
        with dropped_if_refused(document):
            attach_letter(found, by=request.user, letter=document)
        return Response(RulingAnswer(self.ruling()).data)


class RefuseRulingView(RulingStep):
    """Menolak usulan (KPU RI); tetap dapat dibaca beserta alasannya."""

    permission = Permission.APPROVE_RULING

    @extend_schema(request=Reason, responses=RulingAnswer, operation_id="rulings_refuse")
    def post(self, request: Request, ruling: int) -> Response:
        refused = refuse_ruling(self.ruling(), by=request.user, **validated(Reason, request.data))
        return Response(RulingAnswer(refused).data)


class OpenRulingView(RulingStep):
    """Membuka masa tersendiri pasangan itu: jamnya dihitung sejak saat ini."""

    permission = Permission.MANAGE_WINDOWS

    @extend_schema(request=None, responses=RulingAnswer, operation_id="rulings_open")
    def post(self, request: Request, ruling: int) -> Response:
        found = self.ruling()
        open_ruling(found, by=request.user)
        return Response(RulingAnswer(found).data)
