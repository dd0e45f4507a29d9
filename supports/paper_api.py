"""Calls of the API about a round's forms: their state, and the papers themselves."""

from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.web import PDF, csv_response, pdf_response
from supports.models import Submission
from supports.papers.overview import Overview, inside, may_name, overview_of
from supports.papers.printing import print_list, print_summary, stream_list
from supports.queries import submissions_visible_to
from supports.repeat_shapes import LARGEST_ID
from supports.upload_api import AnyAccept
from supports.upload_of_api import OfPair

LARGEST_AREA = 9_999_999_999


class FormsQuestion(serializers.Serializer):
    """Which round and area."""

    stage = serializers.CharField(required=False, help_text="Putaran; tanpa isian: yang terakhir.")
    area = serializers.IntegerField(
        required=False, min_value=11, max_value=LARGEST_AREA, help_text="Kode kabupaten/kota atau kecamatan."
    )


class ListQuestion(serializers.Serializer):
    """Which list."""

    stage = serializers.CharField(required=False, help_text="Putaran; tanpa isian: yang terakhir.")
    area = serializers.IntegerField(
        min_value=0, max_value=LARGEST_AREA, help_text="Kode sepuluh angka dari lists; 0: belum diketahui."
    )
    part = serializers.IntegerField(required=False, default=1, min_value=1, max_value=LARGEST_ID)


class FormAnswer(serializers.Serializer):
    """One form."""

    form = serializers.CharField(help_text="submission, number, recap, list.")
    code = serializers.CharField(help_text="Kode formulir; kosong untuk lembar kerja.")
    title = serializers.CharField()
    official = serializers.BooleanField(help_text="Apakah tata letaknya formulir resmi.")
    scanned = serializers.BooleanField(help_text="Apakah pindaiannya bagian dari penyerahan.")
    rows = serializers.IntegerField()
    printed_at = serializers.DateTimeField(allow_null=True)
    printed_rows = serializers.IntegerField(allow_null=True, help_text="Jumlah baris saat terakhir dicetak.")
    changed = serializers.BooleanField(help_text="Jumlahnya berubah sejak dicetak: cetak ulang.")


class FormAreaAnswer(serializers.Serializer):
    """An area and how many lists it has; code -1: in no area of the election."""

    code = serializers.IntegerField()
    name = serializers.CharField()
    rows = serializers.IntegerField()
    lists = serializers.IntegerField()


class FormListAnswer(serializers.Serializer):
    """One list that can be printed."""

    area = serializers.IntegerField()
    title = serializers.CharField()
    rows = serializers.IntegerField()


class FormsAnswer(serializers.Serializer):
    """The forms of a round. ``lists`` are those of the area asked for."""

    stage = serializers.CharField()
    rows = serializers.IntegerField()
    spread = serializers.IntegerField()
    forms = FormAnswer(many=True)
    areas = FormAreaAnswer(many=True)
    lists = FormListAnswer(many=True)


class OfRound(OfPair):
    """Calls below one pair about one of its rounds."""

    def round_asked(self, question: type[serializers.Serializer]) -> tuple[Submission, dict[str, Any]]:
        """The round that the address asks for, else the latest, and what else it asks. Raises Http404."""
        pair = self.pair()
        asked = validated(question, self.request.query_params)
        rounds = self.rounds(pair)
        if "stage" in asked:
            rounds = rounds.filter(stage=asked["stage"])
        found = rounds.select_related("pair__election__rule_set", "rule_set").order_by("-id").first()
        if found is None:
            raise Http404
        prefetch_related_objects([found.pair.election], "areas")
        return found, asked

    def rounds(self, pair: Pair | None = None) -> QuerySet[Submission]:
        """The rounds of the address's pair. Raises Http404."""
        visible = submissions_visible_to(self.request.user, required(type(self), self.request.method))
        return visible.filter(pair=pair or self.pair(), kind=Submission.Kind.ROUND)


class FormsView(OfRound, APIView):
    """Formulir putaran yang dicetak dan ditandatangani: isinya sekarang dan kapan terakhir dicetak."""

    permission = Permission.VIEW_PAPERS

    @extend_schema(parameters=[FormsQuestion], responses=FormsAnswer, operation_id="pairs_forms")
    def get(self, request: Request, pair: int) -> Response:
        """Dengan area: wilayah di dalamnya, atau daftar per desa/kelurahannya."""
        submission, asked = self.round_asked(FormsQuestion)
        seen = overview_of(submission)
        areas, lists = seen.areas, []
        if code := asked.get("area"):
            if not may_name(code):
                raise Http404
            areas, lists = inside(submission, code)
        answer = _shown(submission, seen) | {"areas": areas, "lists": lists}
        return Response(FormsAnswer(answer).data)


class FormView(OfRound, APIView):
    """Satu formulir sebagai PDF: surat penyerahan, jumlah, atau rekapitulasi."""

    permission = Permission.VIEW_PAPERS
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[FormsQuestion],
        responses={(200, PDF): OpenApiTypes.BINARY},
        operation_id="pairs_form",
    )
    def get(self, request: Request, pair: int, form: str) -> HttpResponse:
        submission, _asked = self.round_asked(FormsQuestion)
        printed = print_summary(submission, form, by=request.user)
        return pdf_response(printed.content, printed.name)


class FormListView(OfRound, APIView):
    """Daftar pendukung satu desa/kelurahan sebagai PDF, dengan NIK; paling banyak 2.000 orang setiap bagian."""

    permission = Permission.PRINT_PAPERS
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[ListQuestion],
        responses={(200, PDF): OpenApiTypes.BINARY},
        operation_id="pairs_form_list",
    )
    def get(self, request: Request, pair: int) -> HttpResponse:
        submission, asked = self.round_asked(ListQuestion)
        printed = print_list(submission, asked["area"], by=request.user, part=asked["part"])
        return pdf_response(printed.content, printed.name)


class FormRowsView(OfRound, APIView):
    """Daftar pendukung seluruh putaran, atau satu wilayah, sebagai CSV dengan NIK."""

    permission = Permission.PRINT_PAPERS
    content_negotiation_class = AnyAccept

    @extend_schema(
        parameters=[FormsQuestion],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        operation_id="pairs_form_rows",
    )
    def get(self, request: Request, pair: int) -> StreamingHttpResponse:
        submission, asked = self.round_asked(FormsQuestion)
        pieces = stream_list(submission, by=request.user, area=asked.get("area", 0))
        return csv_response(pieces, f"daftar-pendukung-{submission.stage}.csv")


def _shown(submission: Submission, seen: Overview) -> dict[str, Any]:
    forms = [
        {
            "form": state.paper.purpose,
            "code": state.paper.code,
            "title": state.paper.title,
            "official": state.paper.official,
            "scanned": state.paper.scanned,
            "rows": state.rows,
            "printed_at": state.printed_at,
            "printed_rows": state.printed_rows,
            "changed": state.changed,
        }
        for state in seen.papers
    ]
    return {"stage": submission.stage, "rows": seen.rows, "spread": seen.spread, "forms": forms}
