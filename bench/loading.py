"""One load as a team causes it: a file stored, handed in, carried by the worker, counted."""

import time
from pathlib import Path

from bench.failed import Failed
from bench.measured import Load
from bench.memory import PeakMemory
from bench.processes import Worker
from bench.scene import operator_of
from candidates.models import Pair
from foundation.jobs.models import Job
from foundation.storage import SealedUpload, receive_file
from supports.models import Upload
from supports.operations import receive_upload
from supports.progress import counts_of_uploads
from supports.standards import key_scope

POLL = 0.02  # seconds between two looks at a job, at first
SLOWER = 100  # then a hundredth of what has passed: whoever looks takes a processor from what is measured
PATIENCE = 1800  # seconds for a job
CHUNK = 1 << 16  # bytes; what a browser's upload comes in


def load(path: Path, *, pair: Pair, worker: Worker, rows: int) -> Load:
    """Load a file of ``rows`` rows for a pair. Raises Failed when it did not arrive whole."""
    operator = operator_of(pair)
    began = time.perf_counter()
    file = _store(path, pair)
    received = time.perf_counter() - began
    with PeakMemory(worker) as memory:
        began = time.perf_counter()
        upload, _new = receive_upload(pair, by=operator, file=file)
        job = upload.job
        steps = wait(job, worker)
        seconds = time.perf_counter() - began
    wait(Job.objects.get(kind="supports.match_pairs", subject_id=upload.pk), worker)
    matched = time.perf_counter() - began
    wait_until_idle(worker)
    searchable = time.perf_counter() - began
    _refuse_wrong_counts(upload, rows)
    return Load(
        rows=rows,
        upload_id=upload.pk,
        seconds=seconds,
        queued=(job.started_at - job.created_at).total_seconds(),
        worked=(job.finished_at - job.started_at).total_seconds(),
        steps=steps,
        matched=matched,
        searchable=searchable,
        received=received,
        peaks_mb=tuple(round(peak / 1e6, 1) for peak in memory.rss.values()),
        shared_peak_mb=round(memory.pss / 1e6, 1),
    )


def _store(path: Path, pair: Pair) -> SealedUpload:
    """Store and seal a file, as a request's body is while it arrives."""
    receiving = receive_file(key_scope(pair.election))
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            receiving.write(piece)
    return SealedUpload(receiving.finish(), path.name, "text/csv")


def wait(job: Job, worker: Worker) -> dict[str, float]:
    """Stay until the job is done; seconds after which each of its steps was first seen.

    Raises Failed when it ends otherwise, or never.
    """
    began, steps = time.perf_counter(), {}
    while (now := time.perf_counter() - began) < PATIENCE:
        job.refresh_from_db()
        if job.state == "done":
            return steps
        if job.state not in ("queued", "running"):
            raise worker.failed(
                f"Job {job.pk} ({job.kind}) is {job.state}: {job.error_code} {job.error_message}"
            )
        steps.setdefault(job.step or job.state, round(now, 1))
        worker.refuse_death()
        time.sleep(max(POLL, now / SLOWER))
    raise worker.failed(f"Job {job.pk} ({job.kind}) is still {job.state} after {PATIENCE} s.")


def wait_until_idle(worker: Worker) -> None:
    """Until nothing is left to do, so that it is not done while something else is measured."""
    until = time.perf_counter() + PATIENCE
    while Job.objects.filter(state__in=("queued", "running")).exists():
        worker.refuse_death()
        if time.perf_counter() > until:
            raise worker.failed(f"Jobs still wait after {PATIENCE} s.")
        time.sleep(POLL)


def _refuse_wrong_counts(upload: Upload, rows: int) -> None:
    upload.refresh_from_db()
    counted = counts_of_uploads([upload])[upload.pk]["rows"]
    if (upload.status, upload.rows, counted) != ("loaded", rows, rows):
        raise Failed(
            f"Upload {upload.pk} is {upload.status} with {upload.rows} rows, {counted} counted, {rows} given."
        )
