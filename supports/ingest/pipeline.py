"""The main job as a list of steps: a received file → rows, findings and counts, all or none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

import polars as pl
from django.db.models.functions import Now

from foundation import sql
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.checks import Terms
from supports.duplicates import count_repeats, earlier_rounds, find_duplicates, niks_to_judge, rounds_beside
from supports.ingest import columns, load, normalise, prepare, read
from supports.ingest.mends import Mends
from supports.ingest.places import Territory
from supports.locks import lock_counts, lock_open_round
from supports.mappings import recall_mapping
from supports.mending import replaces_anything, settle
from supports.models import Upload, first_id
from supports.reopening import refuse_uncovered
from supports.row_ids import key_of_rows
from supports.samples import sealed_samples
from supports.standards import Standards, standards_of
from supports.statistics import gather_statistics

# Rows prepared at once: whole columns, and few enough that memory stays flat. Each step on a frame waits for its turn
# on a processor that the server wants too: many small frames cost more than few large ones (ADR 15).
FRAME_ROWS = 50_000


def ingest(run: Run, upload: Upload, source: BinaryIO, mapping_from: int | None = None) -> None:
    """Load one upload inside the caller's transaction. Refuses when the file cannot be read, or the round closed.

    ``mapping_from``: the upload that the mapping was taken from. Raises NeedsMapping or Remembered before a row.
    """
    submission = lock_open_round(upload.submission_id)
    standards = standards_of(submission)
    blocking = sorted(standards.blocking)
    loaded = load.Loaded()
    sql.make_room()
    with read.frames(source, own=columns.named(upload.mapping), frame_rows=FRAME_ROWS) as reader:
        recall_mapping(upload, reader.header.headings)
        mapping = columns.map_headings(reader.header.headings, own=upload.mapping)
        keys = standards.keys()
        first = next(reader)
        upload.columns = described(mapping) | sheets_and_notes(reader.header) | {"mapping_from": mapping_from}
        upload.columns["samples"] = sealed_samples(first, len(mapping.headings), upload.pk, keys.text)
        if not mapping.complete:
            raise NeedsMapping
        mends = Mends(submission.pk, key_of_rows(keys.digest), earlier_rounds(submission))
        bench = Bench(upload, standards.terms, standards.territory_of_lists(), keys, mends)
        frames = _prepared(run, chain(iter([first]), reader), mapping, bench)
        del first  # it is not held while the others are read
        frames = _looked_at(frames, reader, upload, loaded, standards)
        load.copy_frames(frames, loaded, submission=submission.pk, blocking=blocking)
    upload.columns["sheets"] = list(reader.totals.sheets)
    upload.columns["notes"] += reader.totals.notes
    run.progress("loading", loaded.rows, loaded.rows)
    if replaces_anything(upload, mends):
        lock_counts(submission)
    settled = settle(upload, submission, standards, mends)
    refuse_uncovered(upload, submission, loaded.rows)
    late = pl.concat([loaded.of_the_whole, settled.findings])
    beside = rounds_beside(submission, loaded.rows)
    alone = not beside and not settled.niks
    load.copy_findings(loaded, late, submission=submission.pk, blocking=blocking, alone=alone)
    run.progress("duplicates", loaded.rows, loaded.rows)
    if not alone:
        gather_statistics(loaded.rows)
        niks = niks_to_judge(upload, submission, loaded.again["nik_number"], beside, bench.keys.nik)
        find_duplicates(submission, standards, sorted({*niks, *settled.niks}))
        count_repeats(upload, submission, niks)
    run.progress("done", loaded.rows, loaded.rows)
    facts = {"rows": loaded.rows, "columns": upload.columns, "mapping": upload.mapping}
    engine.move(upload, "load", by=None, **facts, loaded_at=Now())


class NeedsMapping(Exception):
    """A required field stands under no heading we know; the team is asked, nothing is sent again."""


def described(mapping: columns.HeadingMap) -> dict[str, Any]:
    """What was mapped to what, and what was ignored: for the upload's page, the API and the report."""
    headings = mapping.headings
    return {
        "headings": list(headings),
        "fields": {field: headings[index] for field, index in mapping.fields.items()},
        "ignored": mapping.ignored,
        "duplicates": mapping.duplicates,
        "missing": mapping.missing,
        "not_found": mapping.not_found,
    }


def sheets_and_notes(header: read.Header) -> dict[str, Any]:
    """The sheets of a workbook with the number of their first row, and what was left out or put together."""
    return {"sheets": list(header.sheets), "notes": list(header.notes)}


@dataclass(frozen=True)
class Bench:
    """What the preparing thread works with; it never touches the database."""

    upload: Upload
    terms: Terms
    territory: Territory
    keys: prepare.RowKeys
    mends: Mends


def _prepared(
    run: Run, frames: Iterable[pl.DataFrame], mapping: columns.HeadingMap, bench: Bench
) -> Iterator[prepare.Prepared]:
    rows = 0
    for frame in frames:
        rows += frame.height
        run.progress("reading", rows)
        ids = frame["row_no"].cast(pl.Int64) + first_id(bench.upload.pk)
        bench.mends.add(frame, mapping, ids)
        yield prepare.prepare(
            normalise.normalise(frame, mapping, today=bench.terms.voting_day),
            ids,
            submission=bench.upload.submission_id,
            terms=bench.terms,
            territory=bench.territory,
            keys=bench.keys,
        )


def _looked_at(
    frames: Iterable[prepare.Prepared],
    reader: read.Frames,
    upload: Upload,
    loaded: load.Loaded,
    standards: Standards,
) -> Iterator[prepare.Prepared]:
    """The same frames; after the last the whole is looked at, while the server still stores what came before."""
    yield from frames
    sheets = [first_id(upload.pk) + sheet["first_row_no"] for sheet in reader.totals.sheets]
    loaded.look_at_the_whole(standards.phone_shared_from, sheets)
