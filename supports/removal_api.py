"""Calls that remove all rows a filter shows: first how many they are, then, with that answer's token, the removal."""

from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.jobs.models import Job
from supports import api_shapes as shapes
from supports.api import round_asked, rounds_of, shown
from supports.bulk_removal import in_words, preview_removal, removals_of, request_removal
from supports.findings import effects_by_code
from supports.listing import Filter
from supports.queries import audience_of, typed_reach_of
from supports.upload_api import OfPair

LONGEST_TOKEN = 60


class RemovalFilter(serializers.Serializer):
    """Which rows; at least one of the fields. The same as the list's."""

    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    area = serializers.IntegerField(required=False, min_value=0, max_value=shapes.LARGEST_AREA)
    status = serializers.CharField(required=False)
    upload = serializers.IntegerField(required=False, min_value=1, max_value=shapes.LARGEST_ID)


class RemovalQuestion(serializers.Serializer):
    """With ``preview`` only looked at; without, carried out with ``count`` and ``token`` of a preview."""

    filter = RemovalFilter()
    stage = serializers.CharField(required=False, help_text="Putaran; tanpa isian: yang terakhir.")
    preview = serializers.BooleanField(required=False, default=False)
    count = serializers.IntegerField(required=False, min_value=0)
    token = serializers.CharField(required=False, max_length=LONGEST_TOKEN)


class RemovalPreview(serializers.Serializer):
    """What would be removed."""

    count = serializers.IntegerField()
    token = serializers.CharField(help_text="Mewakili tepat baris-baris ini.")
    filter_in_words = serializers.ListField(child=serializers.CharField())
    examples = shapes.SupportAnswer(many=True)


class RemovalAnswer(serializers.Serializer):
    """How far a removal is."""

    id = serializers.IntegerField()
    state = serializers.CharField(help_text="queued, running, done, failed atau cancelled.")
    step = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    error = shapes.UploadFault(allow_null=True)


class RemovalsView(OfPair, APIView):
    """Menghapus semua baris yang cocok dengan saringan."""

    permission = Permission.EDIT_SUPPORTS

    @extend_schema(
        request=RemovalQuestion,
        responses={
            200: PolymorphicProxySerializer(
                component_name="RemovalLookedAt",
                serializers=[RemovalPreview],
                resource_type_field_name=None,
                many=False,
            ),
            202: RemovalAnswer,
        },
        operation_id="pairs_supports_remove",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Pratinjau: 200 dengan jumlah dan token. Pelaksanaan: 202. 409: barisnya sudah berubah sejak dilihat."""
        found = self.pair()
        asked = validated(RemovalQuestion, request.data)
        submission = round_asked(request, found, asked)
        if submission is None:
            message = _("Bakal pasangan calon ini belum memiliki baris, sehingga tidak ada yang dihapus.")
            raise Refused("nothing_to_remove", message)
        own = typed_reach_of(request.user, found)
        wanted = Filter(**asked["filter"], audience=audience_of(request.user, found), own=own)
        if asked["preview"]:
            preview = preview_removal(submission, wanted)
            effects = effects_by_code(submission)
            rows = [shown(row, effects) for row in preview.examples]
            words = in_words(submission, wanted)
            return Response(
                RemovalPreview({**vars(preview), "filter_in_words": words, "examples": rows}).data
            )
        if "count" not in asked or "token" not in asked:
            message = _(
                "Jumlah dan token dari pratinjau tidak ada, sehingga tidak ada yang dihapus. Kirim dahulu dengan "
                "“preview”: true."
            )
            raise Refused("preview_missing", message, "token")
        job = request_removal(submission, wanted, by=request.user, count=asked["count"], token=asked["token"])
        address = reverse("api_removal", args=[found.pk, job.pk], request=request)
        return Response(_answer(job), status=HTTPStatus.ACCEPTED, headers={"Location": address})


class RemovalView(OfPair, APIView):
    """Kemajuan satu penghapusan menurut saringan."""

    permission = Permission.EDIT_SUPPORTS

    @extend_schema(responses=RemovalAnswer, operation_id="pairs_supports_removal")
    def get(self, request: Request, pair: int, job: int) -> Response:
        found = self.pair()
        asked_by = request.user if typed_reach_of(request.user, found) is not None else None
        removals = removals_of(rounds_of(request, found), asked_by=asked_by)
        return Response(_answer(get_object_or_404(removals, pk=job)))


def _answer(job: Job) -> dict[str, Any]:
    fault = {"code": job.error_code, "message": job.error_message} if job.error_code else None
    return RemovalAnswer({**vars(job), "error": fault}).data
