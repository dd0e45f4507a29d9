"""Calls of the API about recommendations. The letter comes as a form (multipart) with the fields."""

from http import HTTPStatus

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.queries import key_scope
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.workflow.table import RECOMMENDATION
from supports.recommendations.models import Recommendation
from supports.recommendations.operations import answer_recommendation, file_recommendation
from supports.recommendations.queries import elections_open_to, recommendations_visible_to

STATES = list(RECOMMENDATION.states.items())
LARGEST = 2**63 - 1
ELECTION = OpenApiParameter("election", int, required=True, description="Id pemilihan yang disarankan.")


class RecommendationAnswer(serializers.ModelSerializer):
    """A recommendation and what became of it."""

    status = serializers.ChoiceField(STATES)
    upload = serializers.IntegerField(source="upload_id", allow_null=True)
    support = serializers.IntegerField(source="support_id", allow_null=True)
    letter_sha256 = serializers.CharField(source="document.stored_file.sha256")

    class Meta:
        model = Recommendation
        fields = [
            "id", "election", "pair", "upload", "support", "region", "number", "dated", "text", "letter_sha256",
            "status", "due_at", "answer", "answered_at", "created_at",
        ]  # fmt: skip


class NewRecommendation(serializers.Serializer):
    """What is recommended, with its letter; about a pair, an upload or a row where one is named."""

    number = serializers.CharField(max_length=200)
    dated = serializers.DateField()
    text = serializers.CharField(max_length=4000)
    pair = serializers.IntegerField(source="pair_id", required=False, max_value=LARGEST)
    upload = serializers.IntegerField(source="upload_id", required=False, max_value=LARGEST)
    support = serializers.IntegerField(source="support_id", required=False, max_value=LARGEST)
    document = serializers.FileField(required=False, help_text="PDF, JPG, atau PNG.")


class RecommendationReply(serializers.Serializer):
    """Followed, with the act, or not, with the reason."""

    followed = serializers.BooleanField()
    answer = serializers.CharField(max_length=2000)


class RecommendationsView(generics.ListAPIView):
    """Saran perbaikan Bawaslu di wilayah sendiri."""

    permissions = {"GET": Permission.VIEW_RECOMMENDATIONS, "POST": Permission.FILE_RECOMMENDATIONS}
    parser_classes = [MultiPartParser]
    serializer_class = RecommendationAnswer
    queryset = Recommendation.objects.none()

    def get_queryset(self) -> QuerySet[Recommendation]:
        """Those the user reads."""
        return recommendations_visible_to(self.request.user)

    @extend_schema(parameters=[ELECTION], request=NewRecommendation, responses={201: RecommendationAnswer})
    def post(self, request: Request) -> Response:
        """Menyampaikan saran perbaikan kepada KPU."""
        given = request.query_params.get("election", "")
        wanted = int(given) if given.isdecimal() and len(given) < 19 else 0
        election = get_object_or_404(elections_open_to(request.user), pk=wanted)
        document = take_document(request._request, key_scope(election))
        with dropped_if_refused(document):
            said = validated(NewRecommendation, request._request.POST.dict())
            made = file_recommendation(election, by=request.user, document=document, **said)
        return Response(RecommendationAnswer(made).data, status=HTTPStatus.CREATED)


class RecommendationView(generics.RetrieveAPIView):
    """Satu saran perbaikan."""

    permission = Permission.VIEW_RECOMMENDATIONS
    serializer_class = RecommendationAnswer
    queryset = Recommendation.objects.none()

    def get_queryset(self) -> QuerySet[Recommendation]:
        """Those the user reads."""
        return recommendations_visible_to(self.request.user)


class RecommendationDocumentView(APIView):
    """Surat saran perbaikan."""

    permission = Permission.VIEW_RECOMMENDATIONS

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="recommendations_document",
    )
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        """Mengunduh suratnya."""
        found = get_object_or_404(recommendations_visible_to(request.user), pk=pk)
        return document_response(found.document, of=found, by=request.user)


class AnswerView(APIView):
    """Jawaban KPU atas satu saran perbaikan."""

    permission = Permission.ANSWER_RECOMMENDATIONS

    @extend_schema(
        request=RecommendationReply, responses=RecommendationAnswer, operation_id="recommendations_answer"
    )
    def post(self, request: Request, pk: int) -> Response:
        """Menjawab: ditindaklanjuti dengan tindakan, atau tidak dengan alasan."""
        found = get_object_or_404(recommendations_visible_to(request.user), pk=pk)
        answered = answer_recommendation(
            found, by=request.user, **validated(RecommendationReply, request.data)
        )
        return Response(RecommendationAnswer(answered).data)
