"""Calls of the API about what became of a pair. The letter comes as a form (multipart) with the fields."""

from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair, PairChange
from candidates.queries import pairs_visible_to
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import dropped_if_refused, take_document
from supports.desk import pair_changes
from supports.standards import key_scope


class PairChangeAnswer(serializers.ModelSerializer):
    """A withdrawal or a replacement."""

    class Meta:
        model = PairChange
        fields = ["id", "pair", "kind", "number", "reason", "before", "after", "created_at"]


class Withdrawal(serializers.Serializer):
    """Pengunduran diri, with its letter."""

    number = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    document = serializers.FileField(required=False, help_text="PDF, JPG, atau PNG.")


class Replacement(Withdrawal):
    """Penggantian, with its letter."""

    member = serializers.ChoiceField(list(pair_changes.MEMBERS.items()))
    name = serializers.CharField(max_length=100)


class _Recording(APIView):
    permission = Permission.RECORD_PAIR_CHANGE
    parser_classes = [MultiPartParser]
    shape: type[serializers.Serializer]

    def record(self, pair: Pair, said: dict[str, Any]) -> PairChange:
        """What this call records."""
        raise LookupError(type(self).__name__)

    def taken(self, request: Request, pk: int) -> Response:
        """Read the letter, then the fields, then record. Refuses."""
        pair = get_object_or_404(pairs_visible_to(request.user, self.permission), pk=pk)
        document = take_document(request._request, key_scope(pair.election))
        with dropped_if_refused(document):
            said = validated(self.shape, request._request.POST.dict())
            made = self.record(pair, said | {"document": document, "by": request.user})
        return Response(PairChangeAnswer(made).data, status=HTTPStatus.CREATED)


class WithdrawalView(_Recording):
    """Mencatat pengunduran diri bakal pasangan calon."""

    shape = Withdrawal

    def record(self, pair: Pair, said: dict[str, Any]) -> PairChange:
        return pair_changes.withdraw_pair(pair, **said)

    @extend_schema(request=Withdrawal, responses={201: PairChangeAnswer}, operation_id="pairs_withdraw")
    def post(self, request: Request, pk: int) -> Response:
        return self.taken(request, pk)


class ReplacementsView(_Recording):
    """Mencatat penggantian bakal calon atau bakal calon wakil."""

    shape = Replacement

    def record(self, pair: Pair, said: dict[str, Any]) -> PairChange:
        return pair_changes.replace_member(pair, **said)

    @extend_schema(
        request=Replacement, responses={201: PairChangeAnswer}, operation_id="pairs_replace_member"
    )
    def post(self, request: Request, pk: int) -> Response:
        return self.taken(request, pk)
