"""Calls of the API about voter lists: send (also in pieces), follow, list, remove the rows of one."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Election
from candidates.queries import key_scope
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.api import TextJson
from foundation.storage import take_file
from supports import tus
from supports.file_api import CHECKSUM, PIECE, RESUMABLE, header
from supports.models import IncomingFile
from supports.upload_api import JSON, MULTIPART, AnyAccept
from verification.rolls import api_shapes as shapes
from verification.rolls import operations, queries
from verification.rolls.models import Roll


class OfElection:
    """Calls below one election, whose lists must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def election(self) -> Election:
        """The election of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        elections = queries.elections_with_rolls(self.request.user, permission)
        return get_object_or_404(elections, pk=self.kwargs["election"])


class RollsView(OfElection, generics.ListAPIView):
    """Daftar pemilih (DPT dan DP4) satu pemilihan, yang terbaru di depan."""

    permissions = {"GET": Permission.VIEW_ROLLS, "POST": Permission.LOAD_ROLLS}
    parser_classes = (MultiPartParser, TextJson)
    serializer_class = shapes.RollAnswer
    queryset = Roll.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Roll]:
        """Those of the election."""
        return queries.rolls_visible_to(self.request.user).filter(election=self.election())

    @extend_schema(
        request={MULTIPART: shapes.NewRoll, JSON: shapes.FinishedRoll},
        responses={202: shapes.RollAnswer, 200: shapes.RollAnswer},
        operation_id="elections_rolls_create",
    )
    def post(self, request: Request, election: int) -> Response:
        """Memuat daftar. 200: berkas yang sama sudah ada. Ikuti kemajuannya di alamat Location."""
        found = self.election()
        kind = request._request.content_type or ""
        if kind not in (MULTIPART, JSON):
            raise UnsupportedMediaType(kind)
        roll, new = (_finish if kind == JSON else _take)(request, found)
        address = reverse("api_roll", args=[roll.pk], request=request)
        status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
        return Response(shapes.RollAnswer(roll).data, status=status, headers={"Location": address})


def _finish(request: Request, election: Election) -> tuple[Roll, bool]:
    """Have a list that was sent in pieces loaded. Raises Http404 for another's."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise RequestDataTooBig
    asked = validated(shapes.FinishedRoll, request.data)
    there = Roll.objects.filter(election=election, incoming=asked["file"], received_by=request.user.pk)
    if (roll := there.first()) is not None:
        return roll, False
    mine = queries.incoming_rolls(request.user).filter(election=election)
    return operations.hand_in_roll(get_object_or_404(mine, pk=asked["file"]), by=request.user)


def _take(request: Request, election: Election) -> tuple[Roll, bool]:
    """Seal the body's file while it arrives, then hand it in. Refuses."""
    plain = request._request
    file = take_file(plain, key_scope(election), limit=settings.UPLOAD_LIMIT_BYTES)
    return operations.receive_roll(election, by=request.user, kind=plain.POST.get("kind", ""), file=file)


