"""Calls that change one election, with what support makes of it."""

from http import HTTPStatus

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates import api
from candidates import api_shapes as shapes
from foundation.accounts.matrix import Permission
from supports.api_shapes import JobAnswer
from supports.elections import change_election
from supports.throwing_away import request_throwing_away


class ElectionName(serializers.Serializer):
    """The name of what shall be thrown away."""

    name = serializers.CharField(max_length=200, help_text="Nama pemilihan latihan itu.")


class ElectionView(api.ElectionView):
    """Satu pemilihan: syarat, wilayah, dan masa pengisian serta penyerahan."""

    permissions = {
        "GET": Permission.VIEW_ELECTION,
        "PATCH": Permission.CHANGE_ELECTION,
        "DELETE": Permission.CHANGE_ELECTION,
    }

    @extend_schema(
        request=shapes.NewElection, responses=shapes.ElectionDetail, operation_id="elections_change"
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Mengubah pemilihan; yang tidak dikirim tetap. Setelah ada dukungan, hanya yang diubah keputusan."""
        election = self.get_object()
        form = shapes.NewElection(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        change_election(election, by=request.user, **form.validated_data)
        return Response(shapes.ElectionDetail(self.get_object(), context={"request": request}).data)

    @extend_schema(parameters=[ElectionName], responses={202: JobAnswer}, operation_id="elections_throw_away")
    def delete(self, request: Request, pk: int) -> Response:
        """Membuang pemilihan latihan seluruhnya, dengan menyebut namanya; dikerjakan di latar belakang."""
        name = api.validated(ElectionName, request.query_params)["name"]
        job = request_throwing_away(self.get_object(), by=request.user, name=name)
        return Response(JobAnswer(job).data, status=HTTPStatus.ACCEPTED)
