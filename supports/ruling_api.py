"""Calls of the API about a pair's rulings: read them, propose one."""

from http import HTTPStatus

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.api import validated
from candidates.api_shapes import NewRuling, RulingAnswer
from candidates.models import Ruling
from candidates.queries import rulings_visible_to
from foundation.accounts.matrix import Permission
from supports.reopening import propose_ruling
from supports.upload_api import OfPair


class RulingsView(OfPair, generics.ListAPIView):
    """Putusan, kesepakatan, dan gangguan yang memberi satu pasangan waktu tersendiri."""

    permissions = {"GET": Permission.VIEW_PAIR, "POST": Permission.MANAGE_WINDOWS}
    serializer_class = RulingAnswer
    queryset = Ruling.objects.none()

    def get_queryset(self) -> QuerySet[Ruling]:
        """The rulings about the pair."""
        rulings = rulings_visible_to(self.request.user).filter(pair=self.pair())
        return rulings.prefetch_related("windows__election")

    @extend_schema(request=NewRuling, responses={201: RulingAnswer})
    def post(self, request: Request, pair: int) -> Response:
        """Mengusulkan pembukaan kembali. Perlu disetujui dua orang KPU RI sebelum dibuka."""
        found = self.pair()
        fields = validated(NewRuling, request.data)
        ruling = propose_ruling(found, by=request.user, **fields)
        return Response(RulingAnswer(ruling).data, status=HTTPStatus.CREATED)
