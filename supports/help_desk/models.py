"""The tables of the help desk: questions (threads), what was written in them, and the answers that everybody reads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from candidates.models import Election, Pair, Zone
from foundation.attachments.models import Attachment
from foundation.workflow.fields import check_status, status_choices
from foundation.workflow.table import HELP_THREAD


class Thread(models.Model):
    """One question of a pair (its team has accounts) or of a citizen (``contact``, sealed), and where it stands.

    ``region`` is the territory it is about, ``desk`` the office that shall answer: region codes, 0 is KPU RI. What it
    is attached to is named by ``attached_kind`` (``supports.help_desk.kinds``); the title outlives the thing.
    """

    machine = HELP_THREAD

    election = models.ForeignKey(Election, models.PROTECT, null=True, related_name="help_threads")
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, related_name="help_threads")
    region = models.BigIntegerField(default=0)
    desk = models.BigIntegerField(default=0)
    subject = models.CharField("pokok pertanyaan", max_length=150, help_text="In clear; never holds a NIK.")
    attached_kind = models.CharField(max_length=20, blank=True)
    attached_id = models.BigIntegerField(null=True)
    attached_title = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20, choices=status_choices(HELP_THREAD), default=HELP_THREAD.initial)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Who answers it."
    )
    written = models.PositiveSmallIntegerField(
        default=0, help_text="How many messages; what one has read up to."
    )
    waiting_since = models.DateTimeField(null=True)
    last_at = models.DateTimeField(db_default=Now(), help_text="When it last changed.")
    closed_at = models.DateTimeField(null=True)
    unseen = models.BooleanField(default=False, help_text="An answer that its asker has not looked at.")
    contact = models.BinaryField(null=True, help_text="A citizen's name and address, sealed.")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: a citizen."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=check_status(HELP_THREAD), name="thread_status_is_of_the_table"),
            models.CheckConstraint(
                condition=Q(pair=None, created_by=None)
                | Q(pair__isnull=False, election__isnull=False, created_by__isnull=False, contact=None),
                name="thread_is_of_a_pair_or_of_a_citizen",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", waiting_since__isnull=False)
                | ~Q(status="waiting") & Q(waiting_since=None),
                name="thread_waits_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | ~Q(status="closed") & Q(closed_at=None),
                name="thread_closed_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["desk", "waiting_since", "id"],
                condition=Q(status="waiting"),
                name="thread_waiting_at_desk",
            ),
            models.Index(
                fields=["waiting_since", "id"], condition=Q(status="waiting"), name="thread_waiting_anywhere"
            ),
            models.Index(fields=["status", "last_at", "id"], name="thread_by_status"),
            models.Index(fields=["last_at", "id"], name="thread_by_last_change"),
            models.Index(fields=["region", "last_at", "id"], name="thread_by_region"),
            models.Index(fields=["pair", "last_at", "id"], name="thread_by_pair"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def zone(self) -> str:
        """On whose clocks its times are told. Join ``election`` for lists."""
        return self.election.zone if self.election else Zone.WIB

    def event_scope(self) -> dict[str, int | None]:
        """Where an Event about this thread belongs."""
        return {"election_id": self.election_id, "pair_id": self.pair_id}


class Message(models.Model):
    """What somebody wrote, sealed. The application's role may INSERT and SELECT here, nothing else."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 … in its thread.")
    office = models.BooleanField(help_text="Whether KPU wrote it, or who asks.")
    sealed = models.BinaryField()
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="help_messages")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: a citizen."
    )

    class Meta:
        ordering = ["thread", "number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="message_once_per_number"),
            models.CheckConstraint(
                condition=Q(office=False) | Q(created_by__isnull=False),
                name="message_of_the_office_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.number}"

    def event_scope(self) -> dict[str, int | None]:
        """Where a reading of this message belongs."""
        return self.thread.event_scope()


class AskerLink(models.Model):
    """A secret address that was mailed to a citizen: opens their thread for a while; stored hashed."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret.")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.thread_id}"


class Answer(models.Model):
    """A frequent answer, read by everybody at an address of its own, until it is withdrawn."""

    class Topic(models.TextChoices):
        FILES = "files", "Berkas dan unggahan"
        ROWS = "rows", "Data pendukung"
        HANDING_IN = "handing_in", "Masa dan penyerahan"
        ACCOUNTS = "accounts", "Akun dan tim"
        CITIZENS = "citizens", "Untuk warga"

    slug = models.SlugField("alamat", max_length=80, unique=True)
    topic = models.CharField("topik", max_length=12, choices=Topic)
    position = models.PositiveSmallIntegerField("urutan", default=100)
    title = models.CharField("judul", max_length=150)
    text = models.CharField("isi", max_length=4000)
    version = models.PositiveSmallIntegerField(default=1)
    region = models.BigIntegerField(default=0, help_text="Territory of who published it; 0 for the nation.")
    thread = models.ForeignKey(Thread, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["topic", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="answer_withdrawn_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AnswerVersion(models.Model):
    """What an answer said, and from when on. Append-only, as an Event is."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    text = models.CharField(max_length=4000)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["answer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.number}"
