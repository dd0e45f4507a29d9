"""Calls of the API about handing in: hand a round in, follow it, fetch the receipt and the team's copy of the rows."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.keys.signing import public_keys
from supports.handing_in import api_shapes as shapes
from supports.handing_in.operations import hand_in, redraft
from supports.handing_in.paper import pdf_of
from supports.handing_in.receipts import receipt_of, receipts_visible_to
from supports.handing_in.responses import pdf_response, refuse_strangers, rows_response
from supports.handing_in.team_copy import download_rows
from supports.handing_in.waiting import latest_hand_in, waits_for
from supports.models import Receipt, Submission
from supports.privacy.sums import refuse_small_sums
from supports.queries import submissions_visible_to
from supports.upload_of_api import OfPair


def shown(submission: Submission) -> dict[str, Any]:
    """A round as the API tells of it."""
    asked, receipt = latest_hand_in(submission), receipt_of(submission)
    error = {"code": asked.error_code, "message": asked.error_message} if asked and asked.error_code else None
    about = asked and {
        "requested_at": asked.requested_at,
        "ended_at": asked.ended_at,
        "waits_for": [] if asked.ended_at else waits_for(asked),
        "error": error,
    }
    return shapes.SubmissionAnswer(
        {
            "id": submission.pk,
            "pair": submission.pair_id,
            "stage": submission.stage,
            "status": submission.status,
            "status_title": submission.get_status_display(),
            "job": asked and asked.job,
            "hand_in": about,
            "receipt": receipt and receipt.number,
        }
    ).data


class SubmissionsView(OfPair, APIView):
    """Putaran satu pasangan, dan penyerahannya."""

    permissions = {"GET": Permission.VIEW_PROGRESS, "POST": Permission.HAND_IN}

    @extend_schema(responses=shapes.SubmissionPage, operation_id="pairs_submissions_list")
    def get(self, request: Request, pair: int) -> Response:
        """Semua putaran, yang terbaru di depan."""
        rounds = self.pair().submissions.filter(kind=Submission.Kind.ROUND).order_by("-id")
        found = [shown(one) for one in rounds.select_related("pair__election__rule_set")]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(
        request=shapes.HandInQuestion,
        responses={202: shapes.SubmissionAnswer, 200: shapes.SubmissionAnswer},
        operation_id="pairs_submissions_create",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Menyerahkan putaran yang sedang diisi. 422: yang kurang ada di “missing”. 200: sudah diserahkan."""
        found = self.pair()
        question = validated(shapes.HandInQuestion, request.data)
        asked = hand_in(found, by=request.user, expected=question.get("expected"))
        submission = asked.hand_in.submission
        submission.refresh_from_db(fields=["status"])
        address = reverse("api_submission", args=[submission.pk], request=request)
        status = HTTPStatus.ACCEPTED if asked.new else HTTPStatus.OK
        return Response(shown(submission), status=status, headers={"Location": address})


class OfSubmission:
    """Calls about one round, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def submission(self) -> Submission:
        """The round of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        rounds = submissions_visible_to(self.request.user, permission).filter(kind=Submission.Kind.ROUND)
        related = ("pair__election__rule_set", "rule_set")
        return get_object_or_404(rounds.select_related(*related), pk=self.kwargs["submission"])

    def receipt(self) -> Receipt:
        """The latest receipt of the round. Raises Http404."""
        permission = required(type(self), self.request.method)
        found = receipts_visible_to(self.request.user, permission)
        receipt = found.filter(hand_in__submission=self.kwargs["submission"]).order_by("-id").first()
        if receipt is None:
            raise Http404
        refuse_small_sums(receipt.body, self.request.user)
        return receipt


class SubmissionView(OfSubmission, APIView):
    """Satu putaran."""

    permission = Permission.VIEW_PROGRESS

    @extend_schema(responses=shapes.SubmissionAnswer, operation_id="submissions_retrieve")
    def get(self, request: Request, submission: int) -> Response:
        """Status, kemajuan penyerahan, dan nomor tanda terimanya."""
        return Response(shown(self.submission()))


class RedraftView(OfSubmission, APIView):
    """Mengisi kembali putaran yang dikembalikan."""

    permission = Permission.HAND_IN

    @extend_schema(request=None, responses=shapes.SubmissionAnswer, operation_id="submissions_redraft")
    def post(self, request: Request, submission: int) -> Response:
        """Hanya selama masa pengisian dibuka."""
        found = self.submission()
        redraft(found, by=request.user)
        return Response(shown(found))


class ReceiptView(OfSubmission, APIView):
    """Tanda terima terakhir satu putaran."""

    permission = Permission.VIEW_PROGRESS

    @extend_schema(responses=shapes.ReceiptAnswer, operation_id="submissions_receipt")
    def get(self, request: Request, submission: int) -> Response:
        """Isi yang ditandatangani, dengan tanda tangannya."""
        return Response(self.receipt().body)


class ReceiptPdfView(OfSubmission, APIView):
    """Tanda terima sebagai PDF."""

    permission = Permission.VIEW_PROGRESS

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="submissions_receipt_pdf"
    )
    def get(self, request: Request, submission: int) -> HttpResponse:
        """Siap dicetak."""
        receipt = self.receipt()
        return pdf_response(pdf_of(receipt), receipt)


class ReceiptRowsView(OfSubmission, APIView):
    """Salinan baris yang diserahkan, milik tim."""

    permission = Permission.DOWNLOAD_ROWS

    @extend_schema(
        responses={(200, "application/x-ndjson"): OpenApiTypes.BINARY}, operation_id="submissions_rows"
    )
    def get(self, request: Request, submission: int) -> StreamingHttpResponse:
        """Satu objek JSON per baris, dengan garamnya; setiap unduhan tercatat."""
        receipt = self.receipt()
        refuse_strangers(receipt, request.user)
        return rows_response(download_rows(receipt, by=request.user), receipt)


class ReceiptKeysView(APIView):
    """Kunci publik penanda tangan tanda terima."""

    permission = Permission.VIEW_RECEIPT_KEYS

    @extend_schema(responses=shapes.ReceiptKeyPage, operation_id="receipt_keys")
    def get(self, request: Request) -> Response:
        """Semua kunci, yang terbaru di depan; tanpa token."""
        return Response({"results": shapes.ReceiptKey(public_keys(), many=True).data})
