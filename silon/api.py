"""Calls of the API that look into every app."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.models import Pair
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission, Role, title_of


class OwnRole(serializers.Serializer):
    """One role and where it holds."""

    role = serializers.CharField()
    title = serializers.CharField()
    scope_kind = serializers.ChoiceField(["nation", "region", "pair"])
    scope_id = serializers.IntegerField(help_text="Kode wilayah atau id pasangan; 0 untuk nasional.")


class OwnUser(serializers.Serializer):
    """The account."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()


class OwnPair(serializers.Serializer):
    """A pair whose team the account belongs to."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    election = serializers.IntegerField(source="election_id")


class Me(serializers.Serializer):
    """Who asks."""

    user = OwnUser()
    roles = OwnRole(many=True)
    pairs = OwnPair(many=True)


class MeView(APIView):
    """Akun sendiri: peran, dan pasangan yang timnya diikuti."""

    permission = Permission.OWN_PROFILE

    @extend_schema(responses=Me, operation_id="me")
    def get(self, request: Request) -> Response:
        roles = [
            {"role": role, "title": title_of(Role(role), scope_id), "scope_kind": kind, "scope_id": scope_id}
            for role, kind, scope_id in request.user.assignments.order_by("id").values_list(
                "role", "scope_kind", "scope_id"
            )
        ]
        pairs = Pair.objects.filter(pk__in=scopes(request.user, Permission.VIEW_PAIR).pairs)
        return Response(Me({"user": request.user, "roles": roles, "pairs": pairs}).data)
