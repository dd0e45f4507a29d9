"""The supporter records of the pairs, and what is known about them.

Support, Standing and Finding hold up to millions of rows per pair. Their foreign keys are not enforced by the
database (deferred checks of a whole upload would cost more than loading it); docs/adr/ says why, and a job looks for
orphans. A Support's id is ``upload_id << 24 | row_no``: the rows of one upload are one range of ids, the row number
in the file needs no column, and every table below grows at the right end of its index.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from candidates.models import Election, Pair, RuleSet
from candidates.rule_sets import POOL
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import SUBMISSION, UPLOAD, VERMIN
from supports.count_tables import AreaTally as AreaTally
from supports.count_tables import Tally as Tally
from supports.count_tables import UploadTally as UploadTally
from supports.handing_in.models import HandIn as HandIn
from supports.handing_in.models import Receipt as Receipt
from supports.papers.tables import PaperBundle as PaperBundle
from supports.papers.tables import PaperScan as PaperScan
from supports.receiving.models import Reception as Reception
from supports.search_table import SupportSearch as SupportSearch
from supports.typed_table import TypedDay as TypedDay

ROW_BITS = 24
MAX_ROW_NO = (1 << ROW_BITS) - 1
RESULTS = [(code, code) for code in ("MS", "BMS", "TMS")]
POOL_APART = Q(kind="pool", stage=POOL, status="draft") | (Q(kind="round") & ~Q(stage=POOL))


def first_id(upload_id: int) -> int:
    """The smallest Support id an upload can have; the next upload's is the exclusive end of the range."""
    return upload_id << ROW_BITS


class Submission(models.Model):
    """One round of a pair (awal, perbaikan …), or its pool (cadangan), with the rules in force."""

    machine = SUBMISSION

    class Kind(models.TextChoices):
        ROUND = "round", "Putaran"
        POOL = "pool", "Cadangan dukungan"

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="submissions")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.ROUND)
    stage = models.CharField(max_length=20, help_text="Key of a round of the rule set; 'pool' for the pool.")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT)
    status = models.CharField(max_length=12, choices=status_choices(SUBMISSION), default=SUBMISSION.initial)
    result = models.CharField(max_length=3, blank=True, choices=RESULTS)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "stage"], name="submission_once_per_pair_and_stage"),
            models.CheckConstraint(
                condition=check_status(SUBMISSION), name="submission_status_is_of_the_table"
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(status="closed"), name="submission_result_only_when_closed"
            ),
            models.CheckConstraint(condition=POOL_APART, name="submission_pool_is_no_round"),
        ]

    def __str__(self) -> str:
        return f"{self.pair} · {self.stage}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this round belongs."""
        return self.pair.event_scope()


