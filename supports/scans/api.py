"""Calls of the API about scans of supporters' documents: send, follow, list, look at, give a row, take off."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair
from candidates.territory import governs
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.api import TextJson
from foundation.errors import Refused
from foundation.storage import delete_file, take_file
from supports.api import page_answer, shown
from supports.api_shapes import SupportAnswer, SupportPage
from supports.findings import effects_by_code
from supports.listing import PAGE, rows_of
from supports.models import Support
from supports.queries import audience_of, incoming_visible_to, supports_visible_to
from supports.rounds import refuse_inactive
from supports.scans import api_shapes as shapes
from supports.scans import operations, queries
from supports.scans.models import Scan, ScanBatch
from supports.scans.pictures import fetch_original, look_at
from supports.scans.responses import original_response, picture_response
from supports.standards import key_scope
from supports.upload_api import JSON, MULTIPART, AnyAccept, OfPair

MOST_FAULTS = 100


class ScansView(OfPair, generics.ListAPIView):
    """Pindaian dokumen pendukung satu pasangan."""

    permissions = {"GET": Permission.VIEW_SUPPORT_SCANS, "POST": Permission.SEND_SUPPORT_SCANS}
    parser_classes = (MultiPartParser, TextJson)
    serializer_class = shapes.ScanAnswer
    queryset = Scan.objects.none()
    ordering = "id"

    @extend_schema(parameters=[shapes.ScansQuestion], operation_id="pairs_scans_list")
    def get(self, request: Request, pair: int) -> Response:
        """Satu halaman: semua, yang belum berbaris, yang berulang (isi yang sama berurutan), atau yang bermasalah."""
        found = self.pair()
        asked = validated(shapes.ScansQuestion, request.query_params)
        listed = _listed(request, found, asked)
        if asked["list"] == "repeated":
            return self._repeated(request, found, listed)
        page = self.paginate_queryset(listed)
        return self.get_paginated_response(_answers(page, found))

    def _repeated(self, request: Request, pair: Pair, listed: QuerySet[Scan]) -> Response:
        asked = validated(shapes.PageQuestion, request.query_params)
        limit = asked.get("page_size", PAGE)
        ids, *ends = queries.page_of_repeated(listed, asked["cursor"], limit)
        scans = Scan.objects.in_bulk(ids)
        return Response(page_answer(request, ends, _answers([scans[pk] for pk in ids if pk in scans], pair)))

    @extend_schema(
        request={MULTIPART: shapes.NewScans, JSON: shapes.FinishedScans},
        responses={202: shapes.BatchAnswer, 200: shapes.BatchAnswer},
        operation_id="pairs_scans_send",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Mengirim ZIP, atau satu berkas dengan barisnya. 200: kiriman yang sama sudah ada."""
        found = self.pair()
        refuse_inactive(found)
        kind = request._request.content_type or ""
        if kind not in (MULTIPART, JSON):
            raise UnsupportedMediaType(kind)
        batch, new = (_finish if kind == JSON else _take)(request, found)
        address = reverse("api_scan_batch", args=[found.pk, batch.pk], request=request)
        status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
        return Response(shapes.BatchAnswer(batch).data, status=status, headers={"Location": address})


def _answers(scans: Sequence[Scan], pair: Pair) -> list[dict[str, Any]]:
    return shapes.ScanAnswer(scans, many=True, context={"names": queries.open_names(scans, pair)}).data


def _listed(request: Request, pair: Pair, asked: dict[str, Any]) -> QuerySet[Scan]:
    found = queries.scans_visible_to(request.user, Permission.VIEW_SUPPORT_SCANS, pair)
    if "support" in asked:
        found = found.filter(support=asked["support"])
    if asked["list"] == "waiting":
        return found.filter(support=None, ended_at=None)
    if asked["list"] == "problems":
        return found.filter(ended_at=None).exclude(problems="")
    return found


def _finish(request: Request, pair: Pair) -> tuple[ScanBatch, bool]:
    """Make a file that was sent in pieces a batch. Raises Http404 for another's."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig
    asked = validated(shapes.FinishedScans, request.data)
    there = ScanBatch.objects.filter(pair=pair, incoming=asked["file"], received_by=request.user.pk).first()
    if there:
        return there, False
    mine = incoming_visible_to(request.user).filter(pair=pair, target=operations.SCANS)
    return operations.hand_in_batch(get_object_or_404(mine, pk=asked["file"]), by=request.user)


def _take(request: Request, pair: Pair) -> tuple[ScanBatch, bool]:
    """Seal the body's file while it arrives. Refuses; raises Http404 for a row of another pair."""
    plain = request._request
    file = take_file(plain, key_scope(pair.election), limit=settings.UPLOAD_LIMIT_BYTES)
    try:
        told = _told(plain)
        row = _row(request, pair, told["support"]) if "support" in told else None
    except (Refused, APIException, Http404):
        delete_file(file.stored_file)
        raise
    return operations.receive_batch(pair, by=request.user, file=file, kind=told.get("kind", ""), support=row)


def _told(plain: HttpRequest) -> dict[str, Any]:
    fields = {name: plain.POST[name] for name in ("kind", "support") if plain.POST.get(name)}
    form = shapes.NewScans(data=fields)
    form.fields.pop("file")
    form.is_valid(raise_exception=True)
    return form.validated_data