class RollView(APIView):
    """Satu daftar pemilih."""

    permissions = {"GET": Permission.VIEW_ROLLS, "DELETE": Permission.LOAD_ROLLS}

    def roll(self) -> Roll:
        """The list of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        return get_object_or_404(
            queries.rolls_visible_to(self.request.user, permission), pk=self.kwargs["roll"]
        )

    @extend_schema(responses=shapes.RollAnswer, operation_id="rolls_retrieve")
    def get(self, request: Request, roll: int) -> Response:
        """Keadaan dan kemajuannya; berapa baris dibaca, dimuat, tanpa NIK, dan berulang."""
        return Response(shapes.RollAnswer(self.roll()).data)

    @extend_schema(
        parameters=[shapes.RemoveQuestion],
        request=None,
        responses={202: shapes.RollAnswer},
        operation_id="rolls_remove",
    )
    def delete(self, request: Request, roll: int) -> Response:
        """Menghapus barisnya dan berkasnya; catatan bahwa daftar ini pernah dimuat tetap."""
        found = self.roll()
        asked = validated(shapes.RemoveQuestion, request.query_params)
        removed = operations.remove_roll(found, by=request.user, count=asked["count"])
        removed.refresh_from_db()
        return Response(shapes.RollAnswer(removed).data, status=HTTPStatus.ACCEPTED)


class SpeaksTus(OfElection):
    """Calls whose every answer bears the headers of the protocol."""

    content_negotiation_class = AnyAccept

    def finalize_response(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer, signed."""
        return tus.sign(super().finalize_response(*args, **kwargs))

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is understood here."""
        return tus.tell_abilities()


class RollFilesView(SpeaksTus, APIView):
    """Daftar pemilih yang dikirim sepotong-sepotong menurut protokol tus 1.0."""

    permission = Permission.LOAD_ROLLS

    @extend_schema(
        operation_id="elections_rolls_files_create",
        parameters=[
            shapes.KindQuestion,
            RESUMABLE,
            header("Upload-Length", "Besar berkas dalam byte.", required=True),
            header("Upload-Metadata", "filename; sha256 (heksadesimal) bila diketahui; nilainya Base64."),
            CHECKSUM,
        ],
        request=PIECE,
        responses={201: shapes.IncomingRollAnswer},
    )
    def post(self, request: Request, election: int) -> Response:
        """Menyatakan daftar yang akan dikirim; potongan pertama boleh disertakan. Alamatnya di Location."""
        found = self.election()
        asked = validated(shapes.KindQuestion, request.query_params)
        made = tus.create(request._request, found, by=request.user, target=asked["kind"])
        address = reverse("api_roll_file", args=[election, made.pk], request=request)
        headers = {**tus.state_of(made), "Location": address}
        return Response(shapes.IncomingRollAnswer(made).data, status=HTTPStatus.CREATED, headers=headers)


class RollFileView(SpeaksTus, APIView):
    """Satu daftar yang dikirim sepotong-sepotong."""

    permissions = {
        "GET": Permission.LOAD_ROLLS,
        "PATCH": Permission.LOAD_ROLLS,
        "DELETE": Permission.LOAD_ROLLS,
    }

    def file(self) -> IncomingFile:
        """The user's file of the address. Raises Http404."""
        found = queries.incoming_rolls(self.request.user).filter(election=self.election())
        return get_object_or_404(found, pk=self.kwargs["file"])

    @extend_schema(responses=shapes.IncomingRollAnswer, operation_id="elections_rolls_files_retrieve")
    def get(self, request: Request, election: int, file: int) -> Response:
        """Sampai byte ke berapa daftar sudah diterima. HEAD: hal yang sama di header."""
        found = self.file()
        return Response(shapes.IncomingRollAnswer(found).data, headers=tus.state_of(found))

    def head(self, request: Request, election: int, file: int) -> HttpResponse:
        """How far the file is."""
        return tus.tell_offset(request._request, self.file())

    @extend_schema(
        operation_id="elections_rolls_files_piece",
        parameters=[
            RESUMABLE,
            header("Upload-Offset", "Byte pertama potongan ini, seperti jawaban HEAD.", required=True),
            CHECKSUM,
        ],
        request=PIECE,
        responses={204: None},
    )
    def patch(self, request: Request, election: int, file: int) -> HttpResponse:
        """Potongan berikutnya; yang sempat tiba sebelum terputus tetap disimpan."""
        return tus.take_piece(request._request, self.file())

    @extend_schema(
        operation_id="elections_rolls_files_withdraw",
        parameters=[RESUMABLE],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, election: int, file: int) -> HttpResponse:
        """Membatalkan daftar yang belum dimuat; semua byte-nya dihapus."""
        return tus.withdraw(request._request, self.file(), by=request.user)
