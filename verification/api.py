"""Calls of the API about verifications: which rounds, opening one, dealing its rows, and what waits for oneself."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from candidates.api import validated
from candidates.rule_sets import RuleSet
from foundation.accounts.declare import required
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from supports.api import shown
from supports.api_shapes import SupportAnswer, SupportPage
from supports.findings import effects_by_code
from supports.handing_in.receipts import title_of
from supports.listing import keys_of_page, rows_of
from supports.models import Submission
from supports.rules import COMMISSION
from verification import api_shapes as shapes
from verification import dealing, second_reading
from verification.deciding import statuses_offered
from verification.models import Deal, Review, Share, Work
from verification.queries import counts_of, review_of, reviews_visible_to, rounds_to_verify, verifiers_of


class OfReview:
    """Calls about the verification of one round, which must be the user's to do this with."""

    request: Request
    kwargs: dict[str, Any]

    def review(self) -> Review:
        """The verification of the round of the address. Raises Http404."""
        permission = required(type(self), self.request.method)
        return review_of(self.request.user, permission, self.kwargs["submission"])


def with_counts(rounds: Sequence[Submission], user: User) -> Sequence[Submission]:
    """Rounds with their counts, their names, and how many rows wait for this person; two queries."""
    counts = counts_of(list(rounds))
    own = dict(Share.objects.filter(holder=user, submission__in=rounds).values_list("submission_id", "left"))
    for one in rounds:
        one.counts, one.own, one.round_title = counts[one.pk], own.get(one.pk, 0), title_of(one)
    return rounds


class ReviewsView(generics.ListAPIView):
    """Verifikasi administrasi di wilayah sendiri, yang terbaru di depan."""

    permission = Permission.VIEW_DECISIONS
    serializer_class = shapes.ReviewAnswer
    queryset = Submission.objects.none()
    ordering = "-id"

    @extend_schema(operation_id="reviews_list")
    def get(self, request: Request) -> Response:
        """Satu halaman, dengan jumlah menurut status."""
        reviews = reviews_visible_to(request.user).order_by().values("submission")
        related = ("pair__election", "rule_set", "review__opened_by")
        page = self.paginate_queryset(Submission.objects.filter(pk__in=reviews).select_related(*related))
        return self.get_paginated_response(
            shapes.ReviewAnswer(with_counts(page, request.user), many=True).data
        )


class DueRoundsView(generics.ListAPIView):
    """Putaran yang menunggu atau sedang diverifikasi kantor sendiri."""

    permission = Permission.DEAL_WORK
    serializer_class = shapes.RoundAnswer
    queryset = Submission.objects.none()
    ordering = "-id"

    @extend_schema(operation_id="reviews_due")
    def get(self, request: Request) -> Response:
        """Satu halaman; yang berstatus accepted atau completing belum dimulai."""
        page = self.paginate_queryset(rounds_to_verify(request.user))
        return self.get_paginated_response(
            shapes.RoundAnswer(with_counts(page, request.user), many=True).data
        )


class ReviewView(OfReview, APIView):
    """Verifikasi administrasi satu putaran."""

    permissions = {"GET": Permission.VIEW_DECISIONS, "POST": Permission.DEAL_WORK}

    @extend_schema(responses=shapes.ReviewDetail, operation_id="reviews_retrieve")
    def get(self, request: Request, submission: int) -> Response:
        """Jumlah menurut status, berapa yang sudah dan belum dibagi, dan status yang dikenal putaran ini."""
        return Response(_detail(self.review(), request.user))

    @extend_schema(request=None, responses={201: shapes.ReviewDetail}, operation_id="reviews_open")
    def post(self, request: Request, submission: int) -> Response:
        """Memulai verifikasi putaran yang sudah diterima."""
        found = get_object_or_404(rounds_to_verify(request.user), pk=submission)
        review = dealing.open_review(found, by=request.user)
        address = reverse("api_review", args=[found.pk], request=request)
        answer = _detail(review, request.user)
        return Response(answer, status=HTTPStatus.CREATED, headers={"Location": address})


def _detail(review: Review, user: User) -> dict[str, Any]:
    submission = review.submission
    submission.refresh_from_db(fields=["status"])
    with_counts([submission], user)
    held = Share.objects.filter(submission=submission).aggregate(n=Sum("left"))["n"] or 0
    submission.held, submission.undealt = held, submission.counts["unverified"] - held
    submission.statuses = statuses_offered(submission)
    submission.second_reader = RuleSet.from_json(submission.rule_set.body).second_reader
    submission.disputed = second_reading.disputed(submission).count()
    return shapes.ReviewDetail(submission).data


