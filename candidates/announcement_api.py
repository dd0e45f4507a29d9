"""Calls of the API about announcements."""

from http import HTTPStatus

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates import announcements
from candidates.api import validated
from candidates.api_shapes import ZonedDateTimeField
from candidates.models import Announcement
from foundation.accounts.matrix import Permission


class AnnouncementAnswer(serializers.ModelSerializer):
    """An announcement; ``region`` 0 is the nation."""

    elections = serializers.SerializerMethodField()

    class Meta:
        model = Announcement
        fields = [
            "id", "title", "text", "audience", "region", "elections", "shown_from", "shown_until", "pinned",
            "withdrawn_at", "withdrawn_reason",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_elections(self, announcement: Announcement) -> list[int]:
        return [one.pk for one in announcement.elections.all()]


class NewAnnouncement(serializers.Serializer):
    """What is announced to whom."""

    title = serializers.CharField(max_length=150)
    text = serializers.CharField(max_length=4000)
    audience = serializers.ChoiceField(Announcement.Audience.choices)
    elections = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1),
        source="election_ids",
        required=False,
        help_text="Bila audience = elections.",
    )
    shown_from = ZonedDateTimeField(required=False, allow_null=True)
    shown_until = ZonedDateTimeField(required=False, allow_null=True)
    pinned = serializers.BooleanField(required=False)


class AnnouncementsView(generics.ListAPIView):
    """Pengumuman untuk umum, dan bagi yang masuk juga untuk dirinya."""

    permissions = {"GET": Permission.READ_ANNOUNCEMENTS, "POST": Permission.ANNOUNCE}
    serializer_class = AnnouncementAnswer
    queryset = Announcement.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Announcement]:
        """Those the asker may read."""
        return announcements.announcements_visible_to(self.request.user)

    @extend_schema(request=NewAnnouncement, responses={201: AnnouncementAnswer})
    def post(self, request: Request) -> Response:
        """Mengumumkan sesuatu kepada semua orang, wilayah sendiri, atau tim pada pemilihan tertentu."""
        made = announcements.announce(by=request.user, **validated(NewAnnouncement, request.data))
        return Response(AnnouncementAnswer(made).data, status=HTTPStatus.CREATED)
