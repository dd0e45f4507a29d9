"""Calls of the API about elections, windows, pairs and rulings."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates import api_shapes as shapes
from candidates import elections, operations, queries, thresholds
from candidates.models import Election, Pair, Ruling, Window
from foundation.accounts.matrix import Permission
from foundation.errors import Refused


def validated(shape: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """The fields of a request as the operation takes them. Raises ValidationError."""
    form = shape(data=data)
    form.is_valid(raise_exception=True)
    return form.validated_data


class RequirementView(APIView):
    """Simulasi syarat dukungan: jumlah minimum dan sebaran, dengan hitungannya."""

    permission = Permission.SIMULATE

    @extend_schema(
        parameters=[shapes.RequirementQuestion],
        responses=shapes.RequirementAnswer,
        auth=[],
        operation_id="requirement",
    )
    def get(self, request: Request) -> Response:
        asked = validated(shapes.RequirementQuestion, request.query_params)
        try:
            answer = thresholds.requirement(**asked)
        except thresholds.Impossible as error:
            raise Refused("impossible_number", str(error), error.field) from error
        lines = thresholds.explain(**asked).lines()
        return Response(
            {
                "permille": answer.permille,
                "minimum": answer.minimum,
                "min_spread": answer.min_spread,
                "explanation": lines,
            }
        )


class ElectionsView(generics.ListAPIView):
    """Pemilihan di wilayah sendiri."""

    permissions = {"GET": Permission.VIEW_ELECTION, "POST": Permission.CREATE_ELECTION}
    serializer_class = shapes.ElectionAnswer
    queryset = Election.objects.none()

    def get_queryset(self) -> QuerySet[Election]:
        """The elections of the user, with what the requirement is reckoned from."""
        return queries.elections_visible_to(self.request.user).prefetch_related("areas")

    @extend_schema(
        request=shapes.NewElection,
        responses={201: shapes.ElectionDetail},
    )
    def post(self, request: Request) -> Response:
        """Membuat pemilihan di wilayah sendiri."""
        election = operations.create_election(by=request.user, **validated(shapes.NewElection, request.data))
        answer = shapes.ElectionDetail(election, context={"request": request})
        return Response(answer.data, status=HTTPStatus.CREATED)


class ElectionView(generics.RetrieveAPIView):
    """Satu pemilihan: syarat, wilayah, dan masa pengisian serta penyerahan."""

    permission = Permission.VIEW_ELECTION
    serializer_class = shapes.ElectionDetail
    queryset = Election.objects.none()

    def get_queryset(self) -> QuerySet[Election]:
        """The elections of the user."""
        return queries.elections_visible_to(self.request.user).prefetch_related("areas")


class OfElection:
    """Calls below one election, which must be the user's to see."""

    request: Request
    kwargs: dict[str, Any]

    def election(self) -> Election:
        """The election of the address. Raises Http404."""
        return get_object_or_404(queries.elections_visible_to(self.request.user), pk=self.kwargs["election"])


class WindowsView(OfElection, generics.ListAPIView):
    """Masa pengisian dan penyerahan satu pemilihan."""

    permissions = {"GET": Permission.VIEW_ELECTION, "POST": Permission.MANAGE_WINDOWS}
    serializer_class = shapes.WindowAnswer
    queryset = Window.objects.none()

    def get_queryset(self) -> QuerySet[Window]:
        """The election's windows, and of the pairs' own ones those the user may see."""
        return queries.windows_visible_to(self.request.user, self.election())

    @extend_schema(
        request=shapes.NewWindow,
        responses={201: shapes.WindowAnswer},
    )
    def post(self, request: Request, election: int) -> Response:
        """Menjadwalkan masa pengisian atau penyerahan satu putaran."""
        fields = validated(shapes.NewWindow, request.data)
        window = operations.open_window(self.election(), by=request.user, **fields)
        return Response(shapes.WindowAnswer(window).data, status=HTTPStatus.CREATED)


class ElectionPairsView(OfElection, generics.ListAPIView):
    """Bakal pasangan calon satu pemilihan."""

    permissions = {"GET": Permission.VIEW_PAIR, "POST": Permission.CREATE_PAIR}
    serializer_class = shapes.PairAnswer
    queryset = Pair.objects.none()

    def get_queryset(self) -> QuerySet[Pair]:
        """The pairs of the election that the user may see."""
        return queries.pairs_visible_to(self.request.user).filter(election=self.election())

    @extend_schema(
        request=shapes.NewPair,
        responses={201: shapes.PairAnswer},
    )
    def post(self, request: Request, election: int) -> Response:
        """Mendaftarkan bakal pasangan calon."""
        fields = validated(shapes.NewPair, request.data)
        pair = operations.create_pair(self.election(), by=request.user, **fields)
        return Response(shapes.PairAnswer(pair).data, status=HTTPStatus.CREATED)


class PairsView(generics.ListAPIView):
    """Bakal pasangan calon yang dapat dilihat."""

    permission = Permission.VIEW_PAIR
    serializer_class = shapes.PairAnswer
    queryset = Pair.objects.none()

    def get_queryset(self) -> QuerySet[Pair]:
        """The pairs of the user."""
        return queries.pairs_visible_to(self.request.user)


class PairView(generics.RetrieveAPIView):
    """Satu bakal pasangan calon, dan apakah masa pengisian serta penyerahannya sedang dibuka."""

    permissions = {"GET": Permission.VIEW_PAIR, "PATCH": Permission.CREATE_PAIR}
    serializer_class = shapes.PairDetail
    queryset = Pair.objects.none()

    def get_queryset(self) -> QuerySet[Pair]:
        """The pairs of the user."""
        return queries.pairs_visible_to(self.request.user)

    @extend_schema(request=shapes.NewPair, responses=shapes.PairDetail, operation_id="pairs_rename")
    def patch(self, request: Request, pk: int) -> Response:
        """Membetulkan penulisan nama pasangan; nama semula tetap tercatat."""
        form = shapes.NewPair(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        elections.change_pair(self.get_object(), by=request.user, **form.validated_data)
        return Response(shapes.PairDetail(self.get_object()).data)


class RulingStep(APIView):
    """One step of a ruling, which must be about a pair the user may see."""

    def ruling(self) -> Ruling:
        """The ruling of the address. Raises Http404."""
        return get_object_or_404(queries.rulings_visible_to(self.request.user), pk=self.kwargs["ruling"])


class ApproveRulingView(RulingStep):
    """Menyetujui pembukaan kembali (KPU RI, dua orang selain pengusul)."""

    permission = Permission.APPROVE_RULING

    @extend_schema(request=shapes.Read, responses=shapes.RulingAnswer, operation_id="rulings_approve")
    def post(self, request: Request, ruling: int) -> Response:
        """Menyetujui isi usulan dan surat yang dibaca, menurut digest-nya."""
        fields = validated(shapes.Read, request.data)
        approved = operations.approve_ruling(self.ruling(), by=request.user, **fields)
        return Response(shapes.RulingAnswer(approved).data)


class WithdrawRulingView(RulingStep):
    """Menarik usulan yang belum dibuka; tetap dapat dibaca beserta alasannya."""

    permission = Permission.MANAGE_WINDOWS

    @extend_schema(request=shapes.Reason, responses=shapes.RulingAnswer, operation_id="rulings_withdraw")
    def post(self, request: Request, ruling: int) -> Response:
        found = self.ruling()
        fields = validated(shapes.Reason, request.data)
        withdrawn = operations.withdraw_ruling(found, by=request.user, **fields)
        return Response(shapes.RulingAnswer(withdrawn).data)
