"""Calls of the API about personal data: the public ones, and those of who handles requests."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Election
from candidates.queries import elections_announced
from candidates.territory import elections_governed_by
from foundation.accounts.access import may
from foundation.accounts.links import digest_of
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.workflow.table import DATA_REQUEST
from supports.privacy import api_shapes as shapes
from supports.privacy import copies, operations
from supports.privacy.attempts import count_check
from supports.privacy.copy_responses import copy_response
from supports.privacy.filing_forms import Filing
from supports.privacy.links import open_link
from supports.privacy.models import DataRequest
from supports.privacy.people import is_listed, person_of
from supports.privacy.queries import requests_visible_to, rows_of_request
from supports.privacy.sealing import open_answer

MULTIPART = "multipart/form-data"
NO_STORE = {"Cache-Control": "no-store"}
ELECTION = OpenApiParameter("election", int, required=True, description="Id pemilihan yang datanya dimaksud.")


class OwnDataCheckView(APIView):
    """Apakah NIK sendiri tercatat sebagai pendukung: ya atau tidak, tanpa nama dan tanpa pasangan. Dibatasi."""

    permission = Permission.CHECK_OWN_DATA

    @extend_schema(
        request=shapes.OwnDataQuestion,
        responses=shapes.OwnDataAnswer,
        auth=[],
        operation_id="own_data_check",
    )
    def post(self, request: Request) -> Response:
        asked = validated(shapes.OwnDataQuestion, request.data)
        person = person_of(asked["nik"], asked["birth_date"])
        count_check(request._request, person.nik)
        return Response({"listed": is_listed(person)}, headers=NO_STORE)


class OwnDataRequestView(APIView):
    """Keadaan permohonan sendiri dan jawabannya, dengan kunci dari tautan pribadinya."""

    permission = Permission.REQUEST_OWN_DATA

    @extend_schema(
        request=shapes.OwnKey, responses=shapes.OwnDataRequest, auth=[], operation_id="own_data_request"
    )
    def post(self, request: Request) -> Response:
        return Response(shapes.OwnDataRequest(told_to_its_person(_of_key(request))).data, headers=NO_STORE)


class OwnDataCopyView(APIView):
    """Salinan data sendiri, selama tujuh hari setelah permohonannya dipenuhi."""

    permission = Permission.REQUEST_OWN_DATA

    @extend_schema(
        request=shapes.OwnKey, responses={200: OpenApiTypes.OBJECT}, auth=[], operation_id="own_data_copy"
    )
    def post(self, request: Request) -> HttpResponse:
        return copy_response(copies.own_copy(_of_key(request), copies.JSON))


def _of_key(request: Request) -> DataRequest:
    return open_link(digest_of(validated(shapes.OwnKey, request.data)["key"]))


def told_to_its_person(found: DataRequest) -> dict[str, Any]:
    """Where a request stands and what was answered, for whoever holds its link."""
    names = ("kind", "status", "election_id", "received_at", "due_at", "decided_at", "readable_until")
    return {"id": found.pk, **{name: getattr(found, name) for name in names}, "answer": open_answer(found)}


class DataRequestsView(generics.ListAPIView):
    """Permohonan data pribadi di wilayah sendiri."""

    permissions = {"GET": Permission.HANDLE_DATA_REQUESTS, "POST": Permission.REQUEST_OWN_DATA}
    parser_classes = (MultiPartParser,)
    serializer_class = shapes.DataRequestAnswer
    queryset = DataRequest.objects.none()
    ordering = ("due_at", "id")

    def get_queryset(self) -> QuerySet[DataRequest]:
        """Those of the territory, of one status if the address names one; the most urgent first."""
        found = requests_visible_to(self.request.user)
        status = self.request.query_params.get("status")
        return found.filter(status=status) if status in DATA_REQUEST.states else found

    @extend_schema(parameters=[OpenApiParameter("status", str, enum=list(DATA_REQUEST.states))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={MULTIPART: shapes.NewDataRequest},
        parameters=[ELECTION],
        responses={201: shapes.FiledDataRequest},
        auth=[],
        operation_id="data_requests_create",
    )
    def post(self, request: Request) -> Response:
        """Mengajukan permohonan, tanpa akun. Petugas KPU yang memakai tokennya mencatat permohonan di loket."""
        plain = request._request
        if plain.content_type != MULTIPART:
            raise UnsupportedMediaType(plain.content_type or "")
        election, by = _election_of(request)
        made, secret = Filing(plain, election, by=by).filed()
        answer = shapes.FiledDataRequest({"id": made.pk, "due_at": made.due_at, "key": secret}).data
        return Response(answer, status=HTTPStatus.CREATED, headers=NO_STORE)


def _election_of(request: Request) -> tuple[Election, Any]:
    """The election the address names, and the officer who asks for somebody there; else nobody."""
    wanted = request.query_params.get("election", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Refused(
            "election_missing", "Pemilihan belum disebut. Tambahkan ?election=ID pada alamat.", "election"
        )
    if may(request.user, Permission.HANDLE_DATA_REQUESTS):
        governed = elections_governed_by(request.user, Permission.HANDLE_DATA_REQUESTS)
        return get_object_or_404(governed, pk=int(wanted)), request.user
    return get_object_or_404(elections_announced(), pk=int(wanted)), None


class OfRequest(APIView):
    """Calls about one request of the territory."""

    permission = Permission.HANDLE_DATA_REQUESTS

    def found(self) -> DataRequest:
        """The request of the address. Raises Http404."""
        return get_object_or_404(requests_visible_to(self.request.user), pk=self.kwargs["data_request"])

    def answer(self) -> Response:
        """As it stands now."""
        return Response(shapes.DataRequestAnswer(self.found()).data)


class DataRequestView(OfRequest):
    """Satu permohonan dengan identitas pemohonnya; pembukaannya tercatat."""

    @extend_schema(request=None, responses=shapes.OpenedDataRequest, operation_id="data_requests_open")
    def post(self, request: Request, data_request: int) -> Response:
        found = self.found()
        opened = operations.open_request(found, by=request.user)
        facts = {
            "request": found,
            "nik": opened.person.nik,
            "birth_date": opened.person.born,
            **opened.wish,
            "answer": opened.answer,
            "note": opened.note,
            "rows": rows_of_request(found),
        }
        return Response(shapes.OpenedDataRequest(facts).data, headers=NO_STORE)


class TakeRequestView(OfRequest):
    """Mulai menangani permohonan."""

    @extend_schema(request=None, responses=shapes.DataRequestAnswer, operation_id="data_requests_take")
    def post(self, request: Request, data_request: int) -> Response:
        operations.take_request(self.found(), by=request.user)
        return self.answer()


class FulfilRequestView(OfRequest):
    """Memenuhi permohonan setelah identitas dicocokkan."""

    @extend_schema(
        request=shapes.Fulfilment, responses=shapes.DataRequestAnswer, operation_id="data_requests_fulfil"
    )
    def post(self, request: Request, data_request: int) -> Response:
        found = self.found()
        operations.fulfil_request(found, by=request.user, **validated(shapes.Fulfilment, request.data))
        return self.answer()


class RefuseRequestView(OfRequest):
    """Menolak permohonan dengan alasan."""

    @extend_schema(
        request=shapes.DataRequestReason,
        responses=shapes.DataRequestAnswer,
        operation_id="data_requests_refuse",
    )
    def post(self, request: Request, data_request: int) -> Response:
        found = self.found()
        operations.refuse_request(found, by=request.user, **validated(shapes.DataRequestReason, request.data))
        return self.answer()


class EndMarkView(OfRequest):
    """Mencabut pembatasan, atau menyatakan perbaikan sudah dibuat."""

    @extend_schema(request=None, responses=shapes.DataRequestAnswer, operation_id="data_requests_end_mark")
    def post(self, request: Request, data_request: int) -> Response:
        found = self.found()
        operations.end_mark(operations.mark_of(found), by=request.user)
        return self.answer()


class RequestCopyView(OfRequest):
    """Semua yang disimpan tentang pemohon di wilayah sendiri; pengunduhannya tercatat."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, operation_id="data_requests_copy")
    def get(self, request: Request, data_request: int) -> HttpResponseBase:
        return copy_response(copies.office_copy(self.found(), copies.JSON, by=request.user))
