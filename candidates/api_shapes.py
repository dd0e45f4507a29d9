"""What the calls about elections and pairs take and give."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates import queries, zones
from candidates.models import Election, ElectionArea, Level, Pair, Ruling, Window, Zone
from candidates.rule_sets import BASE_KINDS
from candidates.ruling_letters import digest_of
from candidates.ruling_shapes import row_list
from foundation.workflow.table import PAIR

LARGEST_INTEGER = 2**31 - 1
# Named in the API's description (settings: ENUM_NAME_OVERRIDES).
PAIR_STATUSES = list(PAIR.states.items())


class ZonedDateTimeField(serializers.DateTimeField):
    """A moment that names its zone: read without one, a deadline in Bontang would move by an hour."""

    default_error_messages = {
        "time_without_zone": _("zona waktu tidak disebut. Tulis misalnya 2024-05-08T08:00:00+08:00."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        """The moment as given. Raises ValidationError without a zone."""
        if value.tzinfo is None:
            self.fail("time_without_zone")
        return value


class RequirementQuestion(serializers.Serializer):
    """Which election is asked about."""

    rule_set = serializers.CharField(help_text="Misalnya uu10-2016.")
    level = serializers.CharField(help_text="gubernur, bupati atau walikota.")
    base = serializers.IntegerField(help_text="Pemilih dalam DPT, atau penduduk.")
    areas = serializers.IntegerField(help_text="Banyaknya kecamatan; untuk gubernur, kabupaten/kota.")


class RequirementAnswer(serializers.Serializer):
    """The requirement, and the sum spelled out."""

    permille = serializers.IntegerField()
    minimum = serializers.IntegerField()
    min_spread = serializers.IntegerField()
    explanation = serializers.ListField(child=serializers.CharField())


class Formula(serializers.Serializer):
    """What the rule set yields."""

    permille = serializers.IntegerField()
    minimum = serializers.IntegerField()
    min_spread = serializers.IntegerField()


class ElectionRequirement(Formula):
    """What a pair of the election needs; the decree's numbers where there are any."""

    formula = Formula()
    decree = serializers.CharField(help_text="Keputusan yang menetapkan angka resmi; kosong bila tidak ada.")
    differs_from_formula = serializers.BooleanField()
    explanation = serializers.ListField(child=serializers.CharField())


class AreaAnswer(serializers.ModelSerializer):
    """An area that counts for the spread."""

    class Meta:
        model = ElectionArea
        fields = ["code", "name"]


class WindowAnswer(serializers.ModelSerializer):
    """When a stage may be filled or handed in; the ends in the election's zone."""

    opens_at = serializers.SerializerMethodField()
    closes_at = serializers.SerializerMethodField()
    ruling = serializers.SerializerMethodField()

    class Meta:
        model = Window
        fields = [
            "id",
            "stage",
            "kind",
            "opens_at",
            "closes_at",
            "daily_from",
            "daily_until",
            "decree",
            "pair",
            "ruling",
        ]

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_opens_at(self, window: Window) -> str:
        return zones.local(window.opens_at, window.election.zone).isoformat()

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_closes_at(self, window: Window) -> str:
        return zones.local(window.closes_at, window.election.zone).isoformat()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_ruling(self, window: Window) -> int | None:
        return window.ruling_id


class ElectionAnswer(serializers.ModelSerializer):
    """An election with its requirement."""

    rule_set = serializers.CharField(source="rule_set.code")
    rule_set_version = serializers.IntegerField(source="rule_set.version")
    base_kind = serializers.SerializerMethodField()
    zone_label = serializers.CharField(source="get_zone_display")
    parent_region_ids = serializers.ListField(child=serializers.IntegerField())
    requirement = serializers.SerializerMethodField()

    class Meta:
        model = Election
        fields = [
            "id",
            "name",
            "level",
            "region_id",
            "region_name",
            "rule_set",
            "rule_set_version",
            "base",
            "base_kind",
            "base_date",
            "base_note",
            "decree",
            "voting_day",
            "zone",
            "zone_label",
            "operators_allowed",
            "practice",
            "parent_region_ids",
            "requirement",
        ]

    @extend_schema_field(serializers.ChoiceField(BASE_KINDS))
    def get_base_kind(self, election: Election) -> str:
        return queries.rules_of(election).base_kind

    @extend_schema_field(ElectionRequirement)
    def get_requirement(self, election: Election) -> dict[str, Any]:
        asked = queries.requirement_of(election)
        return {
            "permille": asked.permille,
            "minimum": asked.minimum,
            "min_spread": asked.min_spread,
            "formula": Formula(asked.formula).data,
            "decree": asked.decree,
            "differs_from_formula": asked.differs_from_formula,
            "explanation": queries.explanation_of(election).lines(),
        }


