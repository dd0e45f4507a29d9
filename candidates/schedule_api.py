"""Calls about schedules: windows that move, and jadwal tahapan with its versions for everybody."""

from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates import api_shapes as shapes
from candidates import queries, schedules, zones
from candidates.api import OfElection, validated
from candidates.history import said_changes
from candidates.models import Election, ScheduleVersion, Window
from foundation.accounts.matrix import Permission

# Without a value every stored number is a possible one.
NUMBER = OpenApiParameter(
    "number", OpenApiTypes.INT, OpenApiParameter.PATH, description="Nomor versi jadwal."
)


class WindowChange(serializers.Serializer):
    """What moves about a window; what is not sent stays. Always by decree."""

    opens_at = shapes.ZonedDateTimeField(required=False)
    closes_at = shapes.ZonedDateTimeField(required=False)
    daily_from = serializers.TimeField(required=False, allow_null=True)
    daily_until = serializers.TimeField(required=False, allow_null=True)
    decree = serializers.CharField(max_length=200, help_text="Keputusan yang menjadi dasar.")


class Decree(serializers.Serializer):
    """By what something is taken back."""

    decree = serializers.CharField(max_length=200, help_text="Keputusan yang menjadi dasar.")


class ScheduledWindow(serializers.Serializer):
    """A window of a schedule, its ends in the election's zone."""

    stage = serializers.CharField()
    kind = serializers.ChoiceField(Window.Kind.choices)
    opens_at = serializers.SerializerMethodField()
    closes_at = serializers.SerializerMethodField()
    daily_from = serializers.TimeField(allow_null=True)
    daily_until = serializers.TimeField(allow_null=True)
    decree = serializers.CharField()

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_opens_at(self, window: Window) -> str:
        return zones.local(window.opens_at, window.election.zone).isoformat()

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_closes_at(self, window: Window) -> str:
        return zones.local(window.closes_at, window.election.zone).isoformat()


class VersionAnswer(serializers.Serializer):
    """One version of a schedule: what made it, and what it then said."""

    number = serializers.IntegerField()
    published_at = serializers.DateTimeField(source="created_at")
    decree = serializers.CharField()
    voting_day = serializers.DateField()
    changes = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changes(self, version: ScheduleVersion) -> list[str]:
        return said_changes(version.election, version)


class VersionDetail(VersionAnswer):
    """A version with its windows."""

    windows = serializers.SerializerMethodField()

    @extend_schema_field(ScheduledWindow(many=True))
    def get_windows(self, version: ScheduleVersion) -> list[dict[str, Any]]:
        return ScheduledWindow(schedules.windows_of(version), many=True).data


class AnnouncedElection(serializers.ModelSerializer):
    """An election as everybody may know it, with the windows of all its pairs."""

    zone_label = serializers.CharField(source="get_zone_display")
    windows = ScheduledWindow(many=True)

    class Meta:
        model = Election
        fields = [
            "id", "name", "level", "region_id", "region_name", "voting_day", "zone", "zone_label", "practice",
            "windows",
        ]  # fmt: skip


class WindowView(OfElection, APIView):
    """Satu masa sebuah pemilihan, yang berlaku untuk semua pasangan."""

    permission = Permission.MANAGE_WINDOWS

    def window(self) -> Window:
        """The window of the address. Raises Http404."""
        election = self.election()
        window = get_object_or_404(
            Window.objects.filter(election=election, pair=None), pk=self.kwargs["window"]
        )
        window.election = election
        return window

    @extend_schema(request=WindowChange, responses=shapes.WindowAnswer, operation_id="windows_change")
    def patch(self, request: Request, election: int, window: int) -> Response:
        """Mengubah masa berdasarkan keputusan; yang sudah dimulai hanya dapat diperpanjang."""
        found = self.window()
        changed = schedules.change_window(found, by=request.user, **validated(WindowChange, request.data))
        return Response(shapes.WindowAnswer(changed).data)

    @extend_schema(parameters=[Decree], responses={204: None}, operation_id="windows_cancel")
    def delete(self, request: Request, election: int, window: int) -> Response:
        """Membatalkan masa yang belum dimulai, berdasarkan keputusan."""
        found = self.window()
        schedules.cancel_window(found, by=request.user, **validated(Decree, request.query_params))
        return Response(status=HTTPStatus.NO_CONTENT)


class SchedulesView(generics.ListAPIView):
    """Jadwal tahapan semua pemilihan, untuk umum; latihan tidak termasuk."""

    permission = Permission.VIEW_SCHEDULE
    serializer_class = AnnouncedElection
    queryset = Election.objects.none()

    def get_queryset(self) -> QuerySet[Election]:
        """The elections everybody may know of."""
        windows = Window.objects.filter(pair=None).select_related("election")
        return queries.elections_announced().prefetch_related(Prefetch("windows", windows))

    @extend_schema(auth=[], operation_id="schedules_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ScheduleVersionsView(generics.ListAPIView):
    """Versi jadwal satu pemilihan, untuk umum."""

    permission = Permission.VIEW_SCHEDULE
    serializer_class = VersionAnswer
    queryset = ScheduleVersion.objects.none()

    def get_queryset(self) -> QuerySet[ScheduleVersion]:
        """The versions of the election. Raises Http404."""
        election = get_object_or_404(queries.elections_announced(practice=True), pk=self.kwargs["election"])
        versions = ScheduleVersion.objects.filter(election=election)
        return versions.select_related("election__rule_set")

    @extend_schema(auth=[], operation_id="schedule_versions")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ScheduleVersionView(APIView):
    """Satu versi jadwal beserta masa-masanya, untuk umum."""

    permission = Permission.VIEW_SCHEDULE

    @extend_schema(responses=VersionDetail, auth=[], operation_id="schedule_version", parameters=[NUMBER])
    def get(self, request: Request, election: int, number: int) -> Response:
        versions = ScheduleVersion.objects.select_related("election__rule_set")
        found = versions.filter(election=election, number=number).first()
        if found is None:
            raise Http404
        return Response(VersionDetail(found).data)
