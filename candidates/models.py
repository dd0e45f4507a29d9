"""Who stands, under which rules, and when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from candidates.announcement_table import Announcement as Announcement
from candidates.announcement_table import Dismissal as Dismissal
from candidates.mass_table import MassChange as MassChange
from candidates.pair_change_table import PairChange as PairChange
from candidates.schedule_table import ScheduleVersion as ScheduleVersion
from foundation.attachments.models import Attachment
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import PAIR


class Level(models.TextChoices):
    """What is elected."""

    GUBERNUR = "gubernur", "Gubernur dan Wakil Gubernur"
    BUPATI = "bupati", "Bupati dan Wakil Bupati"
    WALIKOTA = "walikota", "Wali Kota dan Wakil Wali Kota"


class Zone(models.TextChoices):
    """The three zones of Indonesia (no daylight saving)."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class RuleSet(models.Model):
    """One version of the rules in force, as data (``candidates.rule_sets`` reads it); immutable once used."""

    code = models.CharField(max_length=30)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_set_once_per_code_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Election(models.Model):
    """One election of one region, with the numbers as they were decreed."""

    name = models.CharField("nama", max_length=200)
    level = models.CharField(max_length=10, choices=Level)
    region_id = models.BigIntegerField("kode wilayah", help_text="Province or kab/kota code.")
    region_name = models.CharField(max_length=100)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT)
    base = models.PositiveIntegerField("angka dasar", help_text="Voters in the DPT, or residents.")
    base_date = models.DateField("tanggal angka dasar", null=True, blank=True)
    base_note = models.CharField(max_length=200, blank=True, help_text="Where the base comes from.")
    decree = models.CharField("keputusan", max_length=200, blank=True)
    override_minimum = models.PositiveIntegerField(null=True, blank=True)
    override_spread = models.PositiveIntegerField(null=True, blank=True)
    override_decree = models.CharField(max_length=200, blank=True)
    voting_day = models.DateField("hari pemungutan suara")
    zone = models.CharField(max_length=20, choices=Zone)
    operators_allowed = models.PositiveSmallIntegerField(
        "jumlah operator", null=True, blank=True, help_text="Empty: as the rule set says."
    )
    practice = models.BooleanField("latihan", default=False)
    parent_region_ids = models.JSONField(
        default=list,
        blank=True,
        help_text="Kab/kota this region was split from; their KTP-el is a doubt, not outside.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this election belongs."""
        return {"election_id": self.pk}

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(base__gt=0), name="election_base_is_positive"),
            models.CheckConstraint(
                condition=Q(override_minimum=None, override_spread=None) | ~Q(override_decree=""),
                name="election_override_names_its_decree",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ElectionArea(models.Model):
    """One area that counts for the spread (kecamatan; kab/kota for a governor), as of the decree's day."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="areas")
    code = models.BigIntegerField(help_text="Region code: kecamatan 647401, or kab/kota 6474.")
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["election", "code"], name="election_area_once_per_code")
        ]

    def __str__(self) -> str:
        return self.name


class Pair(models.Model):
    """Bakal pasangan calon perseorangan."""

    machine = PAIR

    election = models.ForeignKey(Election, models.PROTECT, related_name="pairs")
    name = models.CharField("nama pasangan", max_length=200)
    head = models.CharField("nama bakal calon", max_length=100)
    deputy = models.CharField("nama bakal calon wakil", max_length=100)
    status = models.CharField(max_length=20, choices=status_choices(PAIR), default=PAIR.initial)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this pair belongs."""
        return {"election_id": self.election_id, "pair_id": self.pk}

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["election", "name"], name="pair_name_once_per_election"),
            models.CheckConstraint(condition=check_status(PAIR), name="pair_status_is_of_the_table"),
        ]

    def __str__(self) -> str:
        return self.name


