"""Calls of the API about files that are sent in pieces (tus 1.0); an upload of the pair takes one over."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from foundation.accounts.matrix import Permission
from supports import api_shapes as shapes
from supports import tus
from supports.models import IncomingFile
from supports.queries import incoming_visible_to
from supports.upload_api import AnyAccept, OfPair


def header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=description)


RESUMABLE = header("Tus-Resumable", "1.0.0", required=True)
CHECKSUM = header("Upload-Checksum", "sha1 atau sha256, spasi, lalu Base64 dari sidik isi potongan.")
PIECE = {tus.PIECE_TYPE: OpenApiTypes.BINARY}


class SpeaksTus(OfPair):
    """Calls whose every answer bears the headers of the protocol."""

    content_negotiation_class = AnyAccept

    def finalize_response(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer, signed."""
        return tus.sign(super().finalize_response(*args, **kwargs))

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is understood here."""
        return tus.tell_abilities()


class FilesView(SpeaksTus, generics.ListAPIView):
    """Berkas yang dikirim sepotong-sepotong menurut protokol tus 1.0."""

    permissions = {"GET": Permission.UPLOAD, "POST": Permission.UPLOAD}
    serializer_class = shapes.IncomingAnswer
    queryset = IncomingFile.objects.none()
    ordering = "-id"

    def get_queryset(self) -> Any:
        """The user's files of the pair that have not become uploads."""
        return incoming_visible_to(self.request.user).filter(pair=self.pair(), upload=None)

    @extend_schema(operation_id="pairs_files_list")
    def get(self, request: Request, pair: int) -> Response:
        """Berkas sendiri yang belum selesai dikirim atau belum diserahkan untuk dimuat."""
        return self.list(request)

    @extend_schema(
        operation_id="pairs_files_create",
        parameters=[
            RESUMABLE,
            header("Upload-Length", "Besar berkas dalam byte.", required=True),
            header(
                "Upload-Metadata",
                "filename; sha256 (heksadesimal) bila diketahui; target round (bawaan) atau pool; nilainya Base64.",
            ),
            CHECKSUM,
        ],
        request=PIECE,
        responses={201: shapes.IncomingAnswer},
    )
    def post(self, request: Request, pair: int) -> Response:
        """Menyatakan berkas yang akan dikirim; potongan pertama boleh disertakan. Alamatnya di Location."""
        made = tus.create(request._request, self.pair(), by=request.user)
        address = reverse("api_file", args=[pair, made.pk], request=request)
        headers = {**tus.state_of(made), "Location": address}
        return Response(shapes.IncomingAnswer(made).data, status=HTTPStatus.CREATED, headers=headers)


class FileView(SpeaksTus, APIView):
    """Satu berkas yang dikirim sepotong-sepotong."""

    permissions = {"GET": Permission.UPLOAD, "PATCH": Permission.UPLOAD, "DELETE": Permission.UPLOAD}

    def file(self) -> IncomingFile:
        """The user's file of the address. Raises Http404."""
        found = incoming_visible_to(self.request.user).filter(pair=self.pair())
        return get_object_or_404(found, pk=self.kwargs["file"])

    @extend_schema(responses=shapes.IncomingAnswer, operation_id="pairs_files_retrieve")
    def get(self, request: Request, pair: int, file: int) -> Response:
        """Sampai byte ke berapa berkas sudah diterima. HEAD: hal yang sama di header."""
        found = self.file()
        return Response(shapes.IncomingAnswer(found).data, headers=tus.state_of(found))

    def head(self, request: Request, pair: int, file: int) -> HttpResponse:
        """How far the file is."""
        return tus.tell_offset(request._request, self.file())

    @extend_schema(
        operation_id="pairs_files_piece",
        parameters=[
            RESUMABLE,
            header("Upload-Offset", "Byte pertama potongan ini, seperti jawaban HEAD.", required=True),
            CHECKSUM,
        ],
        request=PIECE,
        responses={204: None},
    )
    def patch(self, request: Request, pair: int, file: int) -> HttpResponse:
        """Potongan berikutnya; yang sempat tiba sebelum terputus tetap disimpan."""
        return tus.take_piece(request._request, self.file())

    @extend_schema(
        operation_id="pairs_files_withdraw", parameters=[RESUMABLE], request=None, responses={204: None}
    )
    def delete(self, request: Request, pair: int, file: int) -> HttpResponse:
        """Membatalkan berkas yang belum menjadi unggahan; semua byte-nya dihapus."""
        return tus.withdraw(request._request, self.file(), by=request.user)
