"""What still stands in the way of closing a round: rows that wait, for whom, and decisions that are under way."""

from dataclasses import dataclass

from django.db.models import Sum as SumOf
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.rule_sets import RuleSet
from candidates.thresholds import digits
from supports.models import AreaTally, Submission
from verification.corrections.models import Correction
from verification.models import Bulk, Review, SecondReading, Share, Work

NAMED = 3
PROPOSED, WORKING = "proposed", ("approved", "undoing")


@dataclass(frozen=True)
class Readiness:
    """``waiting`` holds the shares of people, the most first; ``undealt`` wait for nobody.

    ``read_once`` were read by one person and wait for another whom nobody has named yet. ``proposed`` and ``working``
    are bulk decisions that are not ended; ``earlier`` are rounds that are decided anew; ``correcting`` are approved
    corrections that have not taken all their rows back.
    """

    undecided: int
    waiting: tuple[tuple[str, int], ...]
    read_once: int
    proposed: int
    working: int
    earlier: tuple[str, ...]
    correcting: int = 0

    @property
    def undealt(self) -> int:
        """Rows that wait for nobody, and that nobody has read."""
        return self.undecided - self.read_once - sum(left for _name, left in self.waiting)

    @property
    def ready(self) -> bool:
        """Whether the round can be closed."""
        open_steps = self.proposed or self.working or self.correcting
        return not (self.undecided or self.waiting or open_steps or self.earlier)

    def reasons(self) -> list[tuple[str, str]]:
        """Each thing that stands in the way: its code, and the sentence that says what to do."""
        said = []
        if self.undecided or self.waiting:
            said.append(("rows_undecided", self._undecided()))
        if self.proposed:
            said.append(("bulk_proposed", self._proposed()))
        if self.working:
            said.append(("bulk_under_way", self._working()))
        if self.correcting:
            message = _(
                "%(n)s koreksi yang disetujui belum selesai dikerjakan. Tunggu sampai selesai, atau lanjutkan yang "
                "berhenti."
            )
            said.append(("correction_under_way", message % {"n": digits(self.correcting)}))
        if self.earlier:
            message = _(
                "Putaran %(titles)s sedang diperiksa lagi, sehingga jumlah yang menjadi dasar putaran ini belum "
                "pasti. Tutup putaran itu lebih dahulu."
            )
            said.append(("earlier_round_open", message % {"titles": ", ".join(self.earlier)}))
        return said

    def _undecided(self) -> str:
        message = _(
            "%(rows)s baris belum diputus: %(who)s. Putuskan, atau ambil kembali dan bagikan lagi, lalu tutup."
        )
        return message % {"rows": digits(self.undecided), "who": ", ".join(self._who())}

    def _who(self) -> list[str]:
        named = [
            _("%(rows)s menunggu %(name)s") % {"rows": digits(left), "name": name}
            for name, left in self.waiting[:NAMED]
        ]
        if rest := self.waiting[NAMED:]:
            words = {"rows": digits(sum(left for _name, left in rest)), "people": digits(len(rest))}
            named.append(_("%(rows)s menunggu %(people)s orang lain") % words)
        if self.read_once:
            named.append(_("%(rows)s menunggu orang kedua") % {"rows": digits(self.read_once)})
        if self.undealt > 0:
            named.append(_("%(rows)s belum dibagi") % {"rows": digits(self.undealt)})
        return named

    def _proposed(self) -> str:
        message = ngettext(
            "%(n)s usulan keputusan massal menunggu orang kedua. Setujui atau tolak lebih dahulu.",
            "%(n)s usulan keputusan massal menunggu orang kedua. Setujui atau tolak lebih dahulu.",
            self.proposed,
        )
        return message % {"n": digits(self.proposed)}

    def _working(self) -> str:
        message = _(
            "%(n)s keputusan massal belum selesai dikerjakan. Tunggu sampai selesai, atau lanjutkan yang berhenti."
        )
        return message % {"n": digits(self.working)}


def readiness_of(review: Review) -> Readiness:
    """How things stand now; read from the counts."""
    submission = review.submission
    counted = AreaTally.objects.filter(submission=submission).aggregate(n=SumOf("unverified"))
    shares = Share.objects.filter(submission=submission, left__gt=0).order_by("-left", "holder__name")
    bulks = list(Bulk.objects.filter(review=review).values_list("status", flat=True))
    return Readiness(
        undecided=counted["n"] or 0,
        waiting=tuple((str(one.holder), one.left) for one in shares.select_related("holder")),
        read_once=_read_once(submission),
        proposed=bulks.count(PROPOSED),
        working=sum(bulks.count(status) for status in WORKING),
        earlier=_open_before(submission),
        correcting=Correction.objects.filter(review=review, status="approved").count(),
    )


def _read_once(submission: Submission) -> int:
    """Rows whose status takes effect only once a second person, or the office, has read them; held by nobody."""
    held = Work.objects.filter(submission=submission).values("support_id")
    return SecondReading.objects.filter(submission=submission).exclude(support_id__in=held).count()


def _open_before(submission: Submission) -> tuple[str, ...]:
    """The titles of earlier rounds of the pair that are not closed: a correction or a ruling took them back."""
    rules = RuleSet.from_json(submission.rule_set.body)
    titles = {one.key: one.title for one in rules.rounds}
    before = Submission.objects.filter(
        pair=submission.pair_id, kind=Submission.Kind.ROUND, pk__lt=submission.pk
    ).exclude(status__in=("closed", "lapsed"))
    return tuple(titles.get(stage, stage) for stage in before.order_by("pk").values_list("stage", flat=True))
