"""Calls of the API about bulk decisions: look, propose, approve by a second person, follow, undo, go on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from supports.api import shown
from supports.bulk_removal import in_words
from supports.findings import effects_by_code
from supports.listing import Filter
from supports.rules import COMMISSION
from verification import api_shapes as shapes
from verification import bulk as bulks
from verification.api import OfReview
from verification.models import Bulk
from verification.queries import review_of

RELATED = ("proposed_by", "ruled_by", "job", "review")


def _filter(asked: dict[str, Any]) -> Filter:
    return Filter(**asked, audience=COMMISSION)


class BulksView(OfReview, generics.ListAPIView):
    """Keputusan massal satu putaran, yang terbaru di depan."""

    permissions = {"GET": Permission.VIEW_DECISIONS, "POST": Permission.DEAL_WORK}
    serializer_class = shapes.BulkAnswer
    queryset = Bulk.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Bulk]:
        """The round's."""
        return self.review().bulks.select_related(*RELATED)

    @extend_schema(request=shapes.NewBulk, responses={201: shapes.BulkAnswer})
    def post(self, request: Request, submission: int) -> Response:
        """Mengusulkan satu keputusan bagi semua baris yang dilihat. 409: barisnya sudah berubah sejak pratinjau."""
        review = self.review()
        asked = validated(shapes.NewBulk, request.data)
        made = bulks.propose_bulk(review, _filter(asked.pop("filter")), by=request.user, **asked)
        address = reverse("api_bulk", args=[made.pk], request=request)
        answer = shapes.BulkAnswer(made).data
        return Response(answer, status=HTTPStatus.CREATED, headers={"Location": address})


class BulkPreviewView(OfReview, APIView):
    """Baris yang akan diputus, sebelum diusulkan."""

    permission = Permission.DEAL_WORK

    @extend_schema(
        request=shapes.BulkFilter, responses=shapes.BulkPreview, operation_id="reviews_bulk_preview"
    )
    def post(self, request: Request, submission: int) -> Response:
        """Jumlah menurut status, sepuluh contoh, dan token. Tidak ada yang disimpan."""
        found = self.review().submission
        wanted = _filter(validated(shapes.BulkFilter, request.data))
        seen = bulks.preview_bulk(found, wanted)
        effects = effects_by_code(found)
        answer = {
            **vars(seen),
            "filter_in_words": in_words(found, wanted),
            "examples": [shown(row, effects) for row in seen.examples],
        }
        return Response(shapes.BulkPreview(answer).data)


class OfBulk:
    """Calls about one bulk decision, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def bulk(self) -> Bulk:
        """The bulk decision of the address. Raises Http404."""
        found = get_object_or_404(Bulk.objects.select_related(*RELATED), pk=self.kwargs["bulk"])
        permission = required(type(self), self.request.method)
        found.review = review_of(self.request.user, permission, found.review.submission_id)
        return found

    def step(self, act: Callable[..., None]) -> Response:
        """Take a step with it; it as it is then."""
        found = self.bulk()
        act(found, by=self.request.user)
        return self.answer(found.pk)

    def answer(self, pk: int) -> Response:
        """One as it now is."""
        return Response(shapes.BulkAnswer(Bulk.objects.select_related(*RELATED).get(pk=pk)).data)


class BulkView(OfBulk, APIView):
    """Satu keputusan massal."""

    permission = Permission.VIEW_DECISIONS

    @extend_schema(responses=shapes.BulkAnswer, operation_id="bulks_retrieve")
    def get(self, request: Request, bulk: int) -> Response:
        """Isinya, siapa yang mengusulkan dan menyetujui, dan sampai mana pengerjaannya."""
        return self.answer(self.bulk().pk)


class ApproveBulkView(OfBulk, APIView):
    """Persetujuan orang kedua."""

    permission = Permission.DEAL_WORK

    @extend_schema(request=None, responses=shapes.BulkAnswer, operation_id="bulks_approve")
    def post(self, request: Request, bulk: int) -> Response:
        """Menyetujui tepat yang diusulkan. 403: usulan sendiri. 409: sebagian barisnya sudah diputus."""
        return self.step(bulks.approve_bulk)


class RefuseBulkView(OfBulk, APIView):
    """Menolak usulan, atau menarik usulan sendiri."""

    permission = Permission.DEAL_WORK

    @extend_schema(request=None, responses=shapes.BulkAnswer, operation_id="bulks_refuse")
    def post(self, request: Request, bulk: int) -> Response:
        """Tidak ada baris yang berubah."""
        return self.step(bulks.refuse_bulk)


class UndoBulkView(OfBulk, APIView):
    """Membatalkan seluruhnya."""

    permission = Permission.DEAL_WORK

    @extend_schema(request=None, responses=shapes.BulkAnswer, operation_id="bulks_undo")
    def post(self, request: Request, bulk: int) -> Response:
        """Baris yang sesudahnya diputus orang lain tetap; keputusan dan pembatalannya tercatat."""
        return self.step(bulks.undo_bulk)


class ResumeBulkView(OfBulk, APIView):
    """Melanjutkan yang pengerjaannya terhenti."""

    permission = Permission.DEAL_WORK

    @extend_schema(request=None, responses=shapes.BulkAnswer, operation_id="bulks_resume")
    def post(self, request: Request, bulk: int) -> Response:
        """Diteruskan dari bagian terakhir yang tersimpan."""
        return self.step(bulks.resume_bulk)