class ElectionDetail(ElectionAnswer):
    """An election with its requirement, areas and windows."""

    areas = AreaAnswer(many=True)
    windows = serializers.SerializerMethodField()

    class Meta:
        model = Election
        fields = [*ElectionAnswer.Meta.fields, "areas", "windows"]

    @extend_schema_field(WindowAnswer(many=True))
    def get_windows(self, election: Election) -> list[dict[str, Any]]:
        rows = queries.windows_visible_to(self.context["request"].user, election)
        return WindowAnswer(rows, many=True).data


class NewArea(serializers.Serializer):
    """An area as of the decree's day; without a name, the one of the region table."""

    code = serializers.IntegerField(min_value=1)
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)


class NewElection(serializers.Serializer):
    """What an election is created from."""

    name = serializers.CharField(max_length=200)
    level = serializers.ChoiceField(Level.choices)
    region_id = serializers.IntegerField(
        min_value=11, max_value=9999, help_text="Kode provinsi atau kabupaten/kota."
    )
    rule_set = serializers.CharField(max_length=30)
    base = serializers.IntegerField(max_value=LARGEST_INTEGER)
    base_date = serializers.DateField(required=False, allow_null=True)
    base_note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    decree = serializers.CharField(required=False, allow_blank=True, max_length=200)
    voting_day = serializers.DateField()
    zone = serializers.ChoiceField(Zone.choices, required=False, help_text="Tanpa isian: menurut provinsi.")
    areas = NewArea(many=True, required=False, help_text="Tanpa isian: menurut daftar wilayah saat ini.")
    parent_region_ids = serializers.ListField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Daerah induk, bagi daerah hasil pemekaran.",
    )
    override_minimum = serializers.IntegerField(required=False, allow_null=True, max_value=LARGEST_INTEGER)
    override_spread = serializers.IntegerField(required=False, allow_null=True, max_value=LARGEST_INTEGER)
    override_decree = serializers.CharField(required=False, allow_blank=True, max_length=200)
    operators_allowed = serializers.IntegerField(
        required=False, allow_null=True, max_value=32_767, help_text="Tanpa isian: menurut kumpulan aturan."
    )
    practice = serializers.BooleanField(required=False)

    def validate_areas(self, areas: list[dict[str, Any]]) -> list[tuple[int, str]]:
        """As the operation takes them."""
        if any("code" not in area for area in areas):
            raise serializers.ValidationError(_("setiap wilayah memerlukan code, misalnya 647401."))
        return [(area["code"], area.get("name", "")) for area in areas]


class NewWindow(serializers.Serializer):
    """When a stage shall be open. An end at 23.59 lasts until 24.00; daily hours are local ones."""

    stage = serializers.CharField(max_length=20, help_text="Putaran dalam kumpulan aturan, misalnya awal.")
    kind = serializers.ChoiceField(Window.Kind.choices)
    opens_at = ZonedDateTimeField()
    closes_at = ZonedDateTimeField()
    daily_from = serializers.TimeField(required=False, allow_null=True)
    daily_until = serializers.TimeField(required=False, allow_null=True)
    decree = serializers.CharField(required=False, allow_blank=True, max_length=200)


class PairAnswer(serializers.ModelSerializer):
    """Bakal pasangan calon."""

    election = serializers.IntegerField(source="election_id")
    election_name = serializers.CharField(source="election.name")
    status_title = serializers.CharField(source="get_status_display")

    class Meta:
        model = Pair
        fields = ["id", "election", "election_name", "name", "head", "deputy", "status", "status_title"]