class Upload(models.Model):
    """One file of a team, or one sitting of typed rows; handed in for ``submission``, its rows may have moved since."""

    machine = UPLOAD

    class Source(models.TextChoices):
        FILE = "file", "Berkas"
        TYPED = "typed", "Diketik"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="uploads")
    source = models.CharField(max_length=5, choices=Source, default=Source.FILE)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True)
    name = models.CharField("nama berkas", max_length=255)
    size = models.BigIntegerField(default=0, help_text="Bytes as received.")
    sha256 = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Digest of sha256 and mapping.")
    mapping = models.JSONField(default=dict, help_text="The team's own mapping: field → heading.")
    columns = models.JSONField(
        default=dict, help_text="What was recognised: fields, ignored, missing, headings."
    )
    status = models.CharField(max_length=15, choices=status_choices(UPLOAD), default=UPLOAD.initial)
    idempotency_key = models.CharField(max_length=100, blank=True)
    rows = models.BigIntegerField(
        default=0, help_text="Rows loaded; for a typed upload also its last row number."
    )
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty for the system (a command without --as).",
    )
    loaded_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The upload whose place this one is to take as a whole when it is loaded.",
    )
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="predecessors",
        help_text="The upload that took the place of this one, which was discarded for it.",
    )
    searchable_to = models.BigIntegerField(default=0, help_text="Rows of smaller ids are searchable by name.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=check_status(UPLOAD), name="upload_status_is_of_the_table"),
            models.UniqueConstraint(
                fields=["submission", "idempotency_key"],
                condition=~Q(idempotency_key="") & ~Q(status__in=["failed", "discarded"]),
                name="upload_once_per_idempotency_key",
            ),
            models.UniqueConstraint(
                fields=["submission", "fingerprint"],
                condition=~Q(fingerprint="") & ~Q(status__in=["failed", "discarded"]),
                name="upload_once_per_file_and_mapping",
            ),
            models.UniqueConstraint(
                fields=["submission", "received_by"],
                condition=Q(source="typed") & ~Q(status="discarded"),
                name="upload_one_typed_per_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this upload belongs."""
        return self.submission.pair.event_scope()


class IncomingFile(models.Model):
    """A file that its sender has declared and sends in pieces; ``upload`` is what it became.

    It is a pair's, or (a voter list) an office's for an election. ``file`` goes with it when it expires or is
    withdrawn; it is empty when the same file was there already.
    """

    pair = models.ForeignKey(Pair, models.PROTECT, null=True, related_name="incoming_files")
    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="incoming_files")
    file = models.OneToOneField(StoredFile, models.CASCADE, null=True)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="Bytes as declared.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="As declared; empty where it was not.")
    target = models.CharField(max_length=5, choices=Submission.Kind, default=Submission.Kind.ROUND)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["pair", "declared_by"], condition=Q(upload=None), name="incoming_file_unfinished"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="incoming_file_is_not_empty"),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(upload__isnull=False),
                name="incoming_file_is_there_or_became_an_upload",
            ),
            models.CheckConstraint(
                condition=Q(pair__isnull=False, election=None) | Q(pair=None, election__isnull=False),
                name="incoming_file_is_of_a_pair_or_an_election",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this file belongs."""
        return {"election_id": self.election_id} if self.pair_id is None else self.pair.event_scope()

    @property
    def offset(self) -> int:
        """How many bytes have arrived; ``supports.queries.incoming_visible_to`` counts them as ``arrived``."""
        return self.size if self.upload_id else self.arrived

    @property
    def complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.size


class TypedBatch(models.Model):
    """Rows typed in one request under an Idempotency-Key, so that a request repeated after a lost reply adds none."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="batches")
    key = models.CharField(max_length=100)
    first_id = models.BigIntegerField(help_text="The first Support id; the others follow.")
    rows = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "key"], name="typed_batch_once_per_key")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.key}"


class Support(models.Model):
    """One row as given: wide, written once, edited only while its round is open.

    ``nik``, ``phone`` and ``birth_date`` are sealed (foundation.seal): equality works, reading needs the keys.
    ``digest`` is the keyed digest of what makes two rows identical. ``sealed`` is one AES-GCM blob with address,
    RT, RW, birth place, e-mail, whatever could not be read, and the cells of unrecognised columns.
    """

    id = models.BigIntegerField(primary_key=True)
    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    nik = models.UUIDField(null=True)
    digest = models.UUIDField(null=True)
    birth_date = models.UUIDField(null=True)
    phone = models.UUIDField(null=True)
    name = models.TextField(null=True)
    sex = models.CharField(max_length=1, null=True)
    marital = models.CharField(max_length=1, null=True)
    village = models.TextField(null=True)
    district = models.TextField(null=True)
    regency = models.TextField(null=True)
    occupation = models.TextField(null=True)
    document = models.TextField(null=True)
    statement = models.BooleanField(null=True)
    sheet = models.TextField(null=True)
    ref = models.TextField(null=True)
    sealed = models.BinaryField(null=True)
    revision = models.SmallIntegerField(default=0, help_text="Rises with each edit; the ETag.")

    class Meta:
        # The only index beside the key: one on a random value costs as much as a third of the load.
        indexes = [models.Index(fields=["nik"], name="support_by_nik")]

    def __str__(self) -> str:
        return f"{self.upload_id}:{self.row_no}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this row belongs."""
        return self.submission.pair.event_scope()

    @property
    def upload_id(self) -> int:
        """The upload this row came with."""
        return self.id >> ROW_BITS

    @property
    def row_no(self) -> int:
        """The row's number in its file, as a spreadsheet shows it."""
        return self.id & MAX_ROW_NO


