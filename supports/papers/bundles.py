"""Every paper of a round, or every list of one area, as one ZIP: a job makes it, sealed storage keeps it for a day."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import RawIOBase

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.territory import area_range
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.jobs import operations as jobs
from foundation.jobs.runner import Run
from foundation.readings.models import Reading
from foundation.storage import Receiving, open_file
from foundation.workflow import engine
from supports.models import PaperBundle, Submission
from supports.papers.catalogue import LIST, Paper
from supports.papers.contents import Data, Source, summary_contents
from supports.papers.counts import Place, places_of
from supports.papers.printing import (
    file_name,
    list_data,
    paper_or_refuse,
    papers_of_round,
    parts_of,
    record_list,
    source_of,
)
from supports.papers.typeset import Typesetter

JOB = "supports.print_papers"
KEPT = timedelta(hours=24)
PIECE = 1 << 20
UNFINISHED = Q(job__state__in=("queued", "running"))


def request_bundle(submission: Submission, *, by: User, area: int = 0) -> PaperBundle:
    """Have a job print every paper of the round, or the lists of the region ``area``; the same one under way is it.

    Refuses where there is no row.
    """
    places = places_of(submission, area)
    if not places:
        raise Refused(
            "nothing_to_print",
            _("Belum ada baris dukungan untuk dicetak. Unggah atau ketik dukungan, lalu cetak kembali."),
        )
    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=submission.pk)
        there = PaperBundle.objects.filter(UNFINISHED, submission=submission, area=area).first()
        if there:
            return there
        rows = sum(place.rows for place in places)
        bundle = PaperBundle.objects.create(submission=submission, area=area, rows=rows, asked_by=by)
        # A lane of its own: the pair's files go on being loaded meanwhile.
        bundle.job = jobs.enqueue(JOB, lane=f"papers:{submission.pair_id}", subject_id=bundle.pk, by=by)
        bundle.save(update_fields=["job"])
        engine.record("papers_requested", submission, by=by, area=area, rows=rows, bundle=bundle.pk)
    return bundle


def bundles_of(submission: Submission) -> list[PaperBundle]:
    """The latest one of each area that is under way, failed or still kept; one query."""
    living = UNFINISHED | Q(job__state__in=("failed", "cancelled")) | Q(file__expires_at__gt=Now())
    found = PaperBundle.objects.filter(living, submission=submission, asked_at__gt=Now() - KEPT)
    return list(found.select_related("job", "file").order_by("area", "-id").distinct("area"))


def open_bundle(bundle: PaperBundle, *, by: User) -> Iterator[bytes]:
    """The ZIP in pieces; that it was fetched is an Event. Refuses (Conflict) one that is not ready or has gone."""
    if bundle.file is None or bundle.file.stored_at is None:
        raise Conflict(
            "papers_not_ready",
            _(
                "Berkas ZIP ini belum selesai atau sudah dihapus setelah 24 jam. Siapkan lagi dari halaman Formulir."
            ),
        )
    area = area_range(bundle.area) if bundle.area else None
    with transaction.atomic():
        engine.record("papers_downloaded", bundle, by=by, area=bundle.area, rows=bundle.rows)
        reading = record_list(bundle.submission, by=by, rows=bundle.rows, area=area, form="zip")
    return _pieces(bundle, reading=reading)


def name_of(bundle: PaperBundle) -> str:
    """What the ZIP is called as a file."""
    return f"formulir-{bundle.submission.stage}{f'-{bundle.area}' if bundle.area else ''}.zip"


def _pieces(bundle: PaperBundle, *, reading: Reading) -> Iterator[bytes]:
    with open_file(bundle.file) as stream:
        while piece := stream.read(PIECE):
            yield piece


def write_bundle(run: Run, bundle: PaperBundle, source: Source, receiving: Receiving) -> int:
    """Typeset every paper into the ZIP on its way to the storage; the number of papers.

    Raises what stops a job; refuses (Conflict) when any row changed meanwhile: papers that do not agree.
    """
    submission, done, papers = bundle.submission, 0, 0
    with zipfile.ZipFile(_Written(receiving), "w") as archive, Typesetter() as typesetter:
        if not bundle.area:
            for paper in papers_of_round(submission):
                if paper.purpose != LIST:
                    archive.writestr(file_name(paper), typesetter.typeset(*summary_contents(paper, source)))
                    papers += 1
        paper = paper_or_refuse(submission, LIST)
        for place in source.places:
            for part in range(1, parts_of(place.rows) + 1):
                run.progress("printing", done, source.rows)
                content = typesetter.typeset("list", _sealed_again(paper, source, place, part), tags=False)
                archive.writestr(f"{place.district or place.title}/{file_name(paper, place, part)}", content)
                papers += 1
            done += place.rows
    run.progress("printing", done, source.rows)
    again = source_of(submission, bundle.area, thorough=True)
    if (again.root, again.places) != (source.root, source.places):
        raise Conflict(
            "rows_changed",
            _("Baris dukungan berubah selama dicetak, jadi hasilnya dibuang. Siapkan lagi."),
        )
    return papers


def _sealed_again(paper: Paper, source: Source, place: Place, part: int) -> Data:
    """What stands on one paper of the ZIP: nobody reads it before it is fetched, and then that is on record."""
    return list_data(paper, source, place, part, reading=None)


class _Written(RawIOBase):
    """What a ZIP is written to: nothing can be read back or written over, so that it streams."""

    def __init__(self, receiving: Receiving) -> None:
        super().__init__()
        self._receiving = receiving

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        """Seal the next bytes."""
        self._receiving.write(bytes(data))
        return len(data)
