"""Calls of the API about a pair's progress, its supporters, the rules, and single NIKs."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from candidates.api import validated
from candidates.models import Pair
from foundation.accounts.access import may
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from supports import api_shapes as shapes
from supports import rows
from supports.findings import effects_by_code
from supports.identities import open_identity
from supports.listing import PAGE, Filter, Row, list_supports, row_of
from supports.models import Submission, Support
from supports.operations import checked_key
from supports.privacy.sums import known, reads_sums_only, sums_of
from supports.progress import Progress, progress
from supports.queries import (
    audience_of,
    place_of_upload,
    reach_of,
    submissions_visible_to,
    supports_visible_to,
    typed_reach_of,
)
from supports.rules import Rule
from supports.upload_api import IDEMPOTENCY_KEY, TARGET, OfPair, target_of

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='ETag dari GET, misalnya "3".'
)
LONGEST_REVISION = 5  # digits: it is a small integer


class PreconditionFailed(Refused):
    """The request does not say which state of the row it was made for."""

    http_status = HTTPStatus.PRECONDITION_FAILED


class ProgressView(OfPair, APIView):
    """Kemajuan satu pasangan: minimum, terhitung, sebaran, temuan, dan masa pengisian."""

    permission = Permission.VIEW_PROGRESS

    @extend_schema(responses=shapes.ProgressAnswer, operation_id="pairs_progress")
    def get(self, request: Request, pair: int) -> Response:
        found = self.pair()
        reached = progress(found, audience=audience_of(request.user, found))
        answer = shapes.ProgressAnswer(reached).data
        if not may(request.user, Permission.VIEW_FINDINGS):
            answer["findings"] = {}
        if reads_sums_only(request.user):
            answer |= _published(reached)
        return Response(answer)


def _published(reached: Progress) -> dict[str, Any]:
    """The counts without what is not published: null in its place."""
    sums = sums_of(reached)
    nothing = dict.fromkeys(("submitted", "ms", "bms", "tms", "unverified", "clean"))
    return {
        "counted": known(sums.counted),
        "clean": None,
        "submitted": known(sums.submitted),
        "shortfall": known(sums.shortfall),
        "by_area": [
            {"code": code, "name": name, **nothing, "counted": known(counted)}
            for code, name, counted in sums.areas
        ],
    }


class SupportsView(OfPair, APIView):
    """Pendukung satu pasangan; NIK disamarkan."""

    permissions = {"GET": Permission.VIEW_SUPPORTS, "POST": Permission.EDIT_SUPPORTS}

    @extend_schema(
        parameters=[shapes.SupportsQuestion],
        responses=shapes.SupportPage,
        operation_id="pairs_supports_list",
    )
    def get(self, request: Request, pair: int) -> Response:
        """Satu halaman; menurut temuan atau unggahan dalam urutan berkas, selain itu menurut wilayah."""
        found = self.pair()
        asked = validated(shapes.SupportsQuestion, request.query_params)
        submission = round_asked(request, found, asked)
        if submission is None:
            return Response({"next": None, "previous": None, "results": []})
        wanted = Filter(
            finding=asked.get("finding"),
            area=asked.get("area"),
            status=asked.get("status"),
            upload=asked.get("upload"),
            reach=reach_of(request.user, found),
            audience=audience_of(request.user, found),
            own=typed_reach_of(request.user, found),
        )
        page = list_supports(submission, wanted, cursor=asked["cursor"], limit=asked.get("page_size", PAGE))
        effects = effects_by_code(submission)
        answers = shapes.SupportAnswer([shown(row, effects) for row in page.rows], many=True).data
        return Response(page_answer(request, [page.next, page.previous], answers))

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="NewSupports",
            serializers=[shapes.RowFields, shapes.RowFields(many=True)],
            resource_type_field_name=None,
            many=False,
        ),
        parameters=[IDEMPOTENCY_KEY, TARGET],
        responses={
            201: PolymorphicProxySerializer(
                component_name="AddedSupports",
                serializers=[shapes.AddedSupport, shapes.AddedSupport(many=True)],
                resource_type_field_name=None,
                many=False,
            )
        },
        operation_id="pairs_supports_create",
    )
    def post(self, request: Request, pair: int) -> Response:
        """Menambah satu baris atau daftar (paling banyak 1.000); jawabannya sebentuk dengan kirimannya."""
        target = self.pair()
        several = isinstance(request.data, list)
        form = shapes.RowFields(data=request.data if several else [request.data], many=True)
        form.is_valid(raise_exception=True)
        key = checked_key(request.headers.get("Idempotency-Key", ""))
        place = target_of(request) or Submission.Kind.ROUND
        added = rows.add_supports(
            target, by=request.user, rows=form.validated_data, idempotency_key=key, target=place
        )
        effects = effects_by_code(rounds_of(request, target).filter(kind=place).latest("id"))
        answers = [{"id": one.id, "ref": one.ref, "findings": said(one.findings, effects)} for one in added]
        headers = {} if several else {"Location": reverse("api_support", args=[added[0].id], request=request)}
        return Response(answers if several else answers[0], status=HTTPStatus.CREATED, headers=headers)


def rounds_of(request: Request, pair: Pair) -> QuerySet[Submission]:
    """The rounds of the pair that the user may see."""
    rounds = submissions_visible_to(request.user, Permission.VIEW_SUPPORTS).filter(pair=pair)
    return rounds.select_related("pair__election__rule_set", "rule_set")


def round_asked(request: Request, pair: Pair, asked: dict[str, Any]) -> Submission | None:
    """The stage asked for, else where the upload's rows are, else the latest round; None while there is none.

    Raises Http404.
    """
    rounds = rounds_of(request, pair)
    if "stage" in asked:
        return get_object_or_404(rounds, stage=asked["stage"])
    if "upload" in asked:
        return place_of_upload(rounds, asked["upload"])
    return rounds.filter(kind=Submission.Kind.ROUND).order_by("-id").first()


def page_answer(request: Request, ends: Sequence[str | None], results: list[Any]) -> dict[str, Any]:
    """A page of a list with the addresses of those after and before; ``ends`` are their cursors."""
    onwards, backwards = (_address(request, cursor) for cursor in ends)
    return {"next": onwards, "previous": backwards, "results": results}


def _address(request: Request, cursor: str | None) -> str | None:
    """The address of the page at that cursor, with the same filters."""
    if cursor is None:
        return None
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor)


def shown(row: Row, effects: dict[str, str]) -> dict[str, Any]:
    """A row of the list with its findings in words."""
    beside = {
        name: place and place.id for name in ("replaced_by", "replaces") for place in [getattr(row, name)]
    }
    return {**vars(row), **beside, "findings": said(row.findings, effects)}


def said(rules: list[Rule], effects: dict[str, str]) -> list[dict[str, str]]:
    """Rules as findings, with what they suggest in the round."""
    return [shapes.finding(rule, effects[rule.code]) for rule in rules]


class OfSupport:
    """Calls about one row, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def support(self) -> Support:
        """The row of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        related = ("submission__pair__election__rule_set", "submission__rule_set")
        visible = supports_visible_to(self.request.user, permission).select_related(*related)
        return get_object_or_404(visible, pk=self.kwargs["support"])

    def answer(self, support: Support) -> Response:
        """The row as it is now, its revision as ETag."""
        submission = support.submission
        audience = audience_of(self.request.user, submission.pair)
        row = row_of(support.pk, submission, audience)
        names = ("regency", "occupation", "document", "statement", "sheet", "ref")
        more = {name: None if row.restricted else getattr(support, name) for name in names}
        answer = shapes.SupportDetail(shown(row, effects_by_code(submission)) | more).data
        return Response(answer, headers={"ETag": f'"{row.revision}"'})

    def revision(self) -> int:
        """The revision the request was made for, from If-Match. Refuses when there is none."""
        text = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_REVISION):
            message = _(
                "Header If-Match tidak ada atau bukan ETag baris ini, sehingga tidak ada yang diubah. "
                "Ambil baris ini dahulu, lalu kirim ETag-nya."
            )
            raise PreconditionFailed("if_match_missing", message)
        return int(text)


class SupportView(OfSupport, APIView):
    """Satu pendukung; NIK disamarkan."""

    permissions = {
        "GET": Permission.VIEW_SUPPORTS,
        "PATCH": Permission.EDIT_SUPPORTS,
        "DELETE": Permission.EDIT_SUPPORTS,
    }

    @extend_schema(responses=shapes.SupportDetail, operation_id="supports_retrieve")
    def get(self, request: Request, support: int) -> Response:
        """Isi yang terbaca dan temuannya; ETag untuk mengubahnya."""
        return self.answer(self.support())

    @extend_schema(
        request=shapes.RowFields,
        parameters=[IF_MATCH],
        responses=shapes.SupportDetail,
        operation_id="supports_update",
    )
    def patch(self, request: Request, support: int) -> Response:
        """Mengubah isian yang dikirim; baris diperiksa ulang. 412: baris sudah diubah orang lain."""
        found, revision = self.support(), self.revision()
        changes = validated(shapes.RowFields, request.data)
        return self.answer(rows.edit_support(found, by=request.user, changes=changes, revision=revision))

    @extend_schema(parameters=[IF_MATCH], responses={204: None}, operation_id="supports_remove")
    def delete(self, request: Request, support: int) -> Response:
        """Menghapus satu baris. 412: baris sudah diubah orang lain."""
        found, revision = self.support(), self.revision()
        rows.remove_support(found, by=request.user, revision=revision)
        return Response(status=HTTPStatus.NO_CONTENT)


class IdentityView(OfSupport, APIView):
    """Membuka identitas satu pendukung; setiap pembukaan tercatat."""

    permission = Permission.OPEN_IDENTITY

    @extend_schema(request=None, responses=shapes.IdentityAnswer, operation_id="supports_identity")
    def post(self, request: Request, support: int) -> Response:
        opened = open_identity(self.support(), by=request.user)
        return Response(shapes.IdentityAnswer(opened).data, headers={"Cache-Control": "no-store"})