class Outage(models.Model):
    """Gangguan: when the system could not be used as it should. Everybody reads it; it is corrected, never deleted.

    It concerns ``elections``, or ``everywhere`` all of them. It changes no deadline: a Ruling does, by decision.
    """

    began_at = models.DateTimeField("mulai")
    ended_at = models.DateTimeField("berakhir", null=True, blank=True, help_text="Empty while it lasts.")
    affected = models.CharField("yang terganggu", max_length=200)
    description = models.CharField("keterangan", max_length=1000)
    decision = models.CharField("keputusan", max_length=1000, blank=True)
    decree = models.CharField("nomor keputusan", max_length=200, blank=True)
    everywhere = models.BooleanField(default=False)
    elections = models.ManyToManyField(Election, blank=True, related_name="outages")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(began_at__lt=F("ended_at")),
                name="outage_begins_before_it_ends",
            )
        ]
        indexes = [
            models.Index(fields=["began_at"], condition=Q(ended_at=None), name="outage_that_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.affected} {self.began_at:%Y-%m-%d %H:%M}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this outage belongs: its election, if it is the only one."""
        ids = list(self.elections.values_list("pk", flat=True)[:2])
        return {"election_id": ids[0] if len(ids) == 1 and not self.everywhere else None}


class Ruling(models.Model):
    """Putusan, kesepakatan or outage that gives one pair a window of its own: document and two approvers."""

    class Kind(models.TextChoices):
        PUTUSAN = "putusan", "Putusan"
        KESEPAKATAN = "kesepakatan", "Kesepakatan"
        OUTAGE = "outage", "Gangguan sistem"

    class Opens(models.TextChoices):
        FILLING = "filling", "Pengisian dukungan"
        HANDING_IN = "handing_in", "Penyerahan dukungan"
        BOTH = "both", "Pengisian dan penyerahan dukungan"

    class Covers(models.TextChoices):
        """Which rows of the round may change while the ruling's window is open."""

        ALL = "all", "Semua baris"
        NEW = "new", "Hanya baris baru"
        NAMED = "named", "Hanya baris dari unggahan tertentu"
        ROWS = "rows", "Hanya baris yang disebut satu per satu"
        FROZEN = "frozen", "Jumlah baris tetap, hanya penyerahan"

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="rulings")
    outage = models.ForeignKey(Outage, models.PROTECT, null=True, blank=True, related_name="rulings")
    kind = models.CharField(max_length=15, choices=Kind)
    document = models.CharField("nomor surat", max_length=200)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="rulings", help_text="The letter itself."
    )
    stage = models.CharField(max_length=20, help_text="Key of a round of the rule set.")
    opens = models.CharField(max_length=12, choices=Opens, default=Opens.BOTH)
    covers = models.CharField(max_length=6, choices=Covers, default=Covers.ALL)
    upload_ids = models.JSONField(default=list, blank=True, help_text="Uploads that a named set consists of.")
    row_count = models.PositiveIntegerField(default=0, help_text="How many rows it names one by one.")
    row_digest = models.CharField(max_length=64, blank=True, help_text="Of the ids of these rows.")
    hours = models.PositiveIntegerField(help_text="From the moment the window is really open.")
    planned_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was promised; only the opening counts."
    )
    first_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    first_approved_at = models.DateTimeField(null=True)
    second_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_approved_at = models.DateTimeField(null=True)
    approved_digest = models.CharField(
        max_length=64, blank=True, help_text="Of what the approvers have read."
    )
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField("alasan", max_length=300, blank=True)
    refused = models.BooleanField(default=False, help_text="Withdrawn, because KPU RI refused it.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_approved_at=None, first_approved_by=None)
                | Q(first_approved_at__isnull=False, first_approved_by__isnull=False),
                name="ruling_first_approved_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_at=None, second_approved_by=None)
                | Q(second_approved_at__isnull=False, second_approved_by__isnull=False),
                name="ruling_second_approved_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=F("first_approved_by")),
                name="ruling_is_approved_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | Q(first_approved_by__isnull=False),
                name="ruling_second_approval_follows_a_first",
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="ruling_lasts_at_least_an_hour"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="ruling_withdrawn_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(refused=False) | Q(withdrawn_at__isnull=False),
                name="ruling_refused_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(covers="named") & ~Q(upload_ids=[]) | ~Q(covers="named") & Q(upload_ids=[]),
                name="ruling_names_uploads_if_it_covers_them",
            ),
            models.CheckConstraint(
                condition=Q(covers="rows", row_count__gt=0) & ~Q(row_digest="")
                | ~Q(covers="rows") & Q(row_count=0, row_digest=""),
                name="ruling_names_rows_if_it_covers_them",
            ),
            models.CheckConstraint(
                condition=Q(covers="all")
                | Q(covers="frozen", opens="handing_in")
                | Q(covers__in=["new", "named", "rows"], opens__in=["filling", "both"]),
                name="ruling_covers_what_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(outage=None) | Q(kind="outage"), name="ruling_for_an_outage_is_of_its_kind"
            ),
            models.UniqueConstraint(
                fields=["outage", "pair", "stage"],
                condition=Q(outage__isnull=False, withdrawn_at=None),
                name="ruling_once_per_outage_pair_and_stage",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}"

    @property
    def approved(self) -> bool:
        """Whether both approvals are there, so that the window may be opened."""
        return self.second_approved_by_id is not None

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this ruling belongs."""
        return self.pair.event_scope()


class RulingRow(models.Model):
    """One row that a ruling names; written once, when it is proposed. By id alone: nothing here tells whose it is."""

    pk = models.CompositePrimaryKey("ruling_id", "support_id")
    ruling = models.ForeignKey(
        Ruling, models.CASCADE, related_name="named_rows", db_constraint=False, db_index=False
    )
    support_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.support_id}"


class Window(models.Model):
    """When a stage may be filled or handed in; half-open [opens_at, closes_at), by the database's clock.

    Between the two ends the daily hours hold, in the election's zone; the last day may be longer.
    """

    class Kind(models.TextChoices):
        FILLING = "filling", "Pengisian data"
        HANDING_IN = "handing_in", "Penyerahan dukungan"

    election = models.ForeignKey(Election, models.CASCADE, related_name="windows")
    pair = models.ForeignKey(Pair, models.CASCADE, null=True, blank=True, related_name="windows")
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, blank=True, related_name="windows")
    stage = models.CharField(max_length=20, help_text="Key of a round of the rule set.")
    kind = models.CharField(max_length=12, choices=Kind)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    daily_from = models.TimeField(null=True, blank=True)
    daily_until = models.TimeField(null=True, blank=True)
    decree = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["opens_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="window_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(daily_from=None, daily_until=None) | Q(daily_from__lt=F("daily_until")),
                name="window_daily_hours_are_a_span",
            ),
            models.CheckConstraint(
                condition=Q(pair=None, ruling=None) | Q(pair__isnull=False, ruling__isnull=False),
                name="window_of_a_pair_comes_from_a_ruling",
            ),
            models.UniqueConstraint(
                fields=["ruling", "kind"],
                condition=Q(ruling__isnull=False),
                name="window_once_per_ruling_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stage} {self.opens_at:%Y-%m-%d %H:%M}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this window belongs."""
        return {"election_id": self.election_id, "pair_id": self.pair_id}