class Standing(models.Model):
    """What people and jobs change about a Support: narrow, so that changing half a million takes seconds.

    ``area`` is the 10-digit region code of the desa/kelurahan (zeros for what is unknown). ``sound`` = no row rule
    with effect TMS or BMS; ``clean`` = sound and not a duplicate.
    """

    machine = VERMIN

    support = models.OneToOneField(Support, models.DO_NOTHING, primary_key=True, db_constraint=False)
    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    area = models.BigIntegerField()
    sound = models.BooleanField()
    clean = models.BooleanField()
    vermin = models.CharField(max_length=10, choices=status_choices(VERMIN), default=VERMIN.initial)

    class Meta:
        indexes = [
            models.Index(fields=["submission", "area", "support"], name="standing_by_area"),
            # Empty while nobody has decided anything, so it costs a load nothing.
            models.Index(
                fields=["submission", "vermin", "support"],
                condition=~Q(vermin="unverified"),
                name="standing_decided",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=check_status(VERMIN), name="standing_vermin_is_of_the_table")
        ]

    def __str__(self) -> str:
        return f"{self.support_id} {self.vermin}"

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this row belongs."""
        return self.submission.pair.event_scope()


class Finding(models.Model):
    """One rule that speaks about one row. The composite key is its only index; its rows come in key order."""

    pk = models.CompositePrimaryKey("submission_id", "code", "support_id")
    submission = models.ForeignKey(Submission, models.DO_NOTHING, db_constraint=False, db_index=False)
    code = models.SmallIntegerField(help_text="Number of the rule in supports.rules.RULES.")
    support = models.ForeignKey(Support, models.DO_NOTHING, db_constraint=False, db_index=False)

    def __str__(self) -> str:
        return f"{self.support_id} {self.code}"


class Mend(models.Model):
    """A row that came under the id of another row of its round (``supports.row_ids``), to take its place.

    Kept when the row it names is gone: who sends the same id again is told that it was used. When the row is itself
    replaced, its mends go on to the one that took its place.
    """

    pk = models.CompositePrimaryKey("origin_id", "support_id")
    origin_id = models.BigIntegerField(help_text="The id of the Support that was named.")
    support = models.ForeignKey(Support, models.DO_NOTHING, db_constraint=False, db_index=False)
    revision = models.SmallIntegerField(help_text="Of the named row, when its report was fetched.")

    class Meta:
        indexes = [models.Index(fields=["support"], name="mend_by_support")]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.support_id}"


class Repeat(models.Model):
    """What an upload has in common with another one of its round, counted when it was loaded and never on a page."""

    pk = models.CompositePrimaryKey("upload_id", "other_id")
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="repeats", db_index=False)
    other = models.ForeignKey(Upload, models.CASCADE, related_name="repeated_in")
    shared = models.BigIntegerField(default=0, help_text="Rows whose NIK the other upload has too.")
    identical = models.BigIntegerField(default=0, help_text="Of these, the ones that it has identically.")
    theirs = models.BigIntegerField(
        default=0, help_text="Rows of the other upload whose NIK this one has too."
    )
    replaced = models.BigIntegerField(default=0, help_text="Rows of the other that this one replaced.")

    def __str__(self) -> str:
        return f"{self.upload_id} {self.other_id} {self.shared}"


class PairMatch(models.Model):
    """One person given by several pairs of an election. Seen by the commission only."""

    pk = models.CompositePrimaryKey("election_id", "nik")
    election = models.ForeignKey(
        "candidates.Election", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    nik = models.UUIDField()
    pairs = models.SmallIntegerField(help_text="How many pairs gave this person.")

    def __str__(self) -> str:
        return f"{self.election_id} {self.pairs}"


class PairMatchCount(models.Model):
    """How many people of an election several pairs gave; written by the jobs that look for them."""

    election = models.OneToOneField("candidates.Election", models.CASCADE, primary_key=True, related_name="+")
    n = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.election_id} {self.n}"
