"""Calls of the API about signed scans of forms, and about papers asked for all at once."""

from http import HTTPStatus

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from foundation.errors import Refused
from foundation.web import ZIP, zip_response
from supports.models import PaperBundle, PaperScan
from supports.paper_api import FormsQuestion, OfRound
from supports.papers.bundles import bundles_of, name_of, open_bundle, request_bundle
from supports.papers.printing import paper_or_refuse
from supports.papers.scans import (
    refuse_scans,
    scan_response,
    scans_of,
    scans_visible_to,
    send_scan,
    withdraw_scan,
)
from supports.standards import key_scope
from supports.upload_api import AnyAccept


class PaperScanAnswer(serializers.Serializer):
    """One scan of a signed form."""

    id = serializers.IntegerField()
    form = serializers.CharField(source="purpose")
    name = serializers.CharField(source="attachment.name")
    kind = serializers.CharField(source="attachment.kind")
    pages = serializers.IntegerField(source="attachment.pages")
    size = serializers.IntegerField(source="attachment.stored_file.size")
    sha256 = serializers.CharField(source="attachment.stored_file.sha256")
    rows = serializers.IntegerField(help_text="Jumlah baris pada cetakan yang ditandatangani.")
    sent_at = serializers.DateTimeField()


class ScanQuestion(serializers.Serializer):
    """A scan to be kept."""

    document = serializers.FileField(help_text="PDF, JPG, atau PNG.")
    replaces = serializers.IntegerField(required=False, help_text="Id pindaian yang digantikan.")


class BundleAnswer(serializers.Serializer):
    """Papers asked for as one ZIP."""

    id = serializers.IntegerField()
    area = serializers.IntegerField(help_text="0: semua formulir dan daftar.")
    state = serializers.CharField(source="job.state", default="done")
    done = serializers.IntegerField(source="job.done", default=0)
    total = serializers.IntegerField(source="rows")
    papers = serializers.IntegerField()
    error = serializers.CharField(source="job.error_message", default="")
    expires_at = serializers.DateTimeField(source="file.expires_at", allow_null=True, default=None)


class ScansView(OfRound, APIView):
    """Pindaian bertanda tangan satu formulir."""

    permissions = {"GET": Permission.VIEW_PAPERS, "POST": Permission.SEND_SCANS}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        parameters=[FormsQuestion], responses=PaperScanAnswer(many=True), operation_id="pairs_form_scans"
    )
    def get(self, request: Request, pair: int, form: str) -> Response:
        """Yang berlaku sekarang, menurut urutan dikirim."""
        submission, _asked = self.round_asked(FormsQuestion)
        return Response(PaperScanAnswer(scans_of(submission).get(form, []), many=True).data)

    @extend_schema(
        parameters=[FormsQuestion],
        request={"multipart/form-data": ScanQuestion},
        responses={201: PaperScanAnswer},
        operation_id="pairs_form_scans_send",
    )
    def post(self, request: Request, pair: int, form: str) -> Response:
        """Menyimpan satu berkas; dengan replaces, berkas lama tetap tersimpan sebagai riwayat."""
        submission, _asked = self.round_asked(FormsQuestion)
        refuse_scans(submission)
        paper_or_refuse(submission, form)
        plain = request._request
        document = take_document(plain, key_scope(submission.pair.election))
        with dropped_if_refused(document):
            replaces = None
            if text := plain.POST.get("replaces"):
                visible = scans_visible_to(request.user, Permission.SEND_SCANS, submission.pair)
                replaces = get_object_or_404(visible, pk=_id(text), submission=submission)
            scan = send_scan(submission, form, by=request.user, document=document, replaces=replaces)
        return Response(PaperScanAnswer(scan).data, status=HTTPStatus.CREATED)


class ScanView(OfRound, APIView):
    """Satu pindaian."""

    permissions = {"GET": Permission.VIEW_PAPERS, "DELETE": Permission.SEND_SCANS}
    content_negotiation_class = AnyAccept

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="pairs_scan"
    )
    def get(self, request: Request, pair: int, scan: int) -> StreamingHttpResponse:
        """Berkas seperti yang dikirim."""
        return scan_response(self.scan(), by=request.user)

    @extend_schema(request=None, responses={204: None}, operation_id="pairs_scan_withdraw")
    def delete(self, request: Request, pair: int, scan: int) -> Response:
        """Menarik pindaian; berkasnya tetap tersimpan sebagai riwayat."""
        withdraw_scan(self.scan(), by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)

    def scan(self) -> PaperScan:
        """The scan of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        visible = scans_visible_to(self.request.user, permission, self.pair())
        return get_object_or_404(visible, pk=self.kwargs["scan"])


class BundlesView(OfRound, APIView):
    """Semua formulir dan daftar, atau daftar satu wilayah, sebagai satu ZIP yang disimpan 24 jam."""

    permission = Permission.PRINT_PAPERS

    @extend_schema(
        parameters=[FormsQuestion], responses=BundleAnswer(many=True), operation_id="pairs_form_zips"
    )
    def get(self, request: Request, pair: int) -> Response:
        """Yang sedang dibuat dan yang masih disimpan."""
        submission, _asked = self.round_asked(FormsQuestion)
        return Response(BundleAnswer(bundles_of(submission), many=True).data)

    @extend_schema(
        parameters=[FormsQuestion],
        request=None,
        responses={202: BundleAnswer},
        operation_id="pairs_form_zips_ask",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Menyiapkan ZIP; yang sama dan sedang dibuat dijawab kembali."""
        submission, asked = self.round_asked(FormsQuestion)
        bundle = request_bundle(submission, by=request.user, area=asked.get("area", 0))
        return Response(BundleAnswer(bundle).data, status=HTTPStatus.ACCEPTED)


class BundleView(OfRound, APIView):
    """Satu ZIP."""

    permission = Permission.PRINT_PAPERS
    content_negotiation_class = AnyAccept

    @extend_schema(responses={(200, ZIP): OpenApiTypes.BINARY}, operation_id="pairs_form_zip")
    def get(self, request: Request, pair: int, bundle: int) -> StreamingHttpResponse:
        """Berkasnya; 409 selama belum selesai dan setelah dihapus."""
        rounds = self.rounds().values("pk")
        visible = PaperBundle.objects.filter(submission__in=rounds).select_related("file", "submission__pair")
        found = get_object_or_404(visible, pk=bundle)
        return zip_response(open_bundle(found, by=request.user), found.file.size, name_of(found))


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        message = _("Isian “replaces” bukan id pindaian, sehingga tidak ada yang disimpan.")
        raise Refused("replaces_unknown", message, "replaces")
    return int(text)
