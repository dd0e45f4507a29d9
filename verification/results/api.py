"""Calls of the API about the results of rounds."""

from http import HTTPStatus

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission
from supports.queries import submissions_visible_to
from verification.api import OfReview
from verification.results.api_shapes import NewResult, ResultAnswer, ResultDetail
from verification.results.canonical import canonical
from verification.results.closing import by_area_of, close_round
from verification.results.models import Result
from verification.results.queries import results_visible_to
from verification.results.recap import districts_of


class CloseRoundView(OfReview, APIView):
    """Menutup satu putaran."""

    permission = Permission.CLOSE_ROUND

    @extend_schema(request=NewResult, responses={201: ResultDetail}, operation_id="reviews_close")
    def post(self, request: Request, submission: int) -> Response:
        """Membekukan hasil dan rekapnya. Ditolak selama masih ada yang menunggu; missing menyebut satu per satu."""
        review, asked = self.review(), validated(NewResult, request.data)
        result = close_round(review, by=request.user, **asked)
        address = reverse("api_result", args=[result.pk], request=request)
        return Response(_detail(result), status=HTTPStatus.CREATED, headers={"Location": address})


class ResultsView(generics.ListAPIView):
    """Hasil satu putaran, versi terakhir di depan."""

    permission = Permission.VIEW_RESULTS
    serializer_class = ResultAnswer
    queryset = Result.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Result]:
        """The round's versions. Raises Http404 for a round that the user does not see."""
        rounds = submissions_visible_to(self.request.user, Permission.VIEW_RESULTS)
        submission = get_object_or_404(rounds, pk=self.kwargs["submission"])
        return results_visible_to(self.request.user).filter(review__submission=submission)


class ResultView(APIView):
    """Satu versi hasil putaran."""

    permission = Permission.VIEW_RESULTS

    @extend_schema(responses=ResultDetail, operation_id="results_retrieve")
    def get(self, request: Request, result: int) -> Response:
        """Hasil dengan rekapnya per kecamatan dan desa/kelurahan."""
        return Response(_detail(_result_of(request, result)))


class ResultTextView(APIView):
    """Teks satu versi hasil."""

    permission = Permission.VIEW_RESULTS

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.BINARY}, operation_id="results_text")
    def get(self, request: Request, result: int) -> HttpResponse:
        """Tepat teks yang SHA-256-nya tercantum pada berita acara."""
        found = _result_of(request, result)
        return HttpResponse(canonical(found.body, by_area_of(found)), content_type="application/json")


def _result_of(request: Request, result: int) -> Result:
    return get_object_or_404(results_visible_to(request.user), pk=result)


def _detail(result: Result) -> dict:
    result.districts = districts_of(by_area_of(result), result.body["sum"])
    return ResultDetail(result).data
