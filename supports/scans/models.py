"""Scans of supporters' documents: what came in, what it shows, and whose it is.

A ZIP is kept as it came, sealed; a scan is a place in it, so originals are written once and never changed. What is
looked at are pictures of ours, hundreds of scans to a sealed file (ScanPack). No folder is listed, and a million
scans are a few thousand files (docs/adr/0030). A Scan's id is ``batch_id << 24 | number``: the scans of a batch are
one range of ids, and a job that begins again writes none twice.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from candidates.models import Pair
from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from supports.models import Submission, Support

NUMBER_BITS = 24


def first_scan_id(batch_id: int) -> int:
    """The smallest Scan id a batch can have; the next batch's is the exclusive end of the range."""
    return batch_id << NUMBER_BITS


class Kind(models.TextChoices):
    """What a scan shows."""

    BUNDLE = "bundle", "Pernyataan dan KTP-el"
    STATEMENT = "statement", "Surat pernyataan dukungan"
    KTP = "ktp", "KTP-el"
    SUKET = "suket", "Surat keterangan"
    IDENTITY = "identity", "Surat pernyataan identitas"


class Wanted(models.TextChoices):
    """What a row may lack: any scan at all, or one of a document. A suket stands for the card, a bundle for both."""

    ANY = "any", "Pindaian apa pun"
    STATEMENT = "statement", "Surat pernyataan dukungan"
    KTP = "ktp", "KTP-el atau surat keterangan"


STANDS_FOR = {
    Wanted.STATEMENT: (Kind.BUNDLE, Kind.STATEMENT),
    Wanted.KTP: (Kind.BUNDLE, Kind.KTP, Kind.SUKET),
}


class ScanBatch(models.Model):
    """What came in at once: a ZIP, or one file. A job takes it apart, portion by portion; ``done`` is how far it is."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="scan_batches")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    incoming = models.BigIntegerField(null=True, help_text="Id of the IncomingFile it arrived as.")
    name = models.CharField(max_length=255, help_text="A NIK in it is masked.")
    sealed_name = models.BinaryField(help_text="As its sender calls it.")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(
        max_length=9, blank=True, choices=Kind, help_text="Of every scan in it, where given."
    )
    support = models.ForeignKey(
        Support,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        help_text="Whose they all are, where given.",
    )
    entries = models.IntegerField(default=0, help_text="Files in it, once it was looked into.")
    done = models.IntegerField(default=0, help_text="Of these, those that were looked into.")
    taken = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["pair", "-id"], name="scan_batch_of_pair")]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "sha256"], condition=Q(error_code="", support=None), name="scan_batch_once"
            ),
            models.UniqueConstraint(fields=["incoming"], name="scan_batch_of_one_incoming_file"),
        ]

    def __str__(self) -> str:
        return self.name

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this batch belongs."""
        return self.pair.event_scope()


class ScanPack(models.Model):
    """One sealed file with the pictures of a portion of a batch."""

    batch = models.ForeignKey(ScanBatch, models.PROTECT, related_name="packs")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.batch_id} {self.pk}"


