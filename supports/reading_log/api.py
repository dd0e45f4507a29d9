"""The call of the API that reads the log of readings."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission, Role
from foundation.readings.kinds import Kind
from foundation.readings.queries import PAGE
from supports.reading_log.log import Asked, Line, read_log

LARGEST = 2**63 - 1
MOST = 500


class LogQuestion(serializers.Serializer):
    """Which readings; the days are included, in WIB."""

    pair = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
    person = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST, help_text=_("Id akun."))
    kind = serializers.ChoiceField([(kind.value, kind.title) for kind in Kind], required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)
    cursor = serializers.IntegerField(
        required=False, source="before", min_value=1, max_value=LARGEST, help_text=_("Dari next.")
    )
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MOST)


class ReadingAnswer(serializers.Serializer):
    """One reading: who, when, by which call, what, and how many rows."""

    id = serializers.IntegerField(source="reading.pk")
    at = serializers.DateTimeField(source="reading.at")
    person = serializers.IntegerField(source="reading.by_id", allow_null=True)
    name = serializers.CharField(source="who")
    roles = serializers.SerializerMethodField()
    own_team = serializers.BooleanField(source="reading.inside")
    kind = serializers.CharField(source="reading.kind")
    title = serializers.CharField(source="kind")
    call = serializers.CharField()
    election = serializers.IntegerField(source="reading.election_id", allow_null=True)
    pair = serializers.IntegerField(source="reading.pair_id", allow_null=True)
    filter = serializers.CharField(source="what")
    rows = serializers.IntegerField(source="reading.rows")
    row = serializers.IntegerField(source="reading.row_id", allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField([role.value for role in Role])))
    def get_roles(self, line: Line) -> list[str]:
        return [role for role in line.reading.roles.split(",") if role]


class ReadingPage(serializers.Serializer):
    """The newest first; ``next`` is the address of the page after, null at the end."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReadingAnswer(many=True)


class ReadingsView(APIView):
    """Log pembacaan identitas."""

    permission = Permission.VIEW_READINGS

    @extend_schema(parameters=[LogQuestion], responses=ReadingPage, operation_id="readings")
    def get(self, request: Request) -> Response:
        """Di wilayah sendiri; bagi LO: pembacaan data pasangannya oleh orang lain."""
        asked: dict[str, Any] = validated(LogQuestion, request.query_params)
        limit = asked.pop("page_size", PAGE)
        page = read_log(request.user, Asked(**asked), limit=limit)
        address = request.build_absolute_uri()
        further = replace_query_param(address, "cursor", page.further) if page.further else None
        answer = {"next": further, "previous": None, "results": page.lines}
        return Response(ReadingPage(answer).data)
