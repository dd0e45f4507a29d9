"""The call that finds supporters by NIK, name or phone. A POST: what is looked for stands in no address and no log."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from foundation.accounts.matrix import Permission
from supports import api_shapes as shapes
from supports.api import round_asked, shown
from supports.findings import effects_by_code
from supports.listing import PAGE
from supports.queries import audience_of, reach_of, typed_reach_of
from supports.search import Sought, find_supports
from supports.searchable import not_yet_searchable
from supports.upload_api import OfPair

LONGEST_SOUGHT = 200


class SearchQuestion(serializers.Serializer):
    """What is looked for; of several, all must fit."""

    nik = shapes.TextOnly(required=False, allow_blank=True, default="", max_length=LONGEST_SOUGHT)
    name = shapes.TextOnly(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST_SOUGHT,
        help_text="Awal kata-kata nama: “bud san” menemukan Budi Santoso.",
    )
    phone = shapes.TextOnly(required=False, allow_blank=True, default="", max_length=LONGEST_SOUGHT)
    stage = serializers.CharField(required=False, help_text="Putaran; tanpa isian: yang terakhir.")
    cursor = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, default="", help_text="Dari next atau previous."
    )
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=shapes.MOST_ROWS_A_PAGE)


class FoundPage(serializers.Serializer):
    """One page of what was found; ``next`` and ``previous`` are the cursors to send, null at the ends."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = shapes.SupportAnswer(many=True)
    not_yet_searchable = serializers.ListField(
        child=serializers.IntegerField(),
        help_text=_("Unggahan yang barisnya belum semua dapat dicari menurut nama dan telepon."),
    )


class SupportSearchView(OfPair, APIView):
    """Mencari pendukung menurut NIK, nama, atau nomor telepon; NIK disamarkan."""

    permission = Permission.VIEW_SUPPORTS

    @extend_schema(request=SearchQuestion, responses=FoundPage, operation_id="pairs_supports_search")
    def post(self, request: Request, pair: int) -> Response:
        """Satu halaman, urut menurut berkas. Isian yang diisi harus cocok semua."""
        found = self.pair()
        asked = validated(SearchQuestion, request.data)
        submission = round_asked(request, found, asked)
        if submission is None:
            return Response({"next": None, "previous": None, "results": [], "not_yet_searchable": []})
        sought = Sought(
            nik=asked["nik"].strip(),
            name=asked["name"].strip(),
            phone=asked["phone"].strip(),
            reach=reach_of(request.user, found),
            audience=audience_of(request.user, found),
            own=typed_reach_of(request.user, found),
        )
        limit = asked.get("page_size", PAGE)
        cursor = asked["cursor"] or ""
        page = find_supports(submission, sought, by=request.user, cursor=cursor, limit=limit)
        effects = effects_by_code(submission)
        return Response(
            {
                "next": page.next,
                "previous": page.previous,
                "results": shapes.SupportAnswer([shown(row, effects) for row in page.rows], many=True).data,
                "not_yet_searchable": [pk for (pk,) in not_yet_searchable(submission).values_list("pk")],
            }
        )
