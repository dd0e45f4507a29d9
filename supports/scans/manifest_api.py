"""Calls of the API about lists that say which file is whose: send one, list them, read which lines are wrong."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from foundation.accounts.matrix import Permission
from foundation.storage import take_file
from supports.api_shapes import JobAnswer
from supports.rounds import refuse_inactive
from supports.scans import manifests, queries
from supports.scans.api_shapes import SaidAnswer
from supports.scans.manifest import MOST_BYTES
from supports.scans.models import ScanManifest
from supports.scans.words import LINES
from supports.standards import key_scope
from supports.upload_api import MULTIPART, OfPair


class NewManifest(serializers.Serializer):
    """A list."""

    file = serializers.FileField(help_text="CSV: berkas; nik, rujukan, lembar, atau id baris; jenis.")


class ManifestAnswer(serializers.ModelSerializer):
    """One list, and how much of it holds."""

    job = JobAnswer(allow_null=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = ScanManifest
        fields = [
            "id", "pair", "name", "size", "sha256", "lines", "kept", "wrong", "matched", "received_at", "finished_at",
            "job", "error",
        ]  # fmt: skip

    @extend_schema_field(SaidAnswer(allow_null=True))
    def get_error(self, manifest: ScanManifest) -> dict[str, str] | None:
        if not manifest.error_code:
            return None
        return {"code": manifest.error_code, "message": manifest.error_message}


class LineFault(SaidAnswer):
    """A line that was left out."""

    line = serializers.IntegerField(help_text="Nomor baris di dalam berkas; judul kolom adalah baris 1.")


class ManifestWithFaultsAnswer(ManifestAnswer):
    """One list, with its wrong lines."""

    faults = serializers.SerializerMethodField()

    class Meta(ManifestAnswer.Meta):
        fields = [*ManifestAnswer.Meta.fields, "faults"]

    @extend_schema_field(LineFault(many=True))
    def get_faults(self, manifest: ScanManifest) -> list[dict[str, Any]]:
        return [{"line": line, "code": code, "message": str(LINES[code])} for line, code in manifest.faults]


class ManifestsView(OfPair, generics.ListAPIView):
    """Daftar berkas pindaian: berkas mana milik siapa."""

    permission = Permission.SEND_SUPPORT_SCANS
    parser_classes = (MultiPartParser,)
    serializer_class = ManifestAnswer
    queryset = ScanManifest.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[ScanManifest]:
        """The pair's."""
        return queries.manifests_of(self.pair())

    @extend_schema(
        request={MULTIPART: NewManifest},
        responses={202: ManifestAnswer, 200: ManifestAnswer},
        operation_id="pairs_scan_manifests_send",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Mengirim daftar. Berlaku bagi pindaian yang menunggu dan yang datang kemudian. 200: daftar terakhir sama."""
        found = self.pair()
        refuse_inactive(found)
        file = take_file(request._request, key_scope(found.election), limit=MOST_BYTES)
        manifest, new = manifests.receive_manifest(found, by=request.user, file=file)
        address = reverse("api_scan_manifest", args=[found.pk, manifest.pk], request=request)
        status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
        return Response(ManifestAnswer(manifest).data, status=status, headers={"Location": address})


class ManifestView(OfPair, APIView):
    """Satu daftar berkas pindaian."""

    permission = Permission.SEND_SUPPORT_SCANS

    @extend_schema(responses=ManifestWithFaultsAnswer, operation_id="pairs_scan_manifest")
    def get(self, request: Request, pair: int, manifest: int) -> Response:
        """Berapa baris dipakai, dan baris yang keliru (paling banyak 1.000) beserta sebabnya."""
        found = get_object_or_404(queries.manifests_of(self.pair()), pk=manifest)
        return Response(ManifestWithFaultsAnswer(found).data)
