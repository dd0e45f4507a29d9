"""The commission's call about people given by several pairs."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from candidates.models import Election
from candidates.territory import elections_governed_by
from foundation.accounts.matrix import Permission
from supports import match_shapes as shapes
from supports.matches import read_matches
from supports.models import Submission


class PairMatchesView(APIView):
    """Pendukung yang diberikan oleh beberapa bakal pasangan calon; hanya untuk KPU."""

    permission = Permission.VIEW_PAIR_MATCHES

    @extend_schema(
        parameters=[shapes.MatchQuestion],
        responses=shapes.MatchPageAnswer,
        operation_id="elections_pair_matches",
    )
    def get(self, request: Request, election: int) -> Response:
        """Satu halaman menurut NIK yang tersegel; NIK disamarkan, satu baris untuk setiap pasangan."""
        governed = elections_governed_by(request.user, Permission.VIEW_PAIR_MATCHES)
        found = get_object_or_404(governed, pk=election)
        return answer_of(request, found)


def answer_of(request: Request, election: Election, *, within: Submission | None = None) -> Response:
    """The page that the request asks for, of people ``within`` one round where it is named."""
    cursor = request.query_params.get("cursor", "")
    page = read_matches(election, by=request.user, cursor=cursor, within=within)
    answer: dict[str, Any] = {"next": None, "previous": None, "results": page.people}
    if page.next:
        answer["next"] = replace_query_param(request.build_absolute_uri(), "cursor", page.next)
    return Response(shapes.MatchPageAnswer(answer).data)
