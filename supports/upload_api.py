"""Calls of the API about a team's files: hand in, follow, map, try again, stop, throw away, fetch the report."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair
from foundation.accounts.matrix import Permission
from foundation.api import TextJson, refuse_half_characters
from foundation.errors import Refused
from foundation.storage import delete_file, take_file
from foundation.web import WORKBOOK, csv_response, workbook_response
from supports import api_shapes as shapes
from supports import operations, rounds
from supports.incoming import hand_in_file
from supports.models import Submission, Upload
from supports.queries import audience_of, incoming_visible_to, uploads_visible_to
from supports.repeat_api import upload_to_replace
from supports.report import download_report
from supports.report_workbook import download_workbook
from supports.standards import key_scope
from supports.template import FILE_NAME, template_of
from supports.upload_of_api import OfPair, OfUpload, shown

MULTIPART, JSON = "multipart/form-data", "application/json"
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Paling panjang 100 karakter. Kiriman ulang dengan kunci yang sama tidak membuat unggahan baru.",
)


TARGET = OpenApiParameter(
    "target", str, enum=Submission.Kind.values, description="round (bawaan) atau pool: Cadangan dukungan."
)


def target_of(request: Request) -> str | None:
    """Where rows are to go, if the address says so."""
    return request.query_params.get("target")


class UploadsView(OfPair, generics.ListAPIView):
    """Unggahan satu pasangan, yang terbaru di depan."""

    permissions = {"GET": Permission.VIEW_UPLOADS, "POST": Permission.UPLOAD}
    parser_classes = (MultiPartParser, TextJson)
    serializer_class = shapes.UploadAnswer
    queryset = Upload.objects.none()
    ordering = "-id"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of the pair's uploads that the user may see."""
        pair = self.pair()
        uploads = uploads_visible_to(request.user).filter(submission__pair=pair)
        page = self.paginate_queryset(uploads.select_related("job", "submission"))
        return self.get_paginated_response(shown(page, request.user, pair))

    @extend_schema(
        request={"multipart/form-data": shapes.NewUpload, JSON: shapes.FinishedFile},
        parameters=[IDEMPOTENCY_KEY, TARGET],
        responses={202: shapes.UploadAnswer, 200: shapes.UploadAnswer},
        operation_id="pairs_uploads_create",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Mengunggah berkas dukungan. 200: berkas yang sama sudah ada. Ikuti kemajuannya di alamat Location."""
        target = self.pair()
        kind = _kind_of(request)
        key = operations.checked_key(request.headers.get("Idempotency-Key", ""))
        upload, new = operations.find_upload(target, key), False
        if upload is None and kind == JSON:
            upload, new = _hand_in(request, target, key)
        elif upload is None:
            rounds.may_send(target, target_of(request))
            upload, new = _receive(request, target, key)
        answer = shown([upload], request.user, target)[0]
        address = reverse("api_upload", args=[upload.pk], request=request)
        status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
        return Response(answer, status=status, headers={"Location": address})


def _kind_of(request: Request) -> str:
    """What the body is: a form with a file, or JSON that names one. Raises UnsupportedMediaType."""
    kind = request._request.content_type or ""
    if kind not in (MULTIPART, JSON):
        raise UnsupportedMediaType(kind)
    return kind


def _hand_in(request: Request, pair: Pair, key: str) -> tuple[Upload, bool]:
    """Make a file that was sent in pieces an upload of the pair. Raises Http404 for another's."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig
    asked = validated(shapes.FinishedFile, request.data)
    replaces = upload_to_replace(request.data, request.user, pair)
    mine = (
        incoming_visible_to(request.user)
        .filter(pair=pair)
        .select_related("upload__submission", "upload__job")
    )
    incoming = get_object_or_404(mine, pk=asked["file"])
    place = asked.get("target") or target_of(request) or incoming.target
    wanted = {"mapping": asked["mapping"], "replaces": replaces}
    return hand_in_file(incoming, by=request.user, idempotency_key=key, target=place, **wanted)


def _receive(request: Request, pair: Pair, key: str) -> tuple[Upload, bool]:
    """Seal the body's file while it arrives, then hand it in with the mapping sent before or after it."""
    plain = request._request
    file = take_file(plain, key_scope(pair.election), limit=settings.UPLOAD_LIMIT_BYTES)
    try:
        mapping = _mapping_of(plain)
        replaces = upload_to_replace(plain.POST, request.user, pair)
    except (Refused, APIException, Http404):
        delete_file(file.stored_file)
        raise
    place = plain.POST.get("target") or target_of(request) or Submission.Kind.ROUND
    wanted = {"mapping": mapping, "replaces": replaces}
    return operations.receive_upload(
        pair, by=request.user, file=file, idempotency_key=key, target=place, **wanted
    )


def _mapping_of(request: HttpRequest) -> dict[str, Any]:
    """The form field ``mapping``. Refuses what is no JSON object of texts."""
    text = request.POST.get("mapping") or "{}"
    try:
        return validated(shapes.Mapping, {"mapping": refuse_half_characters(json.loads(text))})["mapping"]
    except (ValueError, APIException) as error:
        message = _(
            "Isian “mapping” bukan objek JSON berisi teks, sehingga berkas tidak disimpan. "
            "Contoh: {“nik”: “No. KTP”} dengan tanda kutip ganda biasa."
        )
        raise Refused("mapping_unreadable", message, "mapping") from error


class UploadView(OfUpload, APIView):
    """Satu unggahan."""

    permissions = {"GET": Permission.VIEW_UPLOADS, "DELETE": Permission.UPLOAD}

    @extend_schema(responses=shapes.UploadAnswer, operation_id="uploads_retrieve")
    def get(self, request: Request, upload: int) -> Response:
        """Status, kemajuan, jumlah baris dan temuan satu unggahan."""
        return self.answer(self.upload())

    @extend_schema(
        request=None, responses={202: shapes.UploadAnswer, 204: None}, operation_id="uploads_discard"
    )
    def delete(self, request: Request, upload: int) -> Response:
        """Membuang unggahan: barisnya dihapus dan jumlah dihitung ulang. Selama dimuat: menghentikan pemuatan."""
        found = self.upload()
        if found.status == "received":
            operations.cancel_upload(found, by=request.user)
            return self.answer(self.upload(), HTTPStatus.ACCEPTED)
        if found.status != "discarded":
            operations.discard_upload(found, by=request.user)
        if found.status == "loaded":
            return self.answer(found, HTTPStatus.ACCEPTED)
        return Response(status=HTTPStatus.NO_CONTENT)


class MapUploadView(OfUpload, APIView):
    """Pemetaan kolom bagi unggahan yang memerlukannya; berkas tidak dikirim ulang."""

    permission = Permission.UPLOAD

    @extend_schema(
        request=shapes.Mapping, responses={202: shapes.UploadAnswer}, operation_id="uploads_mapping"
    )
    def post(self, request: Request, upload: int) -> Response:
        """Memuat berkas dengan pemetaan ini. Bila sudah dimuat: unggahan baru (Location) menggantikannya."""
        found = self.upload()
        loading = operations.map_upload(found, by=request.user, **validated(shapes.Mapping, request.data))
        answer = self.answer(loading, HTTPStatus.ACCEPTED)
        answer.headers["Location"] = reverse("api_upload", args=[loading.pk], request=request)
        return answer


class CancelUploadView(OfUpload, APIView):
    """Menghentikan pemuatan; tidak ada baris yang disimpan."""

    permission = Permission.UPLOAD

    @extend_schema(request=None, responses={202: shapes.UploadAnswer}, operation_id="uploads_cancel")
    def post(self, request: Request, upload: int) -> Response:
        operations.cancel_upload(self.upload(), by=request.user)
        return self.answer(self.upload(), HTTPStatus.ACCEPTED)


class RetryUploadView(OfUpload, APIView):
    """Memuat ulang unggahan yang gagal, dari berkas yang sudah diterima."""

    permission = Permission.UPLOAD

    @extend_schema(request=None, responses={202: shapes.UploadAnswer}, operation_id="uploads_retry")
    def post(self, request: Request, upload: int) -> Response:
        found = self.upload()
        operations.retry_upload(found, by=request.user)
        return self.answer(found, HTTPStatus.ACCEPTED)


class AnyAccept(DefaultContentNegotiation):
    """A file is what it is, and errors are JSON: ``Accept: text/csv`` is no mistake here."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The first one."""
        return renderers[0], renderers[0].media_type


class TemplateView(OfPair, APIView):
    """Templat XLSX untuk diisi: kolom yang dikenali, dengan daftar pilihan wilayah pemilihannya."""

    permission = Permission.VIEW_UPLOADS
    content_negotiation_class = AnyAccept

    @extend_schema(responses={(200, WORKBOOK): OpenApiTypes.BINARY}, operation_id="pairs_template")
    def get(self, request: Request, pair: int) -> HttpResponse:
        return workbook_response(template_of(self.pair().election), FILE_NAME)


class UploadReportView(OfUpload, APIView):
    """Laporan satu unggahan: kolom asli dengan temuan di depannya; dapat dibenahi dan diunggah kembali."""

    permission = Permission.VIEW_REPORT
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[shapes.ReportQuestion],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        operation_id="uploads_report",
    )
    def get(self, request: Request, upload: int) -> StreamingHttpResponse:
        found = self.upload()
        asked = validated(shapes.ReportQuestion, request.query_params)
        audience = audience_of(request.user, found.submission.pair)
        pieces = download_report(found, by=request.user, audience=audience, everything=asked["rows"] == "all")
        return csv_response(pieces, f"laporan-unggahan-{found.pk}.csv")


class UploadWorkbookView(OfUpload, APIView):
    """Laporan yang sama sebagai buku kerja, paling banyak 100.000 baris; sel yang bertemuan diwarnai."""

    permission = Permission.VIEW_REPORT
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[shapes.ReportQuestion],
        responses={(200, WORKBOOK): OpenApiTypes.BINARY},
        operation_id="uploads_report_workbook",
    )
    def get(self, request: Request, upload: int) -> HttpResponse:
        found = self.upload()
        asked = validated(shapes.ReportQuestion, request.query_params)
        audience = audience_of(request.user, found.submission.pair)
        content = download_workbook(
            found, by=request.user, audience=audience, everything=asked["rows"] == "all"
        )
        return workbook_response(content, f"laporan-unggahan-{found.pk}.xlsx")
