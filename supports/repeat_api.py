"""Calls of the API about what an upload repeats: let it replace another, or take its copies out."""

from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from supports import api_shapes, repeats
from supports import repeat_shapes as shapes
from supports.models import Upload
from supports.queries import uploads_visible_to
from supports.upload_of_api import OfUpload


def upload_to_replace(fields: Any, user: AnyUser, pair: Pair) -> Upload | None:
    """The upload that the fields ``mode`` and ``replaces`` of a request name.

    Refuses fields that contradict each other. Raises Http404 for an upload that is not the pair's.
    """
    given = {name: fields[name] for name in ("mode", "replaces") if fields.get(name)}
    asked = validated(shapes.Placing, given)
    mode = asked.get("mode", "replace" if "replaces" in asked else "add")
    if mode == "add" and "replaces" in asked:
        message = _("Isian “replaces” hanya berlaku dengan mode “replace”, sehingga berkas tidak disimpan.")
        raise Refused("replaces_unexpected", message, "replaces")
    if mode == "add":
        return None
    if "replaces" not in asked:
        message = _(
            "Isian “replaces” belum diisi, sehingga berkas tidak disimpan. Isi dengan id unggahan lama."
        )
        raise Refused("replaces_missing", message, "replaces")
    return own_upload(asked["replaces"], user, pair)


def own_upload(upload_id: int, user: AnyUser, pair: Pair) -> Upload:
    """An upload of the pair that the user may replace. Raises Http404."""
    uploads = uploads_visible_to(user, Permission.UPLOAD).filter(submission__pair=pair)
    return get_object_or_404(uploads.select_related("job", "submission__pair__election"), pk=upload_id)


class ReplaceUploadView(OfUpload, APIView):
    """Unggahan ini menggantikan unggahan lain pada putaran yang sama: yang lain dibuang, ini yang tinggal."""

    permission = Permission.UPLOAD

    @extend_schema(
        request=shapes.Replacing, responses={202: api_shapes.UploadAnswer}, operation_id="uploads_replace"
    )
    def post(self, request: Request, upload: int) -> Response:
        found = self.upload()
        asked = validated(shapes.Replacing, request.data)
        old = own_upload(asked["replaces"], request.user, found.submission.pair)
        repeats.replace_upload(found, by=request.user, old=old)
        return self.answer(self.upload(), HTTPStatus.ACCEPTED)


class RemoveCopiesView(OfUpload, APIView):
    """Menghapus salinan dari unggahan ini; baris yang sama persis dan sudah terhitung tetap ada."""

    permission = Permission.UPLOAD

    @extend_schema(
        request=None, responses={202: api_shapes.UploadAnswer}, operation_id="uploads_remove_copies"
    )
    def post(self, request: Request, upload: int) -> Response:
        found = self.upload()
        repeats.remove_copies(found, by=request.user)
        return self.answer(found, HTTPStatus.ACCEPTED)