class WindowStateAnswer(serializers.Serializer):
    """Whether it is open now by the server's clock, and why."""

    open = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    changes_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    zone = serializers.CharField(help_text="WIB, WITA atau WIT.")


class PairDetail(PairAnswer):
    """A pair, and whether it may fill and hand in its first round now."""

    filling = serializers.SerializerMethodField()
    handing_in = serializers.SerializerMethodField()

    class Meta:
        model = Pair
        fields = [*PairAnswer.Meta.fields, "filling", "handing_in"]

    @extend_schema_field(WindowStateAnswer)
    def get_filling(self, pair: Pair) -> dict[str, Any]:
        return WindowStateAnswer(queries.window_state(pair, Window.Kind.FILLING)).data

    @extend_schema_field(WindowStateAnswer)
    def get_handing_in(self, pair: Pair) -> dict[str, Any]:
        return WindowStateAnswer(queries.window_state(pair, Window.Kind.HANDING_IN)).data


class NewPair(serializers.Serializer):
    """A pair as it is entered."""

    name = serializers.CharField(max_length=200)
    head = serializers.CharField(max_length=100)
    deputy = serializers.CharField(max_length=100)


class NewRuling(serializers.Serializer):
    """Putusan, kesepakatan or outage that shall give a pair time of its own."""

    kind = serializers.ChoiceField(Ruling.Kind.choices)
    document = serializers.CharField(max_length=200)
    stage = serializers.CharField(max_length=20)
    hours = serializers.IntegerField(max_value=LARGEST_INTEGER)
    opens = serializers.ChoiceField(Ruling.Opens.choices, required=False)
    covers = serializers.ChoiceField(
        Ruling.Covers.choices, required=False, help_text="Baris mana yang dapat berubah; tanpa isian: semua."
    )
    uploads = serializers.ListField(
        child=serializers.IntegerField(),
        source="upload_ids",
        required=False,
        help_text="Unggahan yang barisnya dibuka, bila covers = named.",
    )
    rows = row_list(required=False)
    skip_missing = serializers.BooleanField(
        required=False, help_text="Lewati isi rows yang tidak ditemukan; tanpa ini usulannya ditolak."
    )
    planned_at = ZonedDateTimeField(
        required=False, allow_null=True, help_text="Jadwal pembukaan, bila sudah ada."
    )


class Reason(serializers.Serializer):
    """Why something is taken back."""

    reason = serializers.CharField(max_length=300)


class Read(serializers.Serializer):
    """What the approver has read: the digest of the answer that was read."""

    digest = serializers.CharField(max_length=64)


class RulingAnswer(serializers.ModelSerializer):
    """A ruling, how far its approval is, and the windows it opened."""

    approvals = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField(help_text="Mengikat persetujuan pada isi dan surat ini.")
    letter_sha256 = serializers.CharField(source="attachment.stored_file.sha256", default=None)
    uploads = serializers.ListField(child=serializers.IntegerField(), source="upload_ids")
    rows = serializers.IntegerField(
        source="row_count", help_text="Jumlah baris yang disebut, bila covers = rows."
    )
    row_digest = serializers.CharField(help_text="SHA-256 baris yang disebut; kosong bila tidak ada.")
    outage = serializers.IntegerField(source="outage_id", allow_null=True)
    windows = WindowAnswer(many=True)

    class Meta:
        model = Ruling
        fields = [
            "id",
            "pair",
            "kind",
            "document",
            "stage",
            "opens",
            "covers",
            "uploads",
            "rows",
            "row_digest",
            "hours",
            "planned_at",
            "outage",
            "letter_sha256",
            "digest",
            "approvals",
            "first_approved_at",
            "second_approved_at",
            "withdrawn_at",
            "withdrawn_reason",
            "refused",
            "windows",
        ]

    def get_digest(self, ruling: Ruling) -> str:
        return digest_of(ruling)

    def get_approvals(self, ruling: Ruling) -> int:
        return (ruling.first_approved_by_id is not None) + (ruling.second_approved_by_id is not None)