class Scan(models.Model):
    """One file that shows a supporter's document. Without ``support`` nobody knows yet whose it is (``reason``).

    ``nik`` and ``digest`` are sealed and keyed; ``name`` is sealed, for file names hold NIKs. ``token`` is the team's
    number in the name. ``begins``, ``packed``, ``method`` and ``size`` are its place in the batch's file; ``pictures``
    are the places of its thumbnail and then its pages in the pack: [[begins, length], ...].
    """

    id = models.BigIntegerField(primary_key=True)
    pair = models.ForeignKey(Pair, models.DO_NOTHING, db_constraint=False, db_index=False)
    batch = models.ForeignKey(ScanBatch, models.DO_NOTHING, db_constraint=False, db_index=False)
    pack = models.ForeignKey(ScanPack, models.DO_NOTHING, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=9, choices=Kind)
    support = models.ForeignKey(
        Support, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    found_by = models.CharField(max_length=8, blank=True, help_text="nik, ref, sheet, row, hand or call.")
    placed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=12, blank=True, help_text="Why it has no row: words.REASONS.")
    name = models.BinaryField()
    nik = models.UUIDField(null=True)
    token = models.CharField(max_length=60, blank=True)
    named = models.ForeignKey(
        Support,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        help_text="The row whose id a list gives.",
    )
    digest = models.UUIDField(help_text="Of the content, keyed.")
    repeated = models.BooleanField(default=False, help_text="The same content is held by another row.")
    media = models.CharField(max_length=4)
    pages = models.SmallIntegerField()
    problems = models.CharField(max_length=60, blank=True, help_text="Codes of words.PROBLEMS.")
    begins = models.BigIntegerField()
    packed = models.BigIntegerField()
    method = models.SmallIntegerField()
    size = models.BigIntegerField()
    pictures = models.JSONField()
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, help_text="Since when another one, or none, holds in its place."
    )

    class Meta:
        indexes = [
            models.Index(fields=["pair", "id"], name="scan_of_pair"),
            models.Index(fields=["support"], condition=Q(support__isnull=False), name="scan_of_support"),
            models.Index(fields=["pair", "digest"], name="scan_by_content"),
            models.Index(
                fields=["pair", "id"], condition=Q(support=None, ended_at=None), name="scan_without_row"
            ),
            models.Index(
                fields=["pair", "digest", "id"],
                condition=Q(repeated=True, ended_at=None),
                name="scan_repeated",
            ),
            models.Index(
                fields=["pair", "id"], condition=~Q(problems="") & Q(ended_at=None), name="scan_with_problem"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this scan belongs."""
        return self.pair.event_scope()


class ScanManifest(models.Model):
    """A list sent beside the scans: which file is whose. Its lines hold for files that wait and for those that come.

    Of ``lines``, ``kept`` say something and ``wrong`` were left out: ``faults`` are the first, [[line, code], ...] of
    ``words.LINES``. ``matched`` files that waited were among them.
    """

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="scan_manifests")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255, help_text="A NIK in it is masked.")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    lines = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    matched = models.IntegerField(default=0)
    faults = models.JSONField(default=list)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["pair", "-id"], name="scan_manifest_of_pair")]

    def __str__(self) -> str:
        return self.name

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this list belongs."""
        return self.pair.event_scope()


class ManifestLine(models.Model):
    """What the latest list of a pair says of one file. ``name`` is a keyed digest, for file names hold NIKs."""

    pk = models.CompositePrimaryKey("pair_id", "name")
    pair = models.ForeignKey(Pair, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    name = models.UUIDField()
    nik = models.UUIDField(null=True)
    token = models.CharField(max_length=60)
    support = models.ForeignKey(
        Support, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=9)
    manifest = models.ForeignKey(
        ScanManifest, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.name}"

    @property
    def tells_whose(self) -> bool:
        """Whether it says whose the file is; else only what it shows."""
        return bool(self.nik or self.token or self.support_id)


class UnreadScan(models.Model):
    """A scan that no machine has read yet; gone once one has, whatever it saw. No foreign key, as with rows."""

    scan_id = models.BigIntegerField(primary_key=True)
    pair = models.ForeignKey(Pair, models.DO_NOTHING, db_constraint=False, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["pair", "scan_id"], name="unread_scan_of_pair")]

    def __str__(self) -> str:
        return f"{self.scan_id}"


class CardReading(models.Model):
    """What a machine read on the scan of a card: ``nik`` is sealed, and empty where anything was in doubt."""

    scan_id = models.BigIntegerField(primary_key=True)
    pair = models.ForeignKey(Pair, models.DO_NOTHING, db_constraint=False, db_index=False)
    nik = models.UUIDField(null=True)
    read_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.scan_id}"


class ScanFault(models.Model):
    """A file of a batch that is no scan, and why; its id is made as a Scan's is."""

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(ScanBatch, models.DO_NOTHING, db_constraint=False, db_index=False)
    name = models.BinaryField()
    code = models.CharField(max_length=12, help_text="words.FAULTS.")

    def __str__(self) -> str:
        return f"{self.pk} {self.code}"


class ScanLack(models.Model):
    """What a row of a pair's latest round lacks: any scan, or (with one) a document. Listed when scans are placed.

    Its key is its only index, and the order in which pages show it. A row without any scan is there once.
    """

    pk = models.CompositePrimaryKey("submission_id", "wanted", "area", "support_id")
    submission = models.ForeignKey(
        Submission, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    wanted = models.CharField(max_length=9, choices=Wanted)
    area = models.BigIntegerField()
    support = models.ForeignKey(
        Support, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.support_id} {self.wanted}"


class ScanCount(models.Model):
    """How many: counted by the job that places scans, never on a page. ``submission`` 0 is the pair as a whole."""

    pk = models.CompositePrimaryKey("pair_id", "submission", "key")
    pair = models.ForeignKey(Pair, models.CASCADE, db_index=False, related_name="+")
    submission = models.BigIntegerField()
    key = models.CharField(
        max_length=12, help_text="scans, rows, waiting, repeated, problems, or no_ and what is wanted."
    )
    n = models.BigIntegerField()
    counted_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.pair_id} {self.submission} {self.key}"
