"""Calls of the API about groups: the queue, a group's rows side by side, deciding about them."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from candidates.api import validated
from candidates.territory import elections_governed_by
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from supports.match_api import answer_of
from supports.match_shapes import MatchPageAnswer, MatchQuestion
from supports.queries import reach_of
from verification.api import OfReview
from verification.duplicates import api_shapes as shapes
from verification.duplicates import operations
from verification.duplicates.comparing import compare
from verification.duplicates.models import Group
from verification.duplicates.queries import GroupPage, MemberPage, group_or_404, list_groups, list_members


class OfGroup:
    """Calls about one group, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def group(self) -> Group:
        """The group of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        return group_or_404(self.request.user, self.kwargs["group"], permission)


def _beside(request: Request, page: GroupPage | MemberPage) -> dict[str, str | None]:
    here = request.build_absolute_uri()
    cursors = {"next": page.next, "previous": page.previous}
    return {name: one and replace_query_param(here, "cursor", one) for name, one in cursors.items()}


class GroupsView(OfReview, APIView):
    """Kelompok baris ganda satu putaran."""

    permission = Permission.VIEW_DECISIONS

    @extend_schema(
        parameters=[shapes.GroupQuestion], responses=shapes.GroupPageAnswer, operation_id="reviews_groups"
    )
    def get(self, request: Request, submission: int) -> Response:
        """Satu halaman kelompok satu jenis; NIK disamarkan. Kosong selama kelompok belum disusun."""
        found = self.review().submission
        asked = validated(shapes.GroupQuestion, request.query_params)
        page = list_groups(found, **asked, reach=reach_of(request.user, found.pair))
        answer = {**_beside(request, page), "results": page.lines}
        return Response(shapes.GroupPageAnswer(answer).data)


class OtherPairsView(OfReview, APIView):
    """Pendukung satu putaran yang juga diberikan bakal pasangan calon lain; hanya untuk KPU."""

    permission = Permission.VIEW_PAIR_MATCHES

    @extend_schema(parameters=[MatchQuestion], responses=MatchPageAnswer, operation_id="reviews_pair_matches")
    def get(self, request: Request, submission: int) -> Response:
        """Satu halaman menurut NIK yang tersegel; NIK disamarkan. Tidak ada yang diputus di sini."""
        found = self.review().submission
        governed = elections_governed_by(request.user, Permission.VIEW_PAIR_MATCHES)
        return answer_of(request, get_object_or_404(governed, pk=found.pair.election_id), within=found)


class GroupView(OfGroup, APIView):
    """Satu kelompok, barisnya berdampingan."""

    permission = Permission.VIEW_DECISIONS

    @extend_schema(
        parameters=[shapes.MemberQuestion], responses=shapes.MemberPageAnswer, operation_id="groups_retrieve"
    )
    def get(self, request: Request, group: int) -> Response:
        """Satu halaman baris, masing-masing dibandingkan dengan baris pertama kelompok; identitas disamarkan."""
        found = self.group()
        page = list_members(found, **validated(shapes.MemberQuestion, request.query_params))
        answer = {"group": found, **_beside(request, page), "results": compare(page, by=request.user)}
        return Response(shapes.MemberPageAnswer(answer).data)


class GroupDecisionsView(OfGroup, APIView):
    """Keputusan tentang beberapa baris satu kelompok."""

    permission = Permission.VERIFY

    @extend_schema(request=shapes.NewGroupDecision, responses=shapes.RowsDone, operation_id="groups_decide")
    def post(self, request: Request, group: int) -> Response:
        """Memutus baris yang menunggu Anda, semuanya sama; semua atau tidak satu pun. Satu orang dihitung satu kali."""
        asked = validated(shapes.NewGroupDecision, request.data)
        rows = operations.decide_members(self.group(), asked.pop("supports"), by=request.user, **asked)
        return Response(shapes.RowsDone({"rows": rows}).data)


class KeepOneView(OfGroup, APIView):
    """Satu baris tetap dihitung, yang lain tidak."""

    permission = Permission.VERIFY

    @extend_schema(request=shapes.KeptRow, responses=shapes.KeptAnswer, operation_id="groups_keep_one")
    def post(self, request: Request, group: int) -> Response:
        """Baris itu MS; baris lain yang menunggu Anda menjadi TMS atau BMS menurut aturan putaran ini."""
        asked = validated(shapes.KeptRow, request.data)
        done = operations.keep_one(self.group(), asked["support"], by=request.user)
        counts = {status.lower(): done.get(status, 0) for status in ("MS", "BMS", "TMS")}
        return Response(shapes.KeptAnswer(counts).data)


class UndoGroupView(OfGroup, APIView):
    """Membatalkan keputusan sendiri di satu kelompok."""

    permission = Permission.VERIFY

    @extend_schema(request=None, responses=shapes.RowsDone, operation_id="groups_undo")
    def post(self, request: Request, group: int) -> Response:
        """Barisnya menunggu Anda lagi; keputusan dan pembatalannya tetap tercatat."""
        return Response(
            shapes.RowsDone({"rows": operations.undo_members(self.group(), by=request.user)}).data
        )


class TakeOverView(OfGroup, APIView):
    """Mengambil alih baris satu kelompok."""

    permission = Permission.VERIFY

    @extend_schema(request=None, responses=shapes.RowsDone, operation_id="groups_take_over")
    def post(self, request: Request, group: int) -> Response:
        """Baris yang menunggu orang lain menunggu Anda; hanya bagi pemegang baris pertama yang menunggu."""
        return Response(shapes.RowsDone({"rows": operations.take_over(self.group(), by=request.user)}).data)
