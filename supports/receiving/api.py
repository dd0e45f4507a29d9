"""Calls of the API about receiving a round."""

from http import HTTPStatus

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission
from supports.handing_in.api import OfSubmission
from supports.models import Reception
from supports.receiving.operations import MOST, Counted, receive_round


class ReceptionArea(serializers.Serializer):
    """What was claimed and counted on paper in one area of the receipt."""

    code = serializers.IntegerField(min_value=0, max_value=99_99_99_9999)
    claimed = serializers.IntegerField(min_value=0, max_value=MOST)
    counted = serializers.IntegerField(min_value=0, max_value=MOST)


class ReceptionQuestion(serializers.Serializer):
    """The decision of an office."""

    decision = serializers.ChoiceField(Reception.Decision.choices)
    minutes_number = serializers.CharField(max_length=100)
    areas = ReceptionArea(many=True)
    reasons = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class ComparedArea(ReceptionArea):
    """The same with what the receipt says."""

    name = serializers.CharField()
    in_silon = serializers.IntegerField()


class ReceptionAnswer(serializers.Serializer):
    """What was decided about a receipt."""

    receipt = serializers.CharField(source="receipt.number")
    root = serializers.CharField(source="receipt.body.root")
    decision = serializers.ChoiceField(Reception.Decision.choices)
    minutes_number = serializers.CharField()
    areas = ComparedArea(many=True)
    reasons = serializers.CharField()
    papers_missing = serializers.CharField()
    completes_until = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField()


class ReceptionView(OfSubmission, APIView):
    """Penerimaan penyerahan terakhir satu putaran."""

    permissions = {"GET": Permission.VIEW_PROGRESS, "POST": Permission.RECEIVE_ROUND}

    @extend_schema(responses=ReceptionAnswer, operation_id="submissions_reception")
    def get(self, request: Request, submission: int) -> Response:
        """Keputusan KPU atas tanda terima terakhir; 404 selama belum diputus."""
        return Response(ReceptionAnswer(get_object_or_404(Reception, receipt=self.receipt())).data)

    @extend_schema(
        request=ReceptionQuestion, responses={201: ReceptionAnswer}, operation_id="submissions_receive"
    )
    def post(self, request: Request, submission: int) -> Response:
        """Terima, terima dengan pelengkapan, atau kembalikan dengan alasan."""
        asked = validated(ReceptionQuestion, request.data)
        areas = [Counted(**one) for one in asked.pop("areas")]
        found = receive_round(self.receipt(), by=request.user, areas=areas, **asked)
        return Response(ReceptionAnswer(found).data, status=HTTPStatus.CREATED)
