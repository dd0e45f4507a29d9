"""Calls of the API about decisions: one row as who decides it sees it, one decision, a list of them, undoing one."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from supports.api import shown
from supports.api_shapes import SupportAnswer
from supports.findings import effects_by_code
from supports.models import Standing, Support
from supports.queries import supports_visible_to
from verification import api_shapes as shapes
from verification.api import OfReview
from verification.cards import masked_card
from verification.deciding import undo
from verification.deciding_lists import decide_once, decide_rows
from verification.models import Decision, Review, Work
from verification.queries import decisions_about, reviews_visible_to, standings_to_decide
from verification.rolls.presence import masked_presence_of


class OfRow:
    """Calls about one row of a round in verification, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def standing(self) -> Standing:
        """The row of the address, to be decided. Raises Http404."""
        return get_object_or_404(standings_to_decide(self.request.user), pk=self.kwargs["support"])

    def row(self) -> Support:
        """The same to be read: of the user's own area. Raises Http404."""
        permission = required(type(self), self.request.method)
        rows = supports_visible_to(self.request.user, permission)
        reviews = reviews_visible_to(self.request.user, permission).order_by().values("submission")
        return get_object_or_404(rows, pk=self.kwargs["support"], submission__in=reviews)


class CardView(OfRow, APIView):
    """Satu baris seperti yang dilihat pemeriksanya; NIK disamarkan."""

    permission = Permission.VERIFY

    @extend_schema(responses=shapes.CardAnswer, operation_id="supports_card")
    def get(self, request: Request, support: int) -> Response:
        """Temuan dan sarannya, alasan yang dapat dipilih, ganda, daftar pemilih, dan keputusan sebelumnya.

        Identitas lengkap: POST identity/.
        """
        found = self.row()
        standing = standings_to_decide(request.user).get(pk=found.pk)
        card = masked_card(standing)
        found.submission = standing.submission
        effects = effects_by_code(standing.submission)
        same = [shown(row, effects) for row in card.duplicates]
        answer = {
            "row": SupportAnswer(shown(card.row, effects)).data,
            "waits_for_you": Work.objects.filter(pk=found.pk, holder=request.user).exists(),
            "suggestion": {
                "status": card.suggestion.status,
                "reasons": [shapes.as_reason(one) for one in card.suggestion.reasons],
            },
            "offered": [
                {"status": status, "reasons": [shapes.as_reason(one) for one in reasons]}
                for status, reasons in (("MS", []), *card.offered)
            ],
            "duplicates": SupportAnswer(same, many=True).data,
            "more_duplicates": card.more_duplicates,
            "rolls": shapes.PresenceAnswer(masked_presence_of(found), many=True).data,
            "decisions": shapes.DecisionAnswer([one.decision for one in card.past], many=True).data,
        }
        return Response(answer)


class DecisionsOfRowView(OfRow, generics.ListAPIView):
    """Keputusan atas satu baris, yang terdahulu di depan; tidak pernah dihapus."""

    permissions = {"GET": Permission.VIEW_DECISIONS, "POST": Permission.VERIFY}
    serializer_class = shapes.DecisionAnswer
    queryset = Decision.objects.none()
    ordering = "id"

    def get_queryset(self) -> QuerySet[Decision]:
        """The row's."""
        return decisions_about([self.row().pk])

    @extend_schema(
        request=shapes.NewDecision,
        responses={201: shapes.DecisionAnswer, 200: shapes.DecisionAnswer},
        operation_id="supports_decide",
    )
    def post(self, request: Request, support: int) -> Response:
        """Memutus baris yang menunggu Anda. 200: keputusan yang sama dari Anda sudah tercatat."""
        standing = self.standing()
        decision, new = decide_once(standing, by=request.user, **validated(shapes.NewDecision, request.data))
        status = HTTPStatus.CREATED if new else HTTPStatus.OK
        return Response(shapes.DecisionAnswer(decision).data, status=status)


class UndoDecisionView(OfRow, APIView):
    """Membatalkan keputusan sendiri yang terakhir atas satu baris."""

    permission = Permission.VERIFY

    @extend_schema(
        request=None, responses={201: shapes.DecisionAnswer}, operation_id="supports_undo_decision"
    )
    def post(self, request: Request, support: int) -> Response:
        """Baris menunggu Anda lagi; keputusan dan pembatalannya tetap tercatat."""
        decision = undo(self.standing(), by=request.user)
        return Response(shapes.DecisionAnswer(decision).data, status=HTTPStatus.CREATED)


class DecisionListView(OfReview, APIView):
    """Keputusan dalam daftar."""

    permission = Permission.VERIFY

    @extend_schema(
        request=shapes.ListedDecision(many=True),
        responses=shapes.OutcomeAnswer(many=True),
        operation_id="reviews_decide",
    )
    def post(self, request: Request, submission: int) -> Response:
        """Memutus 1 sampai 1.000 baris yang menunggu Anda; setiap baris dijawab menurut urutan kiriman.

        Baris yang ditolak tidak menahan yang lain. Daftar yang dikirim ulang tidak mengubah apa pun lagi.
        """
        review: Review = self.review()
        form = shapes.ListedDecision(data=request.data, many=True)
        form.is_valid(raise_exception=True)
        ids = [one["support"] for one in form.validated_data]
        rows = standings_to_decide(request.user).filter(pk__in=ids, submission=review.submission)
        outcomes = decide_rows(rows, form.validated_data, by=request.user)
        return Response(shapes.OutcomeAnswer(outcomes, many=True).data)