class DealsView(OfReview, generics.ListAPIView):
    """Pembagian baris satu putaran."""

    permissions = {"GET": Permission.VIEW_DECISIONS, "POST": Permission.DEAL_WORK}
    serializer_class = shapes.DealAnswer
    queryset = Deal.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Deal]:
        """The round's."""
        return self.review().deals.select_related("dealt_by")

    @extend_schema(request=shapes.NewDeal, responses={201: shapes.DealAnswer})
    def post(self, request: Request, submission: int) -> Response:
        """Membagi semua baris wilayah itu yang belum dipegang siapa pun. Verifikatornya: verifiers/."""
        review = self.review()
        asked = validated(shapes.NewDeal, request.data)
        asked["people"] = _people(review, asked["people"])
        deal = dealing.deal_rows(review, by=request.user, **asked)
        return Response(shapes.DealAnswer(deal).data, status=HTTPStatus.CREATED)


def _people(review: Review, ids: Sequence[int]) -> list[User]:
    """These people, of whom a round's rows can be dealt to. Refuses somebody else."""
    known = {one.pk: one for one in verifiers_of(review.submission)}
    for pk in ids:
        if pk not in known:
            message = "Pengguna %s bukan verifikator putaran ini. Lihat daftarnya pada verifiers/."
            raise Refused("not_a_verifier_there", message % pk, "people")
    return [known[pk] for pk in ids]


class VerifiersView(OfReview, APIView):
    """Kepada siapa baris satu putaran dapat dibagikan."""

    permission = Permission.DEAL_WORK

    @extend_schema(responses=shapes.Who(many=True), operation_id="reviews_verifiers")
    def get(self, request: Request, submission: int) -> Response:
        """Menurut nama."""
        return Response(shapes.Who(verifiers_of(self.review().submission), many=True).data)


class SharesView(OfReview, generics.ListAPIView):
    """Siapa memegang berapa baris."""

    permission = Permission.VIEW_DECISIONS
    serializer_class = shapes.ShareAnswer
    queryset = Share.objects.none()
    ordering = "holder_id"

    def get_queryset(self) -> QuerySet[Share]:
        """The round's."""
        return Share.objects.filter(submission=self.review().submission).select_related("holder")


class ShareView(OfReview, APIView):
    """Bagian satu orang."""

    permission = Permission.DEAL_WORK

    @extend_schema(request=None, responses=shapes.TakenBack, operation_id="reviews_take_back")
    def delete(self, request: Request, submission: int, user: int) -> Response:
        """Mengambil kembali baris yang menunggunya; yang sudah diputusnya tetap."""
        review = self.review()
        person = get_object_or_404(User, pk=user, shares__submission=review.submission)
        taken = dealing.take_back(review, by=request.user, person=person)
        return Response({"rows": taken})


class QueueView(OfReview, APIView):
    """Baris yang menunggu keputusan Anda; NIK disamarkan."""

    permission = Permission.VERIFY

    @extend_schema(parameters=[shapes.QueueQuestion], responses=SupportPage, operation_id="reviews_queue")
    def get(self, request: Request, submission: int) -> Response:
        """Satu halaman. Yang diputus keluar dari antrean ini."""
        found = self.review().submission
        asked = validated(shapes.QueueQuestion, request.query_params)
        held = Work.objects.filter(submission=found, holder=request.user)
        keys, onwards, backwards = keys_of_page(held, ("support_id",), asked["cursor"], asked["page_size"])
        rows, effects = rows_of([key[0] for key in keys], found, COMMISSION), effects_by_code(found)
        here = request.build_absolute_uri()
        addresses = [
            cursor and replace_query_param(here, "cursor", cursor) for cursor in (onwards, backwards)
        ]
        answers = SupportAnswer([shown(row, effects) for row in rows], many=True).data
        return Response({"next": addresses[0], "previous": addresses[1], "results": answers})


class SecondReadingsView(OfReview, APIView):
    """Baris yang menunggu orang kedua, atau yang dibaca berbeda oleh dua orang."""

    permission = Permission.VERIFY

    @extend_schema(
        request=shapes.TakeQuestion, responses=shapes.Taken, operation_id="reviews_take_second_readings"
    )
    def post(self, request: Request, submission: int) -> Response:
        """Mengambil paling banyak 100 baris; setelah itu ada di queue/ dan diputus seperti baris lain."""
        review = self.review()
        which = validated(shapes.TakeQuestion, request.data)["rows"]
        take = second_reading.take_disputed if which == "disputed" else second_reading.take_second_readings
        return Response({"rows": take(review, by=request.user)})
