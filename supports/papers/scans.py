"""The signed scans of a round's forms: sent until the handing-in window ends and in completion; none is lost."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from candidates.models import Pair, Window
from candidates.queries import window_state
from foundation import sql
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document
from foundation.attachments.serving import document_response
from foundation.errors import Conflict, Refused, sentence_of
from foundation.readings.kinds import Kind
from foundation.workflow import engine
from supports.models import PaperScan, Submission
from supports.papers.catalogue import Paper
from supports.papers.overview import overview_of
from supports.papers.printing import paper_or_refuse, papers_of_round
from supports.progress import counts_by_area
from supports.queries import submissions_visible_to
from supports.rounds import refuse_inactive

MOST_SCANS = 50  # of one form at a time
BEFORE_THE_END = ("draft", "returned", "reopened", "submitted")


@dataclass(frozen=True)
class PaperReady:
    """Whether a form's signed scan is there. ``outdated``: what was signed says another number than the round has."""

    paper: Paper
    scans: Sequence[PaperScan]
    rows: int

    @property
    def outdated(self) -> bool:
        """Whether a scan is there and every one of another number of rows."""
        return bool(self.scans) and all(scan.rows != self.rows for scan in self.scans)

    @property
    def ready(self) -> bool:
        """Whether nothing is left to do about it."""
        return bool(self.scans) and not self.outdated


@dataclass(frozen=True)
class PapersReady:
    """The forms whose signed scans belong to what is handed in."""

    papers: list[PaperReady]

    @property
    def missing(self) -> list[Paper]:
        """Those without a scan."""
        return [one.paper for one in self.papers if not one.scans]

    @property
    def outdated(self) -> list[Paper]:
        """Those whose scan shows another number."""
        return [one.paper for one in self.papers if one.outdated]

    @property
    def ready(self) -> bool:
        """Whether every scan is there and current."""
        return all(one.ready for one in self.papers)

    @property
    def sentence(self) -> str:
        """What is missing, in words; empty when nothing is."""
        said = []
        if self.missing:
            said.append(
                _("Belum ada pindaian bertanda tangan: %(papers)s.") % {"papers": _names(self.missing)}
            )
        if self.outdated:
            said.append(
                _("Jumlahnya berubah sejak dicetak, perlu dicetak dan ditandatangani lagi: %(papers)s.")
                % {"papers": _names(self.outdated)}
            )
        return " ".join(said)


def papers_ready(
    submission: Submission, rows: int | None = None, scans: dict[str, list[PaperScan]] | None = None
) -> PapersReady:
    """Which signed forms of a round are there and which are missing.

    Three queries, none with the number of ``rows`` and the scans that the caller has read. Needs rule_set selected.
    """
    if rows is None:
        rows = sum(area.submitted for area in counts_by_area(submission.pair, [submission]))
    scans = scans_of(submission) if scans is None else scans
    papers = [paper for paper in papers_of_round(submission) if paper.scanned]
    return PapersReady([PaperReady(one, scans.get(one.purpose, []), rows) for one in papers])


def scans_of(submission: Submission, *, ended: bool = False) -> dict[str, list[PaperScan]]:
    """The scans that hold (or those that ``ended``), by the form's purpose; one query."""
    found: dict[str, list[PaperScan]] = defaultdict(list)
    chosen = PaperScan.objects.filter(submission=submission, ended_at__isnull=not ended)
    for scan in chosen.select_related("attachment__stored_file", "sent_by", "ended_by"):
        found[scan.purpose].append(scan)
    return dict(found)


def scans_visible_to(user: AnyUser, permission: Permission, pair: Pair) -> QuerySet[PaperScan]:
    """The scans of a pair's rounds."""
    rounds = submissions_visible_to(user, permission).filter(pair=pair).order_by()
    related = ("attachment__stored_file", "submission__pair__election__rule_set", "submission__rule_set")
    return PaperScan.objects.filter(submission__in=rounds.values("pk")).select_related(*related)


def why_no_scans(submission: Submission) -> str:
    """Why no scan is taken now, or nothing."""
    return sentence_of(refuse_scans, submission)


