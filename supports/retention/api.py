"""Calls of the API about the end of identities: where it stands, propose, approve, withdraw; the certificate."""

from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission
from supports.retention import operations, queries
from supports.retention.models import Destruction
from supports.retention.queries import Retention


class SeenAnswer(serializers.Serializer):
    """What a destruction would take, and the receipts that stay."""

    pairs = serializers.IntegerField()
    rounds = serializers.IntegerField()
    rows = serializers.IntegerField()
    uploads = serializers.IntegerField()
    files = serializers.IntegerField()
    bytes = serializers.IntegerField()
    documents = serializers.IntegerField()
    matches = serializers.IntegerField()
    receipts = serializers.ListField(child=serializers.CharField())


class HoldAnswer(serializers.Serializer):
    """What holds everything of an election."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    reason = serializers.CharField()
    set_at = serializers.DateTimeField()
    approvals_to_lift = serializers.SerializerMethodField()

    def get_approvals_to_lift(self, hold: Any) -> int:
        return 1 if hold.first_lifted_by_id else 0


class RetentionAnswer(serializers.Serializer):
    """Where the identities of an election stand; ``digest`` is sent back with a proposal or an approval."""

    election = serializers.IntegerField(source="retention.election.pk")
    state = serializers.ChoiceField(
        [queries.ENDED, queries.SOON, queries.HELD, queries.UNDER_WAY, queries.DESTROYED, queries.LATER],
        source="retention.state",
    )
    kept_until = serializers.DateField(source="retention.ends_on")
    basis = serializers.CharField(source="retention.basis")
    holds = HoldAnswer(source="retention.standing", many=True)
    seen = SeenAnswer()
    digest = serializers.CharField()
    destruction = serializers.IntegerField(allow_null=True)
    certificate = serializers.IntegerField(allow_null=True)


class SeenDigest(serializers.Serializer):
    """The digest of what was looked at."""

    digest = serializers.CharField(max_length=64)


def answer_of(retention: Retention) -> dict[str, Any]:
    """The answer of every call about one election."""
    one = retention.destruction
    seen = one.seen if one else queries.what_is_there(retention.election)
    digest = one.digest if one else queries.digest_of(retention.election, retention.ends_on, seen)
    certificate = getattr(one, "certificate", None)
    return RetentionAnswer(
        {
            "retention": retention,
            "seen": seen,
            "digest": digest,
            "destruction": one.pk if one else None,
            "certificate": certificate.pk if certificate else None,
        }
    ).data


class RetentionView(APIView):
    """Masa simpan identitas satu pemilihan."""

    permission = Permission.MANAGE_RETENTION

    @extend_schema(responses=RetentionAnswer, operation_id="elections_retention")
    def get(self, request: Request, election: int) -> Response:
        """Sampai kapan, apa yang menahannya, dan apa yang akan dimusnahkan."""
        return Response(
            answer_of(queries.retention_of(get_object_or_404(queries.live_elections(), pk=election)))
        )

    @extend_schema(
        request=SeenDigest, responses={201: RetentionAnswer}, operation_id="elections_propose_destruction"
    )
    def post(self, request: Request, election: int) -> Response:
        """Mengusulkan pemusnahan; disetujui oleh orang lain di KPU RI."""
        found = get_object_or_404(queries.live_elections(), pk=election)
        operations.propose_destruction(found, by=request.user, **validated(SeenDigest, request.data))
        return Response(answer_of(queries.retention_of(found)), status=HTTPStatus.CREATED)


class ApprovalView(APIView):
    """Persetujuan pemusnahan."""

    permission = Permission.MANAGE_RETENTION

    @extend_schema(request=SeenDigest, responses={202: RetentionAnswer}, operation_id="destructions_approve")
    def post(self, request: Request, destruction: int) -> Response:
        """Menyetujui usulan orang lain; pekerjaan pemusnahan langsung dimulai."""
        related = Destruction.objects.select_related("election__rule_set")
        found = get_object_or_404(related, pk=destruction)
        operations.approve_destruction(found, by=request.user, **validated(SeenDigest, request.data))
        return Response(answer_of(queries.retention_of(found.election)), status=HTTPStatus.ACCEPTED)


class WithdrawalView(APIView):
    """Penarikan usulan pemusnahan."""

    permission = Permission.MANAGE_RETENTION

    @extend_schema(request=None, responses={204: None}, operation_id="destructions_withdraw")
    def post(self, request: Request, destruction: int) -> Response:
        """Menarik usulan yang belum disetujui."""
        found = get_object_or_404(Destruction.objects.select_related("election"), pk=destruction)
        operations.withdraw_destruction(found, by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class CertificateView(APIView):
    """Sertifikat pemusnahan, untuk umum."""

    permission = Permission.VIEW_CERTIFICATES

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="certificate", auth=[])
    def get(self, request: Request, certificate: int) -> Response:
        """Yang ditandatangani; diperiksa dengan pemeriksa.pyz --certificate."""
        return Response(get_object_or_404(queries.certificates(), pk=certificate).body)
