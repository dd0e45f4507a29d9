"""Calls of the API about the rounds of a pair and the rows of a closed one that can be mended."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission
from foundation.web import WORKBOOK, csv_response, workbook_response
from supports.models import Submission
from supports.queries import audience_of
from supports.upload_api import AnyAccept
from supports.upload_of_api import OfPair
from verification.repairs import api_shapes as shapes
from verification.repairs.bms_list import download_csv, download_workbook, name_of
from verification.repairs.overview import overview_of
from verification.repairs.queries import rounds_listed_to


class RoundsView(OfPair, APIView):
    """Putaran satu pasangan: hasilnya, dan yang diminta sekarang."""

    permission = Permission.VIEW_FINDINGS

    @extend_schema(responses=shapes.RoundsAnswer, operation_id="pairs_rounds")
    def get(self, request: Request, pair: int) -> Response:
        """Yang pertama di depan; “why_none” menyebut mengapa tidak ada putaran berikutnya."""
        return Response(shapes.RoundsAnswer(overview_of(self.pair())).data)


class OfListedRound:
    """Calls about the BMS list of one round, which must be the user's to fetch."""

    request: Request
    kwargs: dict[str, Any]

    def asked(self) -> tuple[Submission, dict[str, Any]]:
        """The round of the address, and how its list is asked for. Raises Http404."""
        found = get_object_or_404(rounds_listed_to(self.request.user), pk=self.kwargs["submission"])
        asked = validated(shapes.BmsQuestion, self.request.query_params)
        everything = asked["rows"] == "all"
        audience = audience_of(self.request.user, found.pair)
        return found, {"by": self.request.user, "audience": audience, "everything": everything}


class BmsListView(OfListedRound, APIView):
    """Daftar BMS satu putaran yang ditutup, dalam kolom templat, dengan alasan keputusan dan ID baris."""

    permission = Permission.VIEW_REPORT
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[shapes.BmsQuestion],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        operation_id="submissions_bms",
    )
    def get(self, request: Request, submission: int) -> StreamingHttpResponse:
        found, asked = self.asked()
        return csv_response(download_csv(found, **asked), name_of(found, "csv"))


class BmsWorkbookView(OfListedRound, APIView):
    """Daftar yang sama sebagai buku kerja, paling banyak 100.000 baris; sel yang bertemuan diwarnai."""

    permission = Permission.VIEW_REPORT
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[shapes.BmsQuestion],
        responses={(200, WORKBOOK): OpenApiTypes.BINARY},
        operation_id="submissions_bms_workbook",
    )
    def get(self, request: Request, submission: int) -> HttpResponse:
        found, asked = self.asked()
        return workbook_response(download_workbook(found, **asked), name_of(found, "xlsx"))