def refuse_scans(submission: Submission) -> None:
    """Refuses when the pair no longer stands, the handing-in window has ended, or the round is past completion."""
    refuse_inactive(submission.pair)
    if submission.status == "completing":
        return
    if submission.status not in BEFORE_THE_END:
        raise Refused(
            "scans_closed",
            _(
                "Putaran ini berstatus “%(status)s”, sehingga pindaian formulir tidak diterima lagi. "
                "Bila KPU memintanya, hubungi KPU setempat."
            )
            % {"status": submission.get_status_display()},
        )
    state = window_state(submission.pair, Window.Kind.HANDING_IN, submission.stage)
    has_ended = not state.open and state.opens_at is not None and state.changes_at is None
    if has_ended:
        raise Refused("window_closed", state.reason)


def send_scan(
    submission: Submission, purpose: str, *, by: User, document: Document, replaces: PaperScan | None = None
) -> PaperScan:
    """Keep one scan of a form, beside those that are there or in the place of one, which stays readable.

    Refuses a form of other rules or one that nobody signs, a round that takes none now, and (Conflict) the same file
    twice or a scan to replace that no longer holds.
    """
    paper = paper_or_refuse(submission, purpose)
    if not paper.code:
        raise Refused(
            "form_not_signed", _("Lembar kerja tidak ditandatangani, jadi tidak ada pindaiannya."), "form"
        )
    with transaction.atomic():
        _hold(submission)
        refuse_scans(submission)
        held = PaperScan.objects.filter(submission=submission, purpose=purpose, ended_at=None)
        if replaces is not None:
            _end(replaces, by)
        if held.filter(attachment__stored_file__sha256=document.sha256).exists():
            raise Conflict(
                "scan_there",
                _("Pindaian dengan isi yang sama sudah ada pada formulir ini, jadi tidak disimpan lagi."),
                "document",
            )
        if held.count() >= MOST_SCANS:
            raise Refused(
                "scans_number",
                _(
                    "Formulir ini sudah memiliki 50 pindaian. Gabungkan halamannya menjadi satu PDF, lalu ganti."
                ),
                "document",
            )
        scan = PaperScan.objects.create(
            submission=submission,
            purpose=purpose,
            attachment=keep_document(document, by=by),
            rows=_rows_signed(submission, purpose),
            sent_by=by,
        )
        replaced = replaces.pk if replaces else None
        pages = scan.attachment.pages
        engine.record("paper_scan_sent", scan, by=by, form=purpose, pages=pages, replaces=replaced)
    return scan


def withdraw_scan(scan: PaperScan, *, by: User) -> None:
    """Take a scan back; it stays readable as one that no longer holds. Refuses as ``send_scan`` does."""
    with transaction.atomic():
        _hold(scan.submission)
        refuse_scans(scan.submission)
        _end(scan, by)
        engine.record("paper_scan_withdrawn", scan, by=by, form=scan.purpose)


def scan_response(scan: PaperScan, *, by: User, inline: bool = False) -> StreamingHttpResponse:
    """A scan to be read; that it was opened is an Event and a Reading: the lists hold identities."""
    with transaction.atomic():
        engine.record("paper_scan_opened", scan, by=by, form=scan.purpose)
        return document_response(
            scan.attachment, of=scan, by=by, kind=Kind.SCAN, rows=scan.rows, inline=inline
        )


def _hold(submission: Submission) -> None:
    """Nobody hands the round in, and nobody sends another scan, until the transaction ends."""
    sql.value("SELECT id FROM supports_submission WHERE id = %s FOR UPDATE", [submission.pk])
    submission.refresh_from_db(fields=["status"])


def _end(scan: PaperScan, by: User) -> None:
    if PaperScan.objects.filter(pk=scan.pk, ended_at=None).update(ended_at=Now(), ended_by=by) != 1:
        raise Conflict(
            "scan_ended",
            _("Pindaian ini sudah diganti atau ditarik. Muat ulang halaman untuk melihat yang berlaku."),
        )


def _rows_signed(submission: Submission, purpose: str) -> int:
    """The number on the last print of the form: it is what was signed. Never printed here: the round's own."""
    seen = overview_of(submission)
    states = {state.paper.purpose: state for state in seen.papers}
    printed = states[purpose].printed_rows
    return seen.rows if printed is None else printed


def _names(papers: Sequence[Paper]) -> str:
    return ", ".join(f"{paper.title} ({paper.code})" for paper in papers)
