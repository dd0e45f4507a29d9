"""Calls of the API about a pair's typists."""

from http import HTTPStatus

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair
from candidates.queries import rules_of
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from supports.api_fields import TextOnly
from supports.typed import typists
from supports.upload_of_api import OfPair


class NewTypist(serializers.Serializer):
    """Who shall type."""

    name = TextOnly(max_length=150)
    email = TextOnly(max_length=254, help_text="Ke alamat ini tautan aktivasi dikirim.")


class TypistAnswer(serializers.Serializer):
    """One who types for the pair, or did."""

    id = serializers.IntegerField(source="user.pk")
    name = serializers.CharField(source="user.name")
    email = serializers.CharField(source="user.email")
    state = serializers.ChoiceField(
        list(typists.STATES), help_text="ended: aksesnya diakhiri; team: operator atau LO yang ikut mengetik."
    )
    today = serializers.IntegerField(source="typed.today", help_text="Baris yang diketik hari ini.")
    total = serializers.IntegerField(
        source="typed.total", help_text="Seluruhnya, termasuk yang kemudian dihapus."
    )
    uploads = serializers.ListField(child=serializers.IntegerField(), help_text="Unggahan berisi ketikannya.")


class TypistPage(serializers.Serializer):
    """Everybody who types or typed for the pair; ``allowed`` is how many typists there may be at once."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    allowed = serializers.IntegerField()
    results = TypistAnswer(many=True)


class TypistsView(OfPair, APIView):
    """Juru entri satu pasangan."""

    permission = Permission.MANAGE_TYPISTS

    @extend_schema(responses=TypistPage, operation_id="pairs_typists_list")
    def get(self, request: Request, pair: int) -> Response:
        """Semua pada satu halaman: siapa, keadaannya, dan berapa baris yang diketik."""
        found = self.pair()
        answer = {
            "next": None,
            "previous": None,
            "allowed": rules_of(found.election).typists_allowed,
            "results": typists.typists_of(found),
        }
        return Response(TypistPage(answer).data)

    @extend_schema(request=NewTypist, responses={201: TypistAnswer}, operation_id="pairs_typists_create")
    def post(self, request: Request, pair: int) -> Response:
        """Mengundang satu juru entri."""
        found = self.pair()
        user = typists.add_typist(found, by=request.user, **validated(NewTypist, request.data))
        address = reverse("api_typist", args=[found.pk, user.pk], request=request)
        return Response(_answer(found, user), status=HTTPStatus.CREATED, headers={"Location": address})


class OfTypist(OfPair):
    """Calls about one typist of a pair."""

    def typist(self, pair: Pair) -> User:
        """The account of the address, if it is a typist of the pair. Raises Http404."""
        return get_object_or_404(typists.accounts_of_typists(pair), pk=self.kwargs["user"])


class TypistView(OfTypist, APIView):
    """Satu juru entri."""

    permission = Permission.MANAGE_TYPISTS

    @extend_schema(responses=TypistAnswer, operation_id="pairs_typists_retrieve")
    def get(self, request: Request, pair: int, user: int) -> Response:
        found = self.pair()
        return Response(_answer(found, self.typist(found)))

    @extend_schema(responses={204: None}, operation_id="pairs_typists_end")
    def delete(self, request: Request, pair: int, user: int) -> Response:
        """Mengakhiri aksesnya seketika; ketikannya tetap tersimpan."""
        found = self.pair()
        typists.end_typist(found, self.typist(found), by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class InviteTypistView(OfTypist, APIView):
    """Tautan aktivasi satu juru entri."""

    permission = Permission.MANAGE_TYPISTS

    @extend_schema(request=None, responses={204: None}, operation_id="pairs_typists_invite")
    def post(self, request: Request, pair: int, user: int) -> Response:
        """Mengirim tautan aktivasi baru; yang lama tidak berlaku lagi."""
        typists.invite_again(self.typist(self.pair()), by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


def _answer(pair: Pair, user: User) -> dict:
    return TypistAnswer(next(one for one in typists.typists_of(pair) if one.user.pk == user.pk)).data
