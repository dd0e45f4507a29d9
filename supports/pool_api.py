"""Calls of the API about a pair's pool (Cadangan dukungan): what is in it, and moving rows into the round or back."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.api_shapes import WindowStateAnswer
from foundation.accounts.access import scopes
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.jobs.models import Job
from supports import api_shapes as shapes
from supports.models import Submission
from supports.moving import MOST_CHOSEN, Choice, look_into_pool, move_supports, preview_move
from supports.upload_api import OfPair


class MoveAnswer(serializers.Serializer):
    """How far a move is; ``done`` rows of ``total``."""

    id = serializers.IntegerField()
    state = serializers.CharField(help_text="queued, running, done, failed atau cancelled.")
    step = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    error = shapes.UploadFault(allow_null=True)


class PoolAnswer(serializers.Serializer):
    """What is in the pool. Nothing of it counts before it is moved."""

    rows = serializers.IntegerField()
    rows_clean = serializers.IntegerField(
        help_text="Tanpa temuan yang menghalangi, dan orangnya belum di putaran."
    )
    findings = serializers.DictField(child=serializers.IntegerField())
    by_area = shapes.AreaProgress(many=True)
    window = WindowStateAnswer(help_text="Masa pengisian putaran yang akan menerima baris.")
    move = MoveAnswer(allow_null=True, help_text="Pemindahan terakhir.")


class MoveQuestion(serializers.Serializer):
    """Which rows move: those that fit everything that is sent; without anything all of them."""

    to = serializers.ChoiceField(Submission.Kind.values, default=Submission.Kind.ROUND)
    upload = serializers.IntegerField(required=False, min_value=1, max_value=shapes.LARGEST_ID)
    area = serializers.IntegerField(required=False, min_value=0, max_value=shapes.LARGEST_AREA)
    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    clean = serializers.BooleanField(required=False, default=False, help_text="Hanya baris yang bersih.")
    ids = serializers.ListField(
        required=False,
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_CHOSEN,
    )
    preview = serializers.BooleanField(required=False, default=False)
    expected = serializers.IntegerField(
        required=False, min_value=0, help_text="Jumlah dari pratinjau; 409 bila sudah lain."
    )


class MovePreview(serializers.Serializer):
    """What would move."""

    count = serializers.IntegerField()
    count_clean = serializers.IntegerField(help_text="Yang bersih di tempat asalnya.")
    source = serializers.CharField(help_text="Putaran asal; pool: Cadangan dukungan.")
    target = serializers.CharField()


def move_shown(job: Job | None) -> dict[str, Any] | None:
    """A move as the API tells of it."""
    if job is None:
        return None
    error = {"code": job.error_code, "message": job.error_message} if job.error_code else None
    total = job.total or job.params["expected"]
    return {
        "id": job.pk,
        "state": job.state,
        "step": job.step,
        "done": job.done,
        "total": total,
        "error": error,
    }


class OfPool(OfPair):
    """Calls below a pair's pool: of the own pair only."""

    def pair(self) -> Any:
        """The own pair of the address. Raises Http404."""
        found = super().pair()
        if found.pk not in scopes(self.request.user, required(type(self), self.request.method)).pairs:
            raise Http404
        return found


class PoolView(OfPool, APIView):
    """Cadangan dukungan satu pasangan."""

    permission = Permission.VIEW_UPLOADS

    @extend_schema(responses=PoolAnswer, operation_id="pairs_pool")
    def get(self, request: Request, pair: int) -> Response:
        """Jumlah, temuan, dan wilayah baris di Cadangan, serta pemindahan terakhir."""
        found = look_into_pool(self.pair())
        return Response(PoolAnswer({**vars(found), "move": move_shown(found.move)}).data)


class PoolMoveView(OfPool, APIView):
    """Memindahkan baris dari Cadangan ke putaran yang sedang diisi, atau sebaliknya."""

    permission = Permission.UPLOAD

    @extend_schema(
        request=MoveQuestion,
        responses={
            200: PolymorphicProxySerializer(
                component_name="MoveLookedAt",
                serializers=[MovePreview],
                resource_type_field_name=None,
                many=False,
            ),
            202: MoveAnswer,
        },
        operation_id="pairs_pool_move",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Pratinjau: 200 dengan jumlahnya. Pelaksanaan: 202. 409: jumlahnya berubah, atau pemindahan lain berjalan."""
        found = self.pair()
        asked = validated(MoveQuestion, request.data)
        ids = asked.get("ids")
        choice = Choice(
            upload=asked.get("upload"),
            area=asked.get("area"),
            finding=asked.get("finding"),
            clean=asked["clean"],
            ids=None if ids is None else tuple(ids),
        )
        if asked["preview"]:
            seen = preview_move(found, choice, to=asked["to"])
            ends = {"source": seen.source.stage, "target": seen.target.stage}
            return Response(MovePreview({"count": seen.rows, "count_clean": seen.clean, **ends}).data)
        job = move_supports(
            found, by=request.user, choice=choice, to=asked["to"], expected=asked.get("expected")
        )
        return Response(MoveAnswer(move_shown(job)).data, status=HTTPStatus.ACCEPTED)
