"""The last look before handing in: what will count, what will not and why, and what still stands in the way."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from candidates.models import Pair, Window
from candidates.thresholds import digits
from candidates.windows import WindowState
from foundation.errors import sentence_of
from supports.findings import FindingCount, finding_counts
from supports.handing_in.requirement import Shortage, shortage_of
from supports.handing_in.waiting import files_on_their_way, loading_uploads
from supports.models import Submission, Upload
from supports.papers.scans import papers_ready
from supports.progress import AreaCount, Progress, for_team, progress
from supports.rounds import refuse_inactive

GOOD, WAIT, BAD = "good", "warn", "bad"


@dataclass(frozen=True)
class Point:
    """One thing on the list: "good", "warn" (does not stop it) or "bad" (does), in a sentence."""

    tone: str
    sentence: str


@dataclass(frozen=True)
class Readiness:
    """The round as it would be handed in now."""

    submission: Submission
    rows: int
    counted: int
    by_area: list[AreaCount]
    lost: list[FindingCount]
    window: WindowState
    points: list[Point]

    @property
    def faulty(self) -> int:
        """Rows that would not count as they are."""
        return self.rows - self.counted

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return all(point.tone != BAD for point in self.points)


def readiness_of(pair: Pair, reached: Progress | None = None) -> Readiness | None:
    """The current round and what stands in its way; None before anything was begun. Constant in queries.

    ``reached`` is the pair's progress where the caller has read it already.
    """
    reached = reached or progress(pair)
    submission = reached.submission
    if submission is None:
        return None
    submission.pair = pair
    rows = sum(area.submitted for area in reached.here)
    window = reached.schedule.state(Window.Kind.HANDING_IN, reached.moment)
    found = finding_counts(submission, for_team(reached.findings))
    points = [Point(GOOD if window.open else BAD, window.reason)]
    points += _of_rows(rows, shortage_of(submission, reached))
    points += [*_of_pair(pair), *_of_files(submission, reached.moment)]
    points += _of_papers(submission, rows) if rows else []
    return Readiness(
        submission=submission,
        rows=rows,
        counted=sum(area.counted for area in reached.here),
        by_area=reached.here,
        lost=[one for one in found if one.effect != "WARN"],
        window=window,
        points=points,
    )


def _of_pair(pair: Pair) -> list[Point]:
    why_not = sentence_of(refuse_inactive, pair)
    return [Point(BAD, why_not)] if why_not else []


def _of_rows(rows: int, shortage: Shortage) -> list[Point]:
    if not rows:
        return [Point(BAD, _("Belum ada dukungan yang diunggah."))]
    if shortage.reached:
        message = _(
            "Jumlah dan sebaran terpenuhi: %(have)s diberikan dari %(asked)s yang diminta, di %(covered)s %(area)s."
        )
        words = {"have": digits(shortage.have), "asked": digits(shortage.asked), "covered": shortage.covered}
        points = [Point(GOOD, message % {**words, "area": shortage.area_name})]
        return [*points, *([Point(WAIT, doubt)] if (doubt := shortage.doubt()) else [])]
    return [Point(WAIT if shortage.allowed else BAD, sentence) for sentence in shortage.sentences()]


def _of_papers(submission: Submission, rows: int) -> list[Point]:
    """The signed forms: without them what is handed in may come back."""
    papers = papers_ready(submission, rows)
    if papers.ready:
        return [Point(GOOD, _("Pindaian bertanda tangan semua formulir sudah ada."))]
    return [Point(WAIT, f"{papers.sentence} {_('Cetak dan unggah di halaman Formulir.')}")]


def _of_files(submission: Submission, moment: datetime) -> list[Point]:
    """Files that would be waited for, and those that would not be handed in."""
    said = [
        Point(WAIT, _("Berkas “%(name)s” masih dimuat; penyerahan menunggunya.") % {"name": one.name})
        for one in loading_uploads(submission)
    ]
    said += [
        Point(WAIT, _("Berkas “%(name)s” masih dikirim; penyerahan menunggunya.") % {"name": one.name})
        for one in files_on_their_way(submission, moment, at=moment)
    ]
    unread = Upload.objects.filter(submission=submission, status__in=("needs_mapping", "failed"))
    for name in unread.order_by("id").values_list("name", flat=True)[:5]:
        message = _("Berkas “%(name)s” tidak dimuat, sehingga barisnya tidak ikut diserahkan.")
        said.append(Point(WAIT, message % {"name": name}))
    return said
