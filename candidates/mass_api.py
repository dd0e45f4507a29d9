"""Calls of the API for many elections at once. Without a digest they preview; with that of a preview they act."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.api_shapes import LARGEST_INTEGER
from candidates.mass.copies import Span, copy_schedule, plan_copies, spans_of
from candidates.mass.election_cells import HEADINGS
from candidates.mass.moves import Move, move_windows, plan_moves
from candidates.mass.new_elections import MOST_ROWS, ElectionPlan, create_elections, plan_elections
from candidates.mass.plans import Chosen, Plan, elections_chosen
from candidates.models import Election, Level, MassChange, Window
from foundation.accounts.matrix import Permission
from foundation.errors import Refused

CLOCK = "Jam setempat, tanpa zona: 2024-05-12T23:59."


class ClockField(serializers.DateTimeField):
    """A moment on local clocks: it carries no zone."""

    def enforce_timezone(self, value: Any) -> Any:
        """As it is written; a zone would be that of one election only. Raises ValidationError with one."""
        if value.tzinfo is not None:
            raise serializers.ValidationError("tulis jam setempat tanpa zona, misalnya 2024-05-12T23:59.")
        return value


class ChosenShape(serializers.Serializer):
    """Which elections of the own territory; without anything all of them."""

    level = serializers.ChoiceField(Level.choices, required=False)
    province = serializers.IntegerField(required=False, min_value=11, max_value=99)
    words = serializers.CharField(required=False, max_length=100, help_text="Kata dalam nama pemilihan.")
    elections = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER), required=False
    )
    decree = serializers.CharField(required=False, max_length=200, allow_blank=True)
    digest = serializers.CharField(
        required=False, max_length=64, help_text="Dari pratinjau; tanpa isian: pratinjau."
    )


class MoveShape(ChosenShape):
    """Windows moved by one decree."""

    stage = serializers.CharField(required=False, max_length=20)
    kind = serializers.ChoiceField(Window.Kind.choices, required=False)
    days = serializers.IntegerField(required=False, allow_null=True, min_value=-366, max_value=366)
    only_end = serializers.BooleanField(required=False)
    opens = ClockField(required=False, allow_null=True, help_text=CLOCK)
    closes = ClockField(required=False, allow_null=True, help_text=CLOCK)


class SpanShape(serializers.Serializer):
    """One window on local clocks."""

    stage = serializers.CharField(max_length=20)
    kind = serializers.ChoiceField(Window.Kind.choices)
    opens = ClockField(help_text=CLOCK)
    closes = ClockField(help_text=CLOCK)
    daily_from = serializers.TimeField(required=False, allow_null=True)
    daily_until = serializers.TimeField(required=False, allow_null=True)


class CopyShape(ChosenShape):
    """A schedule for many elections: that of ``source``, or ``spans``."""

    source = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_INTEGER)
    spans = SpanShape(many=True, required=False)


class StepShape(serializers.Serializer):
    """One window of a preview."""

    election = serializers.IntegerField(source="window.election_id")
    election_name = serializers.CharField(source="window.election.name")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField()
    why_not = serializers.CharField(help_text="Mengapa masa ini tetap; kosong bila berubah.")


class PlanAnswer(serializers.Serializer):
    """What would change, and what stays with its reason."""

    digest = serializers.CharField()
    changes = StepShape(many=True)
    blocked = StepShape(many=True)


class MassChangeAnswer(serializers.ModelSerializer):
    """What was done."""

    class Meta:
        model = MassChange
        fields = ["id", "kind", "decree", "digest", "changed", "elections", "created_at"]


def _chosen(said: dict[str, Any]) -> Chosen:
    return Chosen(
        said.get("level", ""), said.get("province"), said.get("words", ""), tuple(said.get("elections", ()))
    )


def _answer(digest: str, plan: Callable[[], Plan], apply: Callable[[], MassChange]) -> Response:
    if digest:
        return Response(MassChangeAnswer(apply()).data, status=HTTPStatus.CREATED)
    return Response(PlanAnswer(plan()).data)


class MovesView(APIView):
    """Memindahkan masa banyak pemilihan dengan satu keputusan."""

    permission = Permission.MANAGE_WINDOWS

    @extend_schema(
        request=MoveShape, responses={200: PlanAnswer, 201: MassChangeAnswer}, operation_id="windows_move"
    )
    def post(self, request: Request) -> Response:
        said = validated(MoveShape, request.data)
        chosen, digest, decree = _chosen(said), said.get("digest", ""), said.get("decree", "")
        move = Move(
            said.get("stage", ""), said.get("kind", ""), said.get("days"), said.get("only_end", False),
            said.get("opens"), said.get("closes"),
        )  # fmt: skip
        by = request.user
        return _answer(
            digest,
            lambda: plan_moves(chosen, move, decree=decree, by=by),
            lambda: move_windows(chosen, move, decree=decree, digest=digest, by=by),
        )


class CopiesView(APIView):
    """Memberikan satu jadwal kepada banyak pemilihan."""

    permission = Permission.MANAGE_WINDOWS

    @extend_schema(
        request=CopyShape, responses={200: PlanAnswer, 201: MassChangeAnswer}, operation_id="windows_copy"
    )
    def post(self, request: Request) -> Response:
        said = validated(CopyShape, request.data)
        chosen, digest, decree = _chosen(said), said.get("digest", ""), said.get("decree", "")
        source, by = said.get("source", 0), request.user
        spans = _spans_of(source, request) if source else [Span(**span) for span in said.get("spans", [])]
        return _answer(
            digest,
            lambda: plan_copies(spans, chosen, decree=decree, by=by, but=source),
            lambda: copy_schedule(spans, chosen, decree=decree, digest=digest, by=by, but=source),
        )


def _spans_of(source: int, request: Request) -> list[Span]:
    found = elections_chosen(Chosen(ids=(source,)), request.user).first()
    if found is None:
        message = "Pemilihan yang jadwalnya disalin tidak ada di wilayah tugas Anda. Periksa nomornya."
        raise Refused("election_unknown", message, "source")
    return spans_of(found)


class RowShape(serializers.Serializer):
    """One row of a table of elections: texts, as a spreadsheet holds them."""

    number = serializers.IntegerField(min_value=1, max_value=LARGEST_INTEGER)

    def get_fields(self) -> dict[str, serializers.Field]:
        """The number, and a text for each heading."""
        texts = {
            name: serializers.CharField(required=False, allow_blank=True, max_length=300, help_text=title)
            for name, title in HEADINGS.items()
        }
        return super().get_fields() | texts


class TableShape(serializers.Serializer):
    """A table of elections."""

    rows = serializers.ListField(child=RowShape(), max_length=MOST_ROWS)
    digest = serializers.CharField(
        required=False, max_length=64, help_text="Dari pratinjau; tanpa isian: pratinjau."
    )


class LineAnswer(serializers.Serializer):
    """What a row becomes, or what is wrong with it."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    faults = serializers.ListField(child=serializers.CharField())
    minimum = serializers.IntegerField(source="requirement.minimum", default=None, allow_null=True)
    min_spread = serializers.IntegerField(source="requirement.min_spread", default=None, allow_null=True)
    areas = serializers.SerializerMethodField()

    def get_areas(self, line: Any) -> int:
        return len(line.areas)


class TableAnswer(serializers.Serializer):
    """A table as it was judged."""

    digest = serializers.CharField()
    lines = LineAnswer(many=True)


class ElectionTableView(APIView):
    """Membuat banyak pemilihan sekaligus: semua baris, atau tidak satu pun."""

    permission = Permission.CREATE_ELECTION
    queryset = Election.objects.none()

    @extend_schema(
        request=TableShape,
        responses={200: TableAnswer, 201: MassChangeAnswer},
        operation_id="elections_table",
    )
    def post(self, request: Request) -> Response:
        said = validated(TableShape, request.data)
        if said.get("digest"):
            made = create_elections(said["rows"], digest=said["digest"], by=request.user)
            return Response(MassChangeAnswer(made).data, status=HTTPStatus.CREATED)
        plan: ElectionPlan = plan_elections(said["rows"], by=request.user)
        return Response(TableAnswer(plan).data)