def _row(request: Request, pair: Pair, support_id: int) -> Support:
    rows = supports_visible_to(request.user, Permission.SEND_SUPPORT_SCANS)
    return get_object_or_404(rows.select_related("submission__pair"), pk=support_id, submission__pair=pair)


class MissingScansView(OfPair, APIView):
    """Baris putaran terakhir yang belum ada pindaiannya."""

    permission = Permission.VIEW_SUPPORT_SCANS

    @extend_schema(
        parameters=[shapes.MissingQuestion], responses=SupportPage, operation_id="pairs_scans_missing"
    )
    def get(self, request: Request, pair: int) -> Response:
        """Satu halaman menurut wilayah: tanpa pindaian apa pun, tanpa surat pernyataan, atau tanpa KTP-el."""
        found = self.pair()
        if not governs(request.user, Permission.VIEW_SUPPORT_SCANS, found):
            raise Http404
        asked = validated(shapes.MissingQuestion, request.query_params)
        submission = queries.latest_round(request.user, found)
        if submission is None:
            return Response(page_answer(request, [None, None], []))
        limit = asked.get("page_size", PAGE)
        ids, *ends = queries.page_without_scan(submission, asked["document"], asked["cursor"], limit)
        effects = effects_by_code(submission)
        rows = rows_of(ids, submission, audience_of(request.user, found))
        answers = SupportAnswer([shown(row, effects) for row in rows], many=True).data
        return Response(page_answer(request, ends, answers))


class BatchesView(OfPair, generics.ListAPIView):
    """Kiriman pindaian satu pasangan, yang terbaru di depan."""

    permission = Permission.SEND_SUPPORT_SCANS
    serializer_class = shapes.BatchAnswer
    queryset = ScanBatch.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[ScanBatch]:
        """The pair's."""
        return queries.batches_of(self.pair())


class BatchView(OfPair, APIView):
    """Satu kiriman pindaian."""

    permission = Permission.SEND_SUPPORT_SCANS

    @extend_schema(responses=shapes.BatchWithFaultsAnswer, operation_id="pairs_scan_batch")
    def get(self, request: Request, pair: int, batch: int) -> Response:
        """Kemajuannya, dan berkas yang bukan pindaian (paling banyak 100) beserta sebabnya."""
        found = get_object_or_404(queries.batches_of(self.pair()), pk=batch)
        found.faults = list(queries.faults_of(found)[:MOST_FAULTS])
        names = queries.open_names(found.faults, found.pair)
        return Response(shapes.BatchWithFaultsAnswer(found, context={"names": names}).data)


class OfScan:
    """Calls about one scan, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def scan(self) -> Scan:
        """The scan of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        return queries.scan_or_404(self.request.user, permission, self.kwargs["scan"])

    def answer(self, scan: Scan) -> Response:
        """The scan as it now is."""
        scan.refresh_from_db()
        context = {"names": queries.open_names([scan], scan.pair)}
        return Response(shapes.ScanAnswer(scan, context=context).data)


class ScanView(OfScan, APIView):
    """Satu pindaian."""

    permission = Permission.VIEW_SUPPORT_SCANS

    @extend_schema(responses=shapes.ScanAnswer, operation_id="scans_retrieve")
    def get(self, request: Request, scan: int) -> Response:
        """Jenis, baris, dan masalahnya; gambarnya di pages/."""
        return self.answer(self.scan())


class PlaceScanView(OfScan, APIView):
    """Menempatkan pindaian pada barisnya, atau melepasnya."""

    permission = Permission.SEND_SUPPORT_SCANS

    @extend_schema(request=shapes.PlaceQuestion, responses=shapes.ScanAnswer, operation_id="scans_place")
    def post(self, request: Request, scan: int) -> Response:
        """Menempatkan pindaian yang belum berbaris."""
        found = self.scan()
        asked = validated(shapes.PlaceQuestion, request.data)
        row = _row(request, found.pair, asked["support"])
        operations.place_scan(found, row, by=request.user, kind=asked.get("kind", ""))
        return self.answer(found)

    @extend_schema(request=None, responses=shapes.ScanAnswer, operation_id="scans_take_off")
    def delete(self, request: Request, scan: int) -> Response:
        """Melepas pindaian dari barisnya; pindaiannya tetap tersimpan."""
        found = self.scan()
        operations.take_scan_off(found, by=request.user)
        return self.answer(found)


class PageView(OfScan, APIView):
    """Satu halaman pindaian sebagai gambar bertanda air: nama yang melihat dan waktunya."""

    permission = Permission.VIEW_SUPPORT_SCANS
    content_negotiation_class = AnyAccept

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY}, operation_id="scans_page")
    def get(self, request: Request, scan: int, page: int) -> HttpResponse:
        return picture_response(look_at(self.scan(), page, by=request.user))


class OriginalView(OfScan, APIView):
    """Berkas asli sebuah pindaian, seperti yang dikirim."""

    permission = Permission.FETCH_SUPPORT_SCANS
    content_negotiation_class = AnyAccept

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="scans_original"
    )
    def get(self, request: Request, scan: int) -> StreamingHttpResponse:
        found = self.scan()
        return original_response(found, fetch_original(found, by=request.user))
