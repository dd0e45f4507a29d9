"""Calls of the API about corrections: look, propose with the document, approve, refuse, follow, go on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from candidates.territory import pairs_governed_by
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from supports.api import shown
from supports.findings import effects_by_code
from supports.rulings.list_file import ListInMemory
from supports.standards import key_scope
from verification.api import OfReview
from verification.corrections import api_shapes as shapes
from verification.corrections import operations
from verification.corrections.choosing import Wanted, examples_of, words_of
from verification.corrections.models import Correction
from verification.queries import review_of

RELATED = ("proposed_by", "first_approved_by", "second_approved_by", "refused_by", "job", "review")
TERMS = ("number", "dated", "reason", "token")


class CorrectionsView(OfReview, generics.ListAPIView):
    """Koreksi keputusan satu putaran, yang terbaru di depan."""

    permissions = {"GET": Permission.VIEW_DECISIONS, "POST": Permission.CORRECT_DECISIONS}
    parser_classes = [MultiPartParser]
    serializer_class = shapes.CorrectionAnswer
    queryset = Correction.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Correction]:
        """The round's."""
        return self.review().corrections.select_related(*RELATED)

    @extend_schema(
        request={"multipart/form-data": shapes.NewCorrection}, responses={201: shapes.CorrectionAnswer}
    )
    def post(self, request: Request, submission: int) -> Response:
        """Mengusulkan koreksi dengan dokumennya. Baris berubah setelah dua orang lain menyetujui."""
        review, plain = self.review(), request._request
        scope = key_scope(review.submission.pair.election)
        beside = [ListInMemory("rows_file", plain)]
        document = take_document(plain, scope, field="letter", beside=beside)
        with dropped_if_refused(document):
            form = shapes.NewCorrection(data={name: plain.POST[name] for name in plain.POST})
            form.is_valid(raise_exception=True)
            terms = {name: form.validated_data.pop(name) for name in TERMS}
            file = plain.FILES.get("rows_file")
            lines = file.read().decode("utf-8-sig", "replace").splitlines() if file else []
            wanted = Wanted(**form.validated_data, lines=lines)
            made = operations.propose_correction(review, wanted, by=request.user, document=document, **terms)
        address = reverse("api_correction", args=[made.pk], request=request)
        answer = shapes.CorrectionAnswer(made).data
        return Response(answer, status=HTTPStatus.CREATED, headers={"Location": address})


class CorrectionPreviewView(OfReview, APIView):
    """Baris yang akan diperiksa lagi, sebelum diusulkan."""

    permission = Permission.CORRECT_DECISIONS

    @extend_schema(
        request=shapes.CorrectionQuestion,
        responses=shapes.CorrectionPreview,
        operation_id="reviews_correction_preview",
    )
    def post(self, request: Request, submission: int) -> Response:
        """Jumlah menurut status, sepuluh contoh, dan token. Tidak ada yang disimpan."""
        found = self.review().submission
        asked = validated(shapes.CorrectionQuestion, request.data)
        wanted = Wanted(lines=asked.pop("rows"), **asked)
        chosen = operations.preview_correction(found, wanted, by=request.user)
        effects = effects_by_code(found)
        answer = {
            "rows": chosen.rows,
            "stood": chosen.stood,
            "undecided": chosen.undecided,
            "replaced": chosen.replaced,
            "token": chosen.token,
            "filter_in_words": words_of(found, wanted.kept()),
            "examples": [shown(row, effects) for row in examples_of(chosen, found)],
        }
        return Response(shapes.CorrectionPreview(answer).data)


class OfCorrection:
    """Calls about one correction, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def correction(self) -> Correction:
        """The correction of the address. Raises Http404."""
        found = get_object_or_404(Correction.objects.select_related(*RELATED), pk=self.kwargs["correction"])
        permission = required(type(self), self.request.method)
        found.review = review_of(self.request.user, permission, found.review.submission_id)
        return found

    def step(self, act: Callable[..., Any]) -> Response:
        """Take a step with it; it as it is then."""
        found = self.correction()
        act(found, by=self.request.user)
        return self.answer(found.pk)

    def answer(self, pk: int) -> Response:
        """One as it now is."""
        found = Correction.objects.select_related(*RELATED).get(pk=pk)
        return Response(shapes.CorrectionAnswer(found).data)


class CorrectionView(OfCorrection, APIView):
    """Satu koreksi."""

    permission = Permission.VIEW_DECISIONS

    @extend_schema(responses=shapes.CorrectionAnswer, operation_id="corrections_retrieve")
    def get(self, request: Request, correction: int) -> Response:
        """Surat, barisnya menurut status, siapa yang menyetujui, dan sampai mana pengerjaannya."""
        return self.answer(self.correction().pk)


class CorrectionLetterView(APIView):
    """Dokumen surat satu koreksi."""

    permission = Permission.VIEW_PAIR_DOCUMENTS

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="corrections_letter"
    )
    def get(self, request: Request, correction: int) -> StreamingHttpResponse:
        """Mengunduh dokumennya."""
        pairs = pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS).order_by().values("pk")
        found = get_object_or_404(Correction, pk=correction, review__submission__pair__in=pairs)
        return document_response(found.document, of=found, by=request.user)


class ApproveCorrectionView(OfCorrection, APIView):
    """Persetujuan pertama atau kedua."""

    permission = Permission.CORRECT_DECISIONS

    @extend_schema(request=None, responses=shapes.CorrectionAnswer, operation_id="corrections_approve")
    def post(self, request: Request, correction: int) -> Response:
        """Menyetujui tepat yang diusulkan. 403: usulan sendiri, atau sudah Anda setujui. 409: barisnya berubah."""
        return self.step(operations.approve_correction)


class RefuseCorrectionView(OfCorrection, APIView):
    """Menolak usulan, atau menarik usulan sendiri."""

    permission = Permission.CORRECT_DECISIONS

    @extend_schema(request=None, responses=shapes.CorrectionAnswer, operation_id="corrections_refuse")
    def post(self, request: Request, correction: int) -> Response:
        """Tidak ada baris yang berubah."""
        return self.step(operations.refuse_correction)


class ResumeCorrectionView(OfCorrection, APIView):
    """Melanjutkan yang pengerjaannya terhenti."""

    permission = Permission.CORRECT_DECISIONS

    @extend_schema(request=None, responses=shapes.CorrectionAnswer, operation_id="corrections_resume")
    def post(self, request: Request, correction: int) -> Response:
        """Diteruskan dari bagian terakhir yang tersimpan."""
        return self.step(operations.resume_correction)
